import type { Earmark, Metrics, Policy, Problem, RecipientClaim, Unallocated } from '../engine/problem.js';
import { refuse, type Refusal } from '../platform/rejection.js';
import { FEWEST_IN_A_SUM } from './plan-fairness.rules.js';
import type { ItemCategory } from '../catalogue/item.rules.js';

/** Where a split stands. A preview reserves nothing; a commit reserves everything or nothing. */
export const PLAN_STATUSES = ['PREVIEW', 'COMMITTED', 'STALE', 'DISCARDED', 'CANCELLED'] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** The most units of an item that one recipient may be given in one plan. */
export const MOST_UNITS_AN_AWARD = 2_000_000_000;

/** How fair a plan is for one item; a plan lists them in the order in which it split. */
export type ItemMetrics = Metrics & { readonly item: string };

/** Whether an item's figures are about so many people that they tell nobody's. */
export function namesNobody({ served }: Pick<Metrics, 'served'>): boolean {
  return served >= FEWEST_IN_A_SUM;
}

/** Metrics as the schema names them. */
export function metricsTypeOf({ item, ...m }: ItemMetrics) {
  return {
    itemCode: item,
    supplyUnits: m.supply,
    claimedUnits: m.claimed,
    awardedUnits: m.awarded,
    servedRecipients: m.served,
    fillMin: m.fillMin,
    fillMean: m.fillMean,
    fillP10: m.fillP10,
    gini: m.gini,
    jain: m.jain,
    maxEnvyUnits: m.maxEnvyUnits,
  };
}

/** Units of one lot that stand at one site and are free. */
export interface FreeUnits {
  readonly lotId: string;
  readonly siteId: string;
  readonly itemId: string;
  readonly itemCode: string;
  readonly category: ItemCategory;
  readonly units: number;
  readonly unitsPerPack: number | null;
  readonly expiresOn: string | null;
  readonly earmark: Earmark | null;
}

/** A lot that stands at two sites is two lots to the engine. */
export function engineLotId(lotId: string, siteId: string): string {
  return `${lotId}@${siteId}`;
}

/** The lot and the site that {@link engineLotId} put together. */
export function lotAndSite(engineLot: string): { lotId: string; siteId: string } {
  const [lotId = '', siteId = ''] = engineLot.split('@');
  return { lotId, siteId };
}

/** What the engine is given: quantities and ids, and nothing that names a person. */
export function problemOf(
  plan: string,
  day: string,
  policy: Policy,
  stock: readonly FreeUnits[],
  recipients: readonly RecipientClaim[],
): Problem {
  return {
    plan,
    day,
    policy,
    lots: stock.map(({ lotId, siteId, itemCode, units, unitsPerPack, expiresOn, earmark }) => ({
      id: engineLotId(lotId, siteId),
      item: itemCode,
      units,
      ...(unitsPerPack !== null && { unitsPerPack }),
      ...(expiresOn !== null && { expiresOn }),
      ...(earmark !== null && { earmark }),
    })),
    recipients: [...recipients],
  };
}

export function stalePlan(changed: readonly string[]) {
  return refuse(
    'StalePlanError',
    'STALE_PLAN',
    `The ${changed.join(' and the ')} changed since the preview: make a new one.`,
    {
      changed: [...changed],
    },
  );
}

/** Whether a plan in this state may be committed. A stale one says for ever what had changed. */
export function mayBeCommitted(plan: { status: PlanStatus; staleBecause: string[] | null }): Refusal | null {
  if (plan.status === 'PREVIEW') return null;
  if (plan.status === 'STALE') return stalePlan(plan.staleBecause ?? []);
  return refuse(
    'PlanNotCommittableError',
    'PLAN_NOT_COMMITTABLE',
    `A plan that is ${plan.status} cannot be committed.`,
    { status: plan.status },
  );
}

/** Whether a plan in this state may be cancelled. */
export function mayBeCancelled(status: PlanStatus): Refusal | null {
  return status === 'COMMITTED' ? null : planNotCancellable(status, `A plan that is ${status} cannot be cancelled.`);
}

/** Whether a plan in this state may be put aside. */
export function mayBeDiscarded(status: PlanStatus): Refusal | null {
  return status === 'PREVIEW' || status === 'STALE'
    ? null
    : planNotCancellable(status, `A plan that is ${status} cannot be discarded.`);
}

/**
 * A cancellation is refused whole.
 * @param recipientIds those on whose account
 */
export function planNotCancellable(status: PlanStatus, message: string, recipientIds: readonly string[] = []) {
  return refuse('PlanNotCancellableError', 'PLAN_NOT_CANCELLABLE', message, {
    status,
    recipientIds: [...recipientIds],
  });
}

const WHY_LEFT: Record<Unallocated['reason'], string> = {
  RESERVED: 'kept in reserve',
  NO_ELIGIBLE_CLAIM: 'nobody chosen may have any of it, or wants any',
  EXPIRED: 'expired',
  BROKEN_PACK: 'not a whole pack',
  BELOW_MINIMUM_LOT: 'less than the smallest lot anybody may get',
};

/** @param left what stays where it is, when there was something to split and nobody gets any of it */
export function nothingToAllocate(left: readonly Unallocated[] = []) {
  const units = new Map<Unallocated['reason'], number>();
  for (const part of left) units.set(part.reason, (units.get(part.reason) ?? 0) + part.units);
  const parts = Array.from(units, ([reason, some]) => `${some} ${some === 1 ? 'unit' : 'units'}: ${WHY_LEFT[reason]}`);
  const message =
    parts.length === 0
      ? 'No unit of the chosen stock is free to be given.'
      : `Nobody would get anything under this policy. ${parts.join('; ')}.`;
  return refuse('NothingToAllocateError', 'NOTHING_TO_ALLOCATE', message, { reasons: Array.from(units.keys()) });
}

export function nobodyEligible() {
  return refuse('NobodyEligibleError', 'NOBODY_ELIGIBLE', 'None of the chosen recipients is active.', {});
}
