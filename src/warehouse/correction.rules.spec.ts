import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../platform/rejection.js';
import { recount, takeOff } from './count.rules.js';
import { dayAfter, expiresInDays, isExpired } from './expiry.rules.js';
import { correctIntake } from './intake.rules.js';
import {
  DISCREPANCY_REASONS,
  LOT_CONDITIONS,
  type LotCondition,
  type Move,
  type Place,
} from '../stock/ledger.rules.js';
import { freeUnits, type Shelf } from './shelf.rules.js';

const UNITS = fc.oneof(fc.nat(20), fc.nat(100_000_000));
const CONDITION = fc.constantFrom(...LOT_CONDITIONS);
const REASON = fc.constantFrom(...DISCREPANCY_REASONS);
/** A shelf as the ledger keeps it: free units are available of a good lot, and set aside of any other. */
const shelfOf = (condition: LotCondition, siteId = 'here') =>
  fc.record({ free: UNITS, allocatedUnits: UNITS, lostUnits: UNITS }).map(({ free, ...rest }): Shelf => {
    const isGood = condition === 'GOOD';
    return { ...rest, lotId: 'lot', siteId, availableUnits: isGood ? free : 0, quarantinedUnits: isGood ? 0 : free };
  });
const SHELF = CONDITION.chain((condition) => fc.tuple(fc.constant(condition), shelfOf(condition)));

/** A shelf after moves; a place that would hold fewer than none is an error. */
function after(shelf: Shelf, moves: readonly Move[]): Record<Place, number> {
  const held = {
    SOURCE: 0,
    AVAILABLE: shelf.availableUnits,
    ALLOCATED: shelf.allocatedUnits,
    QUARANTINED: shelf.quarantinedUnits,
    LOST: shelf.lostUnits,
    DISCARDED: 0,
    RETURNED_TO_DONOR: 0,
    IN_TRANSIT: 0,
    DELIVERED: 0,
  };
  for (const { from, to, units, siteId } of moves.filter((move) => move.siteId === shelf.siteId)) {
    expect({ siteId, isPositive: units > 0, moves: from !== to }).toEqual({ siteId, isPositive: true, moves: true });
    held[from] -= units;
    held[to] += units;
    if (from !== 'SOURCE') expect(held[from]).toBeGreaterThanOrEqual(0);
  }
  return held;
}

const onShelf = (held: Record<Place, number>): number => held.AVAILABLE + held.ALLOCATED + held.QUARANTINED;

describe('a count', () => {
  it('makes the books agree with the shelf, or is refused because more is promised', () => {
    fc.assert(
      fc.property(SHELF, UNITS, REASON, ([condition, shelf], countedUnits, reason) => {
        const moves = recount(shelf, condition, countedUnits, reason);
        if (isRefusal(moves)) {
          expect(countedUnits).toBeLessThan(shelf.allocatedUnits);
          expect(moves).toMatchObject({ leastUnits: shelf.allocatedUnits });
          return;
        }
        expect(countedUnits).toBeGreaterThanOrEqual(shelf.allocatedUnits);
        const held = after(shelf, moves);
        expect(onShelf(held)).toBe(countedUnits);
        expect(held.ALLOCATED).toBe(shelf.allocatedUnits);
        expect(condition === 'GOOD' ? held.QUARANTINED : held.AVAILABLE).toBe(0);
        // From outside comes only what was not lost here; what is missing never goes outside.
        expect(held.SOURCE < 0 ? held.LOST : 0).toBe(0);
        expect(held.SOURCE).toBeLessThanOrEqual(0);
        expect(held.DISCARDED > 0).toBe(held.DISCARDED > 0 && ['DAMAGED', 'EXPIRED'].includes(reason));
      }),
    );
  });

  it('that is taken in twice moves nothing the second time', () => {
    fc.assert(
      fc.property(SHELF, UNITS, REASON, ([condition, shelf], extra, reason) => {
        const countedUnits = shelf.allocatedUnits + extra;
        const held = after(shelf, recount(shelf, condition, countedUnits, reason) as Move[]);
        const then = {
          ...shelf,
          availableUnits: held.AVAILABLE,
          quarantinedUnits: held.QUARANTINED,
          lostUnits: held.LOST,
        };
        expect(recount(then, condition, countedUnits, reason)).toEqual([]);
      }),
    );
  });

  it('of fewer, then of as many as before, is where it was, but for what was thrown away', () => {
    fc.assert(
      fc.property(SHELF, fc.nat(100), ([condition, shelf], missing) => {
        const before = onShelf(after(shelf, []));
        const countedUnits = Math.max(shelf.allocatedUnits, before - missing);
        const lost = after(shelf, recount(shelf, condition, countedUnits, 'MISSING') as Move[]);
        const then = {
          ...shelf,
          availableUnits: lost.AVAILABLE,
          quarantinedUnits: lost.QUARANTINED,
          lostUnits: lost.LOST,
        };
        expect(after(then, recount(then, condition, before, 'FOUND') as Move[])).toEqual(after(shelf, []));
      }),
    );
  });
});

describe('what is taken off a shelf', () => {
  it('is all that was asked for, out of what is free, or nothing', () => {
    fc.assert(
      fc.property(SHELF, fc.integer({ min: 1, max: 100_000_000 }), ([condition, shelf], units) => {
        const moves = takeOff(shelf, condition, units, 'DISCARDED');
        const free = freeUnits(shelf, condition);
        if (isRefusal(moves)) {
          expect(moves).toMatchObject({ availableUnits: free, allocatedUnits: shelf.allocatedUnits });
          expect(units).toBeGreaterThan(free);
        } else {
          expect(after(shelf, moves)).toMatchObject({ DISCARDED: units, ALLOCATED: shelf.allocatedUnits });
        }
      }),
    );
  });
});

describe('a corrected intake', () => {
  const SHELVES = CONDITION.chain((condition) =>
    fc
      .tuple(shelfOf(condition, 'here'), shelfOf(condition, 'there'), UNITS)
      .map(([here, there, gone]) => ({ condition, shelves: [here, there] as const, gone })),
  );

  it('comes to the number that is asked for, down to what is used, and says how far down', () => {
    fc.assert(
      fc.property(SHELVES, UNITS, ({ condition, shelves, gone }, asked) => {
        const free = shelves.reduce((sum, shelf) => sum + freeUnits(shelf, condition), 0);
        const receivedUnits = free + shelves.reduce((sum, { allocatedUnits }) => sum + allocatedUnits, 0) + gone;
        const moves = correctIntake({ receivedUnits, condition, shelves }, asked);
        if (isRefusal(moves)) {
          expect(asked).toBeLessThan(receivedUnits - free);
          const { leastUnits } = moves as never as { leastUnits: number };
          expect(isRefusal(correctIntake({ receivedUnits, condition, shelves }, leastUnits))).toBe(false);
          expect(isRefusal(correctIntake({ receivedUnits, condition, shelves }, leastUnits - 1))).toBe(true);
          return;
        }
        const held = shelves.map((shelf) => after(shelf, moves));
        expect(held.reduce((sum, { SOURCE }) => sum - SOURCE, 0)).toBe(asked - receivedUnits);
        expect(held.map(({ ALLOCATED }) => ALLOCATED)).toEqual(shelves.map(({ allocatedUnits }) => allocatedUnits));
      }),
    );
  });

  it('takes from one shelf after the other', () => {
    const empty = { allocatedUnits: 0, lostUnits: 0, quarantinedUnits: 0, lotId: 'lot' };
    const shelves = [
      { ...empty, siteId: 'a', availableUnits: 7 },
      { ...empty, siteId: 'b', availableUnits: 3 },
    ];
    const at = { lotId: 'lot', from: 'AVAILABLE', to: 'SOURCE' };
    expect(correctIntake({ receivedUnits: 10, condition: 'GOOD', shelves }, 1)).toEqual([
      { ...at, siteId: 'a', units: 7 },
      { ...at, siteId: 'b', units: 2 },
    ]);
  });

  it('may take back all that came in where a count found more than that', () => {
    const shelf = {
      lotId: 'lot',
      siteId: 'a',
      availableUnits: 130,
      allocatedUnits: 0,
      lostUnits: 0,
      quarantinedUnits: 0,
    };
    const moves = correctIntake({ receivedUnits: 100, condition: 'GOOD', shelves: [shelf] }, 0);
    expect(moves).toMatchObject([{ units: 100, to: 'SOURCE' }]);
  });
});

describe('the last day of use', () => {
  it('is a day of use; the day after is not', () => {
    expect(isExpired('2026-11-23', '2026-11-23')).toBe(false);
    expect(isExpired('2026-11-22', '2026-11-23')).toBe(true);
    expect(isExpired(null, '2026-11-23')).toBe(false);
  });

  it('is counted in calendar days, over leap days and changes of the clock', () => {
    const DAY = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(DAY, fc.integer({ min: -40_000, max: 36_500 }), (date, days) => {
        const today = date.toISOString().slice(0, 10);
        const day = dayAfter(today, days);
        expect(expiresInDays(day, today)).toBe(days);
        expect(isExpired(day, today)).toBe(days < 0);
      }),
    );
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(expiresInDays(null, '2028-02-28')).toBeNull();
  });
});
