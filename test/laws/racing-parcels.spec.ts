import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonation, clinicians } from '../support/builders.js';
import type { World } from '../support/world.js';
import { act, type Act, commit, type Said, tally } from './acts.js';
import { openServedWorld, type ServedWorld, TIMES } from './apis.js';
import { type Dice, diceFor, report, SIZE } from './size.js';

const { processes, rounds, atOnce } = SIZE.racingParcels;
const UNITS = 10;
const ENDS: Act[] = ['confirmDelivery', 'returnDelivery', 'reportDeliveryLost'];

/** Every way a parcel may go, as the ledger tells it. */
const LEGAL_PATHS: Record<string, string> = {
  CANCELLED: 'ALLOCATION_COMMITTED, ALLOCATION_CANCELLED',
  CONFIRMED: 'ALLOCATION_COMMITTED, DELIVERY_DISPATCHED, DELIVERY_CONFIRMED',
  RETURNED: 'ALLOCATION_COMMITTED, DELIVERY_DISPATCHED, DELIVERY_RETURNED',
  LOST: 'ALLOCATION_COMMITTED, DELIVERY_DISPATCHED, DELIVERY_LOST',
};
const LEGAL_ACTS: Record<string, string> = {
  CANCELLED: 'commitAllocation, cancelAllocation',
  CONFIRMED: 'commitAllocation, dispatchDelivery, confirmDelivery',
  RETURNED: 'commitAllocation, dispatchDelivery, returnDelivery',
  LOST: 'commitAllocation, dispatchDelivery, reportDeliveryLost',
};

describe('a parcel that is counted, returned, lost and taken back at once', () => {
  let served: ServedWorld | undefined;
  let world: World;
  let dice: Dice;

  beforeAll(async () => {
    served = await openServedWorld(processes);
    ({ world } = served);
    dice = diceFor('racing parcels');
  });
  afterAll(() => served?.close());

  /** All acts at once, in any order, through any process. */
  async function race(acts: Act[], { planId, deliveryId }: { planId: string; deliveryId: string }) {
    const said = await Promise.all(
      dice.shuffled(acts).map(async (name): Promise<[Act, Said]> => {
        const input = name === 'cancelAllocation' ? { planId, reason: 'changed our minds' } : { deliveryId };
        return [name, await act(dice.pick(served!.clients), name, input)];
      }),
    );
    const isDone = ({ __typename }: Said): boolean => ['Delivery', 'Plan'].includes(__typename);
    const refused = said.filter(([, { __typename }]) => !isDone({ __typename }));
    return {
      won: said.filter(([, one]) => isDone(one)).map(([name]) => name),
      refusals: tally(refused.map(([, { __typename }]) => ({ __typename }))),
    };
  }

  /** The same lot and recipient for one parcel after another. @returns who won each race */
  async function play(share: number, begin: number): Promise<string[]> {
    const { coordinator, clients } = served!;
    const gift = await aDonation(coordinator, { MASK: UNITS * share });
    const recipientIds = await clinicians(coordinator, 1);
    const choice = {
      stock: { lotIds: [gift.lines[0]!.lots[0]!.id] },
      recipients: { recipientIds },
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: UNITS }] },
    };
    const winners: string[] = [];
    for (const round of TIMES(share)) {
      const { planId, parcels } = await commit(dice.pick(clients), choice);
      const deliveryId = parcels[0]!.id;
      const [acts, isSent] = [[...ENDS, 'cancelAllocation'] as Act[], (round + begin) % 2 === 0];
      if (isSent) await act(dice.pick(clients), 'dispatchDelivery', { deliveryId });
      else acts.push('dispatchDelivery');
      const { won, refusals } = await race(acts, { planId, deliveryId });
      const ends = won.filter((name) => ENDS.includes(name));
      if (isSent) {
        expect({ ends: ends.length, won: won.length, refusals }).toEqual({
          ends: 1,
          won: 1,
          refusals: { DeliveryTransitionError: 2, PlanNotCancellableError: 1 },
        });
      } else if (won.includes('cancelAllocation')) {
        expect({ won, refusals }).toEqual({ won: ['cancelAllocation'], refusals: { DeliveryTransitionError: 4 } });
      } else {
        // Sent in the same moment: then at most one of those who met it on its way, and nobody takes it back.
        expect(won).toContain('dispatchDelivery');
        expect(ends.length).toBeLessThan(2);
        if (ends.length === 0) await act(dice.pick(clients), 'returnDelivery', { deliveryId });
      }
      winners.push([...(isSent ? ['sent:'] : ['packed:']), ...won.sort()].join(' '));
    }
    return winners;
  }

  it('takes one legal path, and the ledger and the journal tell the same', async () => {
    const share = Math.ceil(rounds / atOnce);
    const winners = (await Promise.all(TIMES(atOnce).map((i) => play(share, i)))).flat();
    report('racing parcels', tally(winners.map((__typename) => ({ __typename }))));
    expect(winners.length).toBeGreaterThanOrEqual(rounds);

    const paths: { status: string; path: string; acts: string; isInOrder: boolean }[] = await world.dataSource.query(
      `select d.status, moved.path, acted.acts,
         coalesce(d.dispatched_at >= d.prepared_at, true) and coalesce(d.delivered_at >= d.dispatched_at, true)
           and moved.path = moved.by_instant as "isInOrder"
       from delivery d, lateral (
         select string_agg(e.cause, ', ' order by e.id) as path, string_agg(e.cause, ', ' order by e.at, e.id) as by_instant
         from stock_entry e where e.cause_id in (d.id, d.plan_id)) as moved, lateral (
         select string_agg(j.action, ', ' order by j.id) as acts from journal j
         where j.reference->>'planId' = d.plan_id::text or j.reference->>'deliveryId' = d.id::text) as acted`,
    );
    expect(paths).toHaveLength(winners.length);
    for (const { status, path, acts, isInOrder } of paths) {
      // A preview leaves a line in the journal, too, before anything else.
      expect([status, path, acts.replace('previewAllocation, ', '')]).toEqual([
        status,
        LEGAL_PATHS[status],
        LEGAL_ACTS[status],
      ]);
      expect([status, path, isInOrder]).toEqual([status, path, true]);
    }
    expect(await world.breaches()).toEqual([]);
  });
});
