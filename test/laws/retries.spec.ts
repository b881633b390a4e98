import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { aDonation, clinicians, FORM_GROUP } from '../support/builders.js';
import { connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';
import { act, preview, type Said, tally } from './acts.js';

describe('what the database undid is tried again', () => {
  let world: World;
  let coordinator: Client;
  let owner: pg.Client;
  let watcher: pg.Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    owner = await connect(world.databaseUrl);
    watcher = await connect(world.databaseUrl);
  });
  afterAll(async () => {
    await owner?.end();
    await watcher?.end();
    await world?.close();
  });

  /** Waits until somebody waits for a lock in our database. */
  const someoneWaits = async (): Promise<void> => {
    const giveUpAt = Date.now() + 5000;
    const sql = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await watcher.query(sql)).rowCount === 0) {
      if (Date.now() > giveUpAt) throw new Error('nobody waits');
      await wait(10);
    }
  };

  it('a commit that deadlocks with another program succeeds, once, when the other has finished', async () => {
    const lotId = (await aDonation(coordinator, { MASK: 30 })).lines[0]!.lots[0]!.id;
    const recipients = { recipientIds: await clinicians(coordinator, 3) };
    const plan = await preview(coordinator, { stock: { lotIds: [lotId] }, recipients });

    // Whoever looks for deadlocks first is the one undone: the other program takes its time.
    await owner.query(`set deadlock_timeout = '20s'`);
    await owner.query('begin');
    await owner.query('select from lot_balance where lot_id = $1 for update', [lotId]);
    const committing = act(coordinator, 'commitAllocation', { planId: plan.id });
    // Should the test fail before it is awaited, that is failure enough.
    committing.catch(() => {});
    await someoneWaits();
    await owner.query('select from plan where id = $1 for update', [plan.id]);
    await owner.query('commit');

    expect(await committing).toMatchObject({ __typename: 'Plan', status: 'COMMITTED' });
    const entries = await world.dataSource.query(
      `select sum(units) as units from stock_entry where lot_id = $1 and to_place = 'ALLOCATED'`,
      [lotId],
    );
    expect(entries).toEqual([{ units: 30 }]);
    expect(await world.breaches()).toEqual([]);
    await wait(1100);
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBeGreaterThan(0);
  });

  it('a commit waits for a recipient who is being paused, and is then stale', async () => {
    const lotId = (await aDonation(coordinator, { MASK: 30 })).lines[0]!.lots[0]!.id;
    const recipientIds = await clinicians(coordinator, 3);
    const plan = await preview(coordinator, { stock: { lotIds: [lotId] }, recipients: { recipientIds } });

    await owner.query('begin');
    await owner.query(`update recipient set status = 'PAUSED' where id = $1`, [recipientIds[1]]);
    const committing = act(coordinator, 'commitAllocation', { planId: plan.id });
    committing.catch(() => {});
    await someoneWaits();
    await owner.query('commit');

    expect(await committing).toMatchObject({ __typename: 'StalePlanError', changed: ['recipients'] });
    expect(await world.breaches()).toEqual([]);
  });

  it('of 10 who form a group of one name at once, one does and nine are told that it is taken', async () => {
    const form = async (): Promise<Said> => {
      const query = FORM_GROUP.replace('... on Group {', '__typename ... on Group {');
      return (await coordinator.ask<{ formGroup: Said }>(query, { input: { name: 'Colleagues', memberIds: [] } }))
        .formGroup;
    };
    const said = await Promise.all(Array.from({ length: 10 }, form));
    expect(tally(said)).toEqual({ Group: 1, GroupNameTakenError: 9 });
  });
});
