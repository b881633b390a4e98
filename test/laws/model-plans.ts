import { expect } from '@jest/globals';
import { act, parcelsOf, type Preview } from './acts.js';
import { type Choice, type Model, type ModelPlan, pick, type Real } from './model.js';

/** Who splits what: items, at all sites or at one, among some people, nobody more than `cap` of each. */
export interface Wish {
  readonly items: readonly string[];
  readonly who: readonly number[];
  readonly cap: number | null;
  readonly at: number | null;
}

/** Splits some items among some people; all of it when there is no cap. */
export async function split(model: Model, real: Real, { items, who, cap, at }: Wish): Promise<void> {
  const shipments = model.shipments.map(({ id }) => id);
  const choice: Choice = { items, shipments, sites: at === null ? real.sites : [real.sites[at]!] };
  const recipientIds = who.map((i) => real.people[i]!);
  const said = await act<Preview>(real.client, 'previewAllocation', {
    stock: { itemCodes: items, shipmentIds: shipments, ...(at !== null && { siteIds: choice.sites }) },
    recipients: { recipientIds },
    policy: {
      rule: 'CONSTRAINED_EQUAL_AWARDS',
      ...(cap !== null && { cap: items.map((itemCode) => ({ itemCode, units: cap })) }),
    },
  });
  const heaps = model.splittable(choice);
  if (heaps.length === 0) {
    expect(said.__typename).toBe('NothingToAllocateError');
    return;
  }
  expect(said).toMatchObject({ __typename: 'Plan', status: 'PREVIEW' });
  const awards = new Map(said.awards.nodes.map((a) => [`${a.recipient.id} ${a.item.code}`, a.units]));
  for (const item of items) {
    const supply = heaps.reduce((sum, [, , of, units]) => sum + (of === item ? units : 0), 0);
    const got = recipientIds.map((id) => awards.get(`${id} ${item}`) ?? 0);
    const total = cap === null ? supply : Math.min(supply, cap * recipientIds.length);
    expect(got.reduce((a, b) => a + b)).toBe(total);
    expect(Math.max(...got) - Math.min(...got)).toBe(total % recipientIds.length === 0 ? 0 : 1);
  }
  model.plans.push({ id: said.id, basis: JSON.stringify(heaps), choice, awards, status: 'PREVIEW' });
}

const isStale = (model: Model, { choice, basis }: ModelPlan): boolean =>
  JSON.stringify(model.splittable(choice)) !== basis;

/** Splits, and commits what comes of it at once. */
export async function give(model: Model, real: Real, wish: Wish): Promise<void> {
  const before = model.plans.length;
  await split(model, real, wish);
  const plan = model.plans[before];
  if (plan) await commitPlan(model, real, plan);
}

/** Commits a plan, whatever has become of it. */
export function commit(model: Model, real: Real, which: number): Promise<void> {
  const ready = (plan: ModelPlan): boolean => plan.status === 'PREVIEW' && !isStale(model, plan);
  return commitPlan(model, real, pick(model.plans, which, ready));
}

async function commitPlan(model: Model, { client }: Real, plan: ModelPlan): Promise<void> {
  const said = await act(client, 'commitAllocation', { planId: plan.id });
  if (plan.status === 'COMMITTED' || plan.status === 'CANCELLED') {
    expect(said).toMatchObject({ __typename: 'PlanNotCommittableError', status: plan.status });
    return;
  }
  if (plan.status === 'STALE' || isStale(model, plan)) {
    expect(said).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
    plan.status = 'STALE';
    return;
  }
  expect(said).toMatchObject({ __typename: 'Plan', status: 'COMMITTED' });
  plan.status = 'COMMITTED';
  await pack(model, client, plan);
}

/** The parcels of a plan hold what it gave, each from where it stood. */
async function pack(model: Model, client: Real['client'], plan: ModelPlan): Promise<void> {
  const given = new Map<string, number>();
  for (const { id, recipient, lines, status } of await parcelsOf(client, plan.id)) {
    expect(status).toBe('PREPARED');
    const packed = lines.map((line) => {
      const lot = model.lotOf(line.lot.id);
      expect(line).toMatchObject({ status: 'PREPARED', item: { code: lot.line.item } });
      expect(plan.choice.sites).toContain(line.site.id);
      model.move(lot, line.site.id, 'AVAILABLE', 'ALLOCATED', line.units);
      const key = `${recipient.id} ${line.item.code}`;
      given.set(key, (given.get(key) ?? 0) + line.units);
      const [site, awardedAs] = [line.site.id, line.item.code];
      return { id: line.id, lot, site, units: line.units, awardedAs, isOut: false, confirmed: null };
    });
    model.parcels.push({ id, lines: packed, plan, recipient: recipient.id, status });
  }
  expect([...given].sort()).toEqual([...plan.awards].sort());
}

/** Takes a plan back, for all or for the recipient of one parcel. */
export async function cancel(model: Model, { client }: Real, which: number, whole: boolean): Promise<void> {
  const one = whole ? undefined : pick(model.parcels, which, ({ status }) => status === 'PREPARED');
  const plan = one?.plan ?? pick(model.plans, which, ({ status }) => status === 'COMMITTED');
  const said = await act(client, 'cancelAllocation', {
    planId: plan.id,
    reason: 'a history',
    ...(one && { recipientIds: [one.recipient] }),
  });
  const standing = model.parcels.filter((parcel) => parcel.plan === plan && parcel.status !== 'CANCELLED');
  const meant = one ? standing.filter((parcel) => parcel === one) : standing;
  const gone = meant.filter(({ status }) => status !== 'PREPARED');
  const refusal = { __typename: 'PlanNotCancellableError', status: plan.status };
  if (plan.status !== 'COMMITTED') {
    expect(said).toMatchObject({ ...refusal, recipientIds: [] });
  } else if (meant.length === 0) {
    expect(said).toMatchObject({ ...refusal, recipientIds: [one!.recipient] });
  } else if (gone.length > 0) {
    expect(said).toMatchObject(refusal);
    expect([...said.recipientIds!].sort()).toEqual(gone.map(({ recipient }) => recipient).sort());
  } else {
    for (const parcel of meant) model.takeOut(parcel, model.inside(parcel));
    expect(plan.status).toBe(meant.length === standing.length ? 'CANCELLED' : 'COMMITTED');
    expect(said).toMatchObject({ __typename: 'Plan', status: plan.status });
  }
}
