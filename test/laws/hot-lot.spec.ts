import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { aDonation, clinicians } from '../support/builders.js';
import type { Client, World } from '../support/world.js';
import { type Act, mutationOf, type Preview, type Said } from './acts.js';
import { openServedWorld, type ServedWorld, TIMES } from './apis.js';
import { diceFor, report, SIZE } from './size.js';

const { processes, clients: crowd, wishes, commits } = SIZE.hotLot;
/** What everybody wishes: three times what there is. */
const WISH = 3;
const STOCK = wishes;

describe('a hot lot', () => {
  let open: ServedWorld | undefined;
  let world: World;

  beforeAll(async () => {
    open = await openServedWorld(processes);
    ({ world } = open);
  });
  afterAll(() => open?.close());

  it('is handed out to the unit when three times as much is asked, and whoever gets none is told why', async () => {
    const { coordinator, clients } = open!;
    const dice = diceFor('hot lot');
    const lotId = (await aDonation(coordinator, { MASK: STOCK })).lines[0]!.lots[0]!.id;
    const people = await clinicians(coordinator, crowd);
    const statuses = new Set<number>();
    const outcomes: Record<string, number> = {};
    const stale: string[] = [];
    let [next, handedOut, commitsMade] = [0, 0, 0];

    const ask = async <T extends Said>(client: Client, name: Act, input: object): Promise<T> => {
      const { status, data, errors } = await client.answer<Record<Act, T>>(mutationOf(name), { input });
      statuses.add(status);
      if (errors || !data) throw new Error(`HTTP ${status}: ${JSON.stringify(errors)}`);
      const said = data[name];
      const word = `${name}: ${said.__typename}`;
      outcomes[word] = (outcomes[word] ?? 0) + 1;
      if (name === 'commitAllocation') commitsMade++;
      return said;
    };
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: WISH }] };
    const want = async (recipientId: string): Promise<void> => {
      const choice = { stock: { lotIds: [lotId] }, recipients: { recipientIds: [recipientId] }, policy };
      for (let tries = 1; ; tries++) {
        const plan = await ask<Preview>(dice.pick(clients), 'previewAllocation', choice);
        if (plan.__typename !== 'Plan') return;
        const done = await ask(dice.pick(clients), 'commitAllocation', { planId: plan.id });
        if (done.__typename === 'Plan') {
          handedOut += plan.awards.nodes.reduce((sum, { units }) => sum + units, 0);
          return;
        }
        stale.push(plan.id);
        // Who came too late lets others pass: a crowd that turns round at once stays a crowd.
        await wait(dice.below(Math.min(800, 50 * tries)));
      }
    };
    const watched = { goesOn: true };
    const breaches: string[][] = [];
    const watching = (async () => {
      while (watched.goesOn) {
        breaches.push(await world.breaches());
        await wait(300);
      }
    })();
    const served = people.map(async (recipientId) => {
      while (next++ < wishes) await want(recipientId);
    });
    await Promise.all(served).finally(() => {
      watched.goesOn = false;
    });
    await watching;
    const wished = commitsMade;
    const isShort = (): boolean => commitsMade < commits;
    // Who was too late does not believe it: the same plans again, until there were as many commits as promised.
    await Promise.all(
      TIMES(crowd).map(async () => {
        while (isShort()) await ask(dice.pick(clients), 'commitAllocation', { planId: dice.pick(stale) });
      }),
    );
    report('hot lot', { commits: commitsMade, ofThemAgain: commitsMade - wished, handedOut, outcomes });

    expect(breaches.length).toBeGreaterThan(1);
    expect(breaches.flat()).toEqual([]);
    expect([...statuses]).toEqual([200]);
    expect(handedOut).toBe(STOCK);
    expect(Object.keys(outcomes).sort()).toEqual([
      'commitAllocation: Plan',
      'commitAllocation: StalePlanError',
      'previewAllocation: NothingToAllocateError',
      'previewAllocation: Plan',
    ]);
    expect(commitsMade).toBeGreaterThanOrEqual(commits);
    const held = await world.dataSource.query(
      `select place, units from lot_balance where lot_id = $1 and units <> 0 order by place`,
      [lotId],
    );
    expect(held).toEqual([
      { place: 'ALLOCATED', units: STOCK },
      { place: 'SOURCE', units: -STOCK },
    ]);
    expect(await world.breaches()).toEqual([]);
  });
});
