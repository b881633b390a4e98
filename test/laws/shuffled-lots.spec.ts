import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { aDonation, clinicians } from '../support/builders.js';
import { act, parcelsOf, type Preview, type Said, tally } from './acts.js';
import { openServedWorld, type ServedWorld, TIMES } from './apis.js';
import { diceFor, report, SIZE } from './size.js';

const { processes, clients: crowd, lots: LOTS, splits } = SIZE.shuffledLots;
const ITEMS = ['MASK', 'N95', 'GOWN', 'GOGGLES', 'FACE_SHIELD'];

describe('many who split the same lots in any order', () => {
  let served: ServedWorld | undefined;

  beforeAll(async () => {
    served = await openServedWorld(processes);
  });
  afterAll(() => served?.close());

  it('never meet in a deadlock', async () => {
    const { world, coordinator, clients, apis } = served!;
    const dice = diceFor('shuffled lots');
    const lots: string[] = [];
    for (const i of TIMES(LOTS)) {
      const gift = await aDonation(coordinator, { [ITEMS[i % ITEMS.length]!]: 20_000 });
      lots.push(gift.lines[0]!.lots[0]!.id);
    }
    const people = await clinicians(coordinator, crowd);
    const said: Said[] = [];
    // An entry in `errors` ends the test: a deadlock that reached a client would be one.
    const say = async <T extends Said>(name: Parameters<typeof act>[1], input: object): Promise<T> => {
      const one = await act<T>(dice.pick(clients), name, input);
      said.push({ __typename: `${name}: ${one.__typename}` });
      return one;
    };
    const split = async (): Promise<void> => {
      const chosen = dice.shuffled(lots).slice(0, 2 + dice.below(4));
      const recipientIds = dice.shuffled(people).slice(0, 2);
      const policy = {
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        cap: ITEMS.map((itemCode) => ({ itemCode, units: 1 + dice.below(5) })),
      };
      const choice = { stock: { lotIds: chosen }, recipients: { recipientIds }, policy };
      const plan = await say<Preview>('previewAllocation', choice);
      const done = await say('commitAllocation', { planId: plan.id });
      if (done.__typename !== 'Plan') return;
      if (dice.roll() < 0.4) {
        await say('cancelAllocation', { planId: plan.id, reason: 'on second thoughts' });
        return;
      }
      for (const { id: deliveryId } of await parcelsOf(dice.pick(clients), plan.id)) {
        await say('dispatchDelivery', { deliveryId });
        await say(dice.pick(['returnDelivery', 'confirmDelivery', 'reportDeliveryLost'] as const), { deliveryId });
      }
    };
    let begun = 0;
    await Promise.all(
      TIMES(crowd).map(async () => {
        while (begun++ < splits) await split();
      }),
    );
    const outcomes = tally(said);
    report('shuffled lots', outcomes);
    expect(outcomes['commitAllocation: Plan']).toBeGreaterThan(0);
    expect(await world.breaches()).toEqual([]);

    // A backend reports its deadlocks at its end at the latest.
    await Promise.all(apis.map((api) => api.stop()));
    await wait(300);
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBe(0);
  });
});
