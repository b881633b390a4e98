import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonation, aDonor, anAnnouncement, clinicians } from '../support/builders.js';
import { type ApiProcess, startApi } from '../support/process.js';
import { type Answer, type Client, openWorld, type World } from '../support/world.js';
import { act, type Act, commit, mutationOf, preview, type Said } from './acts.js';
import { TIMES } from './apis.js';
import { SIZE } from './size.js';

const { processes, perAct: KEYS_PER_ACT, copies: COPIES } = SIZE.keys;

describe('a key, through several API processes on one database', () => {
  let world: World;
  let apis: ApiProcess[];
  let clients: Client[];
  let coordinator: Client;
  let recipientIds: string[];
  const client = (i: number): Client => clients[i % clients.length]!;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    apis = await Promise.all(TIMES(processes).map(() => startApi({ DATABASE_URL: world.databaseUrl })));
    clients = apis.map((api) => api.with(coordinator.token!));
    recipientIds = await clinicians(coordinator, 3);
  });
  afterAll(async () => {
    await Promise.all((apis ?? []).map((api) => api.stop()));
    await world?.close();
  });

  /** A lot of its own for everything that is done, so that nothing is stale on another's account. */
  const aChoice = async (): Promise<object> => {
    const gift = await aDonation(coordinator, { MASK: 30 });
    return { stock: { lotIds: [gift.lines[0]!.lots[0]!.id] }, recipients: { recipientIds } };
  };
  const aParcel = async (): Promise<string> => (await commit(coordinator, await aChoice())).parcels[0]!.id;
  const aDispatchedParcel = async (): Promise<string> => {
    const deliveryId = await aParcel();
    await act(coordinator, 'dispatchDelivery', { deliveryId });
    return deliveryId;
  };
  const inputs: Partial<Record<Act, () => Promise<object>>> = {
    logDonation: async () => ({ donorId: (await aDonor(coordinator)).id, lines: [{ itemCode: 'GOWN', units: 7 }] }),
    receiveShipment: async () => {
      const { id, lines } = await anAnnouncement(coordinator, { GOGGLES: 9 });
      return { shipmentId: id, counts: [{ lineId: lines[0]!.id, acceptedUnits: 4 }], close: false };
    },
    commitAllocation: async () => ({ planId: (await preview(coordinator, await aChoice())).id }),
    cancelAllocation: async () => ({ planId: (await commit(coordinator, await aChoice())).planId, reason: 'a slip' }),
    dispatchDelivery: async () => ({ deliveryId: await aParcel(), carrier: 'by hand' }),
    returnDelivery: async () => ({ deliveryId: await aDispatchedParcel() }),
    confirmDelivery: async () => ({ deliveryId: await aDispatchedParcel() }),
  };

  /** What the database holds of an act's effects. */
  const effects = async (action: string): Promise<{ acts: number; entries: number; units: number }> => {
    const [row] = await world.dataSource.query(
      `select (select count(*) from journal where action = $1) as acts, count(*) as entries, coalesce(sum(units), 0)::bigint as units from stock_entry`,
      [action],
    );
    return row as { acts: number; entries: number; units: number };
  };

  /** Another body for the same act. */
  const otherwise = (input: object): object => {
    if ('lines' in input) return { ...input, lines: [{ itemCode: 'GOWN', units: 8 }] };
    if ('counts' in input) return { ...input, close: true };
    if ('planId' in input) return { ...input, planId: '01900000-0000-7000-8000-000000000001' };
    return { ...input, deliveryId: '01900000-0000-7000-8000-000000000001' };
  };

  it.each([
    ['logDonation', 1, 7],
    ['receiveShipment', 1, 4],
    ['commitAllocation', 1, 30],
    ['cancelAllocation', 1, 30],
    ['dispatchDelivery', 1, 10],
    ['returnDelivery', 1, 10],
    ['confirmDelivery', 1, 10],
  ] as const)(
    '%s has one effect and one answer in twenty copies at once, and no other body',
    async (name, entries, units) => {
      const commands: (object & { idempotencyKey: string })[] = [];
      for (const i of TIMES(KEYS_PER_ACT)) {
        commands.push({ ...(await inputs[name]!()), idempotencyKey: `${name} ${i}` });
      }
      const before = await effects(name);
      const answers = await Promise.all(
        commands.map((input) => Promise.all(TIMES(COPIES).map((i) => client(i).answer(mutationOf(name), { input })))),
      );
      for (const copies of answers) {
        const said = copies[0]!.data?.[name] as Said;
        expect(['Shipment', 'Plan', 'Delivery']).toContain(said.__typename);
        expect(copies).toEqual(copies.map((): Answer => ({ status: 200, data: { [name]: said } })));
      }
      const things = answers.map(([first]) => (first!.data![name] as Said).id);
      expect(new Set(things).size).toBe(commands.length);
      expect(await effects(name)).toEqual({
        acts: before.acts + commands.length,
        entries: before.entries + entries * commands.length,
        units: before.units + units * commands.length,
      });
      const others = await Promise.all(
        commands.map((input, i) => client(i).error(mutationOf(name), { input: otherwise(input) })),
      );
      expect(others.map(({ extensions }) => extensions.code)).toEqual(commands.map(() => 'CONFLICT'));
      expect((await effects(name)).acts).toBe(before.acts + commands.length);
      expect(await world.breaches()).toEqual([]);
    },
  );

  it('gives the first answer also long after, when the thing has moved on', async () => {
    const deliveryId = await aParcel();
    const dispatch = { deliveryId, idempotencyKey: 'dispatch, then repeat' };
    await act(client(0), 'dispatchDelivery', dispatch);
    await act(client(1), 'confirmDelivery', { deliveryId });
    const before = await effects('dispatchDelivery');
    // The reference is the first one's; the parcel is shown as it stands.
    expect(await act(client(1), 'dispatchDelivery', dispatch)).toMatchObject({ id: deliveryId, status: 'CONFIRMED' });
    expect(await effects('dispatchDelivery')).toEqual(before);
  });

  it('refuses another body, and another act, as a conflict', async () => {
    const lines = [{ itemCode: 'MASK', units: 5 }];
    const input = { newDonor: { name: 'A firm', kind: 'COMPANY' }, lines, idempotencyKey: 'one key' };
    await act(client(0), 'logDonation', input);
    const before = await effects('logDonation');

    const other = { ...input, lines: [{ itemCode: 'MASK', units: 6 }] };
    expect(await client(1).error(mutationOf('logDonation'), { input: other })).toMatchObject({
      extensions: { code: 'CONFLICT', field: 'input.idempotencyKey' },
    });
    const dispatch = { deliveryId: await aParcel(), idempotencyKey: 'one key' };
    expect(await client(0).error(mutationOf('dispatchDelivery'), { input: dispatch })).toMatchObject({
      extensions: { code: 'CONFLICT', field: 'input.idempotencyKey' },
    });
    expect((await effects('logDonation')).acts).toBe(before.acts + 1);
  });

  it('of two bodies under one key at once, takes one and refuses the other in every copy', async () => {
    const donorId = (await aDonor(coordinator)).id;
    const input = (units: number) => ({ donorId, lines: [{ itemCode: 'FFP2', units }], idempotencyKey: 'two bodies' });
    const answers = await Promise.all(
      TIMES(COPIES).map((i) => client(i).answer(mutationOf('logDonation'), { input: input(1 + ((i >> 1) % 2)) })),
    );
    const taken = answers.filter(({ data }) => data?.['logDonation']);
    const refused = answers.flatMap(({ errors }) => errors?.[0]?.extensions.code ?? []);
    expect(taken).toHaveLength(COPIES / 2);
    expect(new Set(taken.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(refused).toEqual(TIMES(COPIES / 2).map(() => 'CONFLICT'));
    const gifts = await world.dataSource.query(`select count(*) as n from shipment where donor_id = $1`, [donorId]);
    expect(gifts).toEqual([{ n: 1 }]);
  });

  it('belongs to its caller: another may use the same', async () => {
    const other = apis[1]!.with((await world.as('COORDINATOR')).token!);
    const input = { newDonor: { name: 'Twice', kind: 'COMPANY' }, lines: [{ itemCode: 'MASK', units: 5 }] };
    const keyed = { ...input, idempotencyKey: 'everybody says 1' };
    const [hers, his] = await Promise.all([act(client(0), 'logDonation', keyed), act(other, 'logDonation', keyed)]);
    expect(hers.id).not.toBe(his.id);
  });

  it('stays free when its use was refused', async () => {
    const choice = await aChoice();
    const [first, second] = [await preview(coordinator, choice), await preview(coordinator, choice)];
    await act(coordinator, 'commitAllocation', { planId: first.id });
    const stale = await Promise.all(
      TIMES(COPIES).map((i) => act(client(i), 'commitAllocation', { planId: second.id, idempotencyKey: 'try again' })),
    );
    expect(stale.map(({ __typename }) => __typename)).toEqual(TIMES(COPIES).map(() => 'StalePlanError'));
    const third = await preview(coordinator, await aChoice());
    expect(await act(client(1), 'commitAllocation', { planId: third.id, idempotencyKey: 'try again' })).toMatchObject({
      __typename: 'Plan',
      id: third.id,
    });

    // Refused by rolling back, and as a request that names nothing: free all the same.
    const deliveryId = await aDispatchedParcel();
    const twice = { deliveryId, idempotencyKey: 'send' };
    expect((await act(client(0), 'dispatchDelivery', twice)).__typename).toBe('DeliveryTransitionError');
    const nothing = { deliveryId: third.id, idempotencyKey: 'send' };
    expect((await client(0).error(mutationOf('dispatchDelivery'), { input: nothing })).extensions.code).toBe(
      'NOT_FOUND',
    );
    const fresh = { deliveryId: await aParcel(), idempotencyKey: 'send' };
    expect(await act(client(0), 'dispatchDelivery', fresh)).toMatchObject({ status: 'DISPATCHED' });
    expect(await world.breaches()).toEqual([]);
  });

  it('is kept with the reference of a result and never without', async () => {
    const [kept] = await world.dataSource.query(
      `select count(*) as keys, count(*) filter (where reference is null) as empty from idempotency`,
    );
    expect(kept.empty).toBe(0);
    expect(kept.keys).toBeGreaterThanOrEqual(7 * KEYS_PER_ACT);
  });
});
