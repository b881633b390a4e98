import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows, readPage } from '../platform/keyset.js';
import type { Problem } from '../engine/problem.js';
import type { Award, AwardLot, Plan } from './plan.entity.js';
import type { PlanStatus } from './plan.rules.js';

/** A plan with all it was made from. */
export type LockedPlan = Omit<Plan, 'breakdown' | 'notes'>;
/** A plan without what can be large: the problem it was made from, and what is read page by page. */
export type PlanRow = Omit<LockedPlan, 'problem' | 'choice'>;
/** Which plans are listed; what is left out does not matter. */
export interface PlanFilter {
  readonly statuses?: readonly PlanStatus[] | null;
  readonly policyIds?: readonly string[] | null;
}
/** An award with the lots its units come from. */
export type AwardRow = Award & { readonly lots: { lotId: string; siteId: string; units: number }[] };
/** Units of a lot at a site that awards of a plan hold. */
export interface HeldUnits {
  readonly lotId: string;
  readonly siteId: string;
  readonly units: number;
}

const COLUMNS = `p.id, p.status, p.rule, p.claims, p.policy_id as "policyId", p.policy_version as "policyVersion", p.seed, p.seed_hash as "seedHash", p.fingerprint, p.engine_version as "engineVersion",
  p.substitutes, p.unallocated, p.metrics, p.created_at as "createdAt", p.committed_at as "committedAt", p.stale_because as "staleBecause"`;
const AWARD_COLUMNS = `a.plan_id as "planId", a.recipient_id as "recipientId", a.item_id as "itemId", a.position, a.units, a.returned_units as "returnedUnits", a.why, a.cancelled_at as "cancelledAt"`;

@Injectable()
export class PlanRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<PlanRow[]> {
    return reader.rows<PlanRow>(`select ${COLUMNS} from plan p where p.id = any($1)`, [ids]);
  }

  /**
   * The plan with all it was made from. Locks its row until the transaction ends: one commit, one cancellation at a time. Its
   * key stays free: whoever counts a parcel that is waited for names the plan.
   */
  async lock(tx: Tx, id: string): Promise<LockedPlan | undefined> {
    const [plan] = await tx.rows<LockedPlan>(
      `select ${COLUMNS}, p.problem, p.choice from plan p where p.id = $1 for no key update`,
      [id],
    );
    return plan;
  }

  /** As {@link lock}, many of them in id order. */
  lockAll(tx: Tx, ids: readonly string[]): Promise<LockedPlan[]> {
    return tx.rows<LockedPlan>(
      `select ${COLUMNS}, p.problem, p.choice from plan p where p.id = any($1) order by p.id for no key update`,
      [ids],
    );
  }

  /** What may stand in for what under each of these plans; null where it allows none. */
  async substitutesOf(reader: Reader, ids: readonly string[]): Promise<Map<string, Plan['substitutes']>> {
    const rows = await reader.rows<Pick<Plan, 'id' | 'substitutes'>>(
      `select id, substitutes from plan where id = any($1)`,
      [ids],
    );
    return new Map(rows.map((plan) => [plan.id, plan.substitutes]));
  }

  /** What a plan was made from. */
  async problem(reader: Reader, id: string): Promise<Problem> {
    const [plan] = await reader.rows<{ problem: Problem }>(`select problem from plan where id = $1`, [id]);
    return plan!.problem;
  }

  /** The newest first. */
  page(reader: Reader, { statuses, policyIds }: PlanFilter, page: Page): Promise<Rows<PlanRow>> {
    const { where, parameters } = new Conditions()
      .addIfGiven('p.status = any($)', statuses)
      .addIfGiven('p.policy_id = any($)', policyIds);
    return readPage<PlanRow>(
      reader,
      { columns: COLUMNS, from: 'plan p', of: 'p', where, parameters, newestFirst: true },
      page,
    );
  }

  /** Awards in the plan's order, with units or without; of one recipient where one is named. */
  async awards(
    reader: Reader,
    planId: string,
    which: { withUnits: boolean; recipientId: string | null },
    page: Page,
  ): Promise<Rows<AwardRow>> {
    const list = new Conditions().add('a.plan_id = $', planId).addIfGiven('a.recipient_id = $', which.recipientId);
    list.where.push(which.withUnits ? 'a.units > 0' : 'a.units = 0');
    const counted = { from: 'award a', where: [...list.where], parameters: [...list.parameters] };
    if (page.after) list.add('a.position > $', page.after[0]);
    const rows = await reader.rows<AwardRow>(
      `select ${AWARD_COLUMNS}, coalesce((select json_agg(json_build_object('lotId', w.lot_id, 'siteId', w.site_id, 'units', w.units) order by w.lot_id, w.site_id)
         from award_lot w where w.plan_id = a.plan_id and w.recipient_id = a.recipient_id and w.item_id = a.item_id), '[]') as lots
       from award a where ${list.where.join(' and ')} order by a.position limit ${page.limit + 1}`,
      list.parameters,
    );
    return { rows, keyOf: (row) => [row.position], count: () => countRows(reader, counted) };
  }

  /** Whether a plan speaks of this recipient. */
  async concerns(reader: Reader, planId: string, recipientId: string): Promise<boolean> {
    return (
      (await reader.rows(`select 1 from award where plan_id = $1 and recipient_id = $2 limit 1`, [planId, recipientId]))
        .length > 0
    );
  }

  async insert(tx: Tx, plan: Plan, awards: readonly Award[], lots: readonly AwardLot[]): Promise<void> {
    await tx.rows(
      `insert into plan (id, status, rule, choice, problem, seed, seed_hash, fingerprint, engine_version, unallocated, metrics, breakdown, notes, created_at,
         policy_id, policy_version, claims, substitutes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        plan.id,
        plan.status,
        plan.rule,
        JSON.stringify(plan.choice),
        JSON.stringify(plan.problem),
        plan.seed,
        plan.seedHash,
        plan.fingerprint,
        plan.engineVersion,
        JSON.stringify(plan.unallocated),
        JSON.stringify(plan.metrics),
        JSON.stringify(plan.breakdown),
        JSON.stringify(plan.notes),
        plan.createdAt,
        plan.policyId,
        plan.policyVersion,
        plan.claims,
        plan.substitutes && JSON.stringify(plan.substitutes),
      ],
    );
    await tx.rows(
      `insert into award (plan_id, recipient_id, item_id, position, units, why)
       select $1, a."recipientId", a."itemId", a.position, a.units, a.why
       from jsonb_to_recordset($2::jsonb) as a ("recipientId" uuid, "itemId" uuid, position integer, units integer, why jsonb)`,
      [plan.id, JSON.stringify(awards)],
    );
    await tx.rows(
      `insert into award_lot (plan_id, recipient_id, item_id, lot_id, site_id, units)
       select $1, a."recipientId", a."itemId", a."lotId", a."siteId", a.units
       from jsonb_to_recordset($2::jsonb) as a ("recipientId" uuid, "itemId" uuid, "lotId" uuid, "siteId" uuid, units integer)`,
      [plan.id, JSON.stringify(lots)],
    );
  }

  async setStatus(
    tx: Tx,
    id: string,
    status: PlanStatus,
    facts: { committedAt?: Date; staleBecause?: readonly string[] } = {},
  ): Promise<void> {
    await tx.rows(
      `update plan set status = $2, committed_at = coalesce($3, committed_at), stale_because = coalesce($4, stale_because) where id = $1`,
      [id, status, facts.committedAt ?? null, facts.staleBecause ?? null],
    );
  }

  /** What a plan takes from each lot at each site. */
  heldUnits(tx: Tx, planId: string): Promise<HeldUnits[]> {
    return tx.rows<HeldUnits>(
      `select lot_id as "lotId", site_id as "siteId", sum(units)::bigint as units from award_lot where plan_id = $1 group by 1, 2 order by 1, 2`,
      [planId],
    );
  }

  /** Which recipients of a plan still have awards with units, and which had theirs cancelled. */
  recipientsOf(tx: Tx, planId: string): Promise<{ recipientId: string; cancelled: boolean }[]> {
    return tx.rows(
      `select recipient_id as "recipientId", bool_and(cancelled_at is not null) as cancelled from award
       where plan_id = $1 and units > 0 group by recipient_id order by recipient_id`,
      [planId],
    );
  }

  /** Marks the awards of these recipients as cancelled. */
  async cancelAwards(tx: Tx, planId: string, recipientIds: readonly string[]): Promise<void> {
    await tx.rows(
      `update award set cancelled_at = $3 where plan_id = $1 and recipient_id = any($2) and cancelled_at is null`,
      [planId, recipientIds, tx.now],
    );
  }
}
