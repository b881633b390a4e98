import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { aCommittedPlan, aNeed, CANCEL, clinicians } from '../support/builders.js';
import { connect } from '../support/database.js';
import { recallDesk, type RecallDesk } from '../support/recalls.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;
let desk: RecallDesk;
let owner: pg.Client;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  desk = recallDesk(coordinator);
  owner = await connect(world.databaseUrl);
});
afterAll(async () => {
  await owner?.end();
  await world?.close();
});

/** Waits until the application waits for a row that somebody holds. */
async function untilItWaits(): Promise<void> {
  const sql = `select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
    where not l.granted and l.locktype = 'transactionid'`;
  while ((await owner.query(sql)).rows.length === 0) await wait(5);
}

describe('rows are locked in one order', () => {
  it('whoever counts a parcel does not wait for the plan that waits for the parcel', async () => {
    const { lotId } = await desk.aGift(10, null);
    const [her] = await clinicians(coordinator, 1);
    const { plan, deliveries } = await aCommittedPlan(coordinator, {
      stock: { lotIds: [lotId] },
      recipients: { recipientIds: [her] },
    });
    // Less than the server waits before it looks for a deadlock, and ends the other one.
    await owner.query(`begin; set local lock_timeout = '300ms'`);
    await owner.query('select 1 from delivery where id = $1 for no key update', [deliveries[0]!.id]);
    const cancelled = coordinator.ask(CANCEL, { input: { planId: plan.id, reason: 'No more needed' } });
    await untilItWaits();
    // A line that is written twice is checked against its plan again.
    for (const units of [1, 2]) await owner.query(`update distribution set confirmed_units = $1`, [units]);
    await owner.query('rollback');
    expect(await cancelled).toMatchObject({ cancelAllocation: { status: 'CANCELLED' } });
  });

  it('a recall that opens some parcels of a plan and cancels others locks the needs of both before it changes any', async () => {
    const [one, other] = [await desk.aGift(2, null), await desk.aGift(2, null, {}, 'N95')];
    const [first, second] = (await clinicians(coordinator, 2)).sort();
    const early = await aNeed(coordinator, first!, { itemCode: 'MASK', units: 1 });
    const late = await aNeed(coordinator, second!, { itemCode: 'MASK', units: 1 });
    await aNeed(coordinator, second!, { itemCode: 'N95', units: 1 });
    await aCommittedPlan(coordinator, {
      policy: { rule: 'PROPORTIONAL', claims: 'NEED' },
      stock: { lotIds: [one.lotId, other.lotId] },
      recipients: { recipientIds: [first, second] },
    });
    await owner.query('begin');
    await owner.query('select 1 from need where id = $1 for update', [early.id]);
    const recalled = desk.recall({ lotIds: [one.lotId] });
    await untilItWaits();
    await owner.query('select 1 from need where id = $1 for update nowait', [late.id]);
    await owner.query('commit');
    const { takenOutOfDeliveries } = await recalled;
    expect(takenOutOfDeliveries.nodes.map(({ status }) => status).sort()).toEqual(['CANCELLED', 'PREPARED']);
    expect(await world.breaches()).toEqual([]);
  });
});
