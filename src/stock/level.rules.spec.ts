import { describe, expect, it } from '@jest/globals';
import { isNearerToNow, levelsOf, type PlacedUnits } from './level.rules.js';

const row = (siteId: string, place: PlacedUnits['place'], units: number, isExpired = false): PlacedUnits => ({
  itemId: 'mask',
  siteId,
  place,
  isExpired,
  units,
});

describe('levels', () => {
  it('add up places and sites; what is on hand and what has expired is a part of them', () => {
    const [level, none] = levelsOf([
      row('a', 'AVAILABLE', 5),
      row('a', 'AVAILABLE', 3, true),
      row('b', 'ALLOCATED', 7, true),
      row('b', 'QUARANTINED', 1),
      row('a', 'DELIVERED', 9),
      { itemId: 'gown', siteId: null },
    ]);
    expect(level).toMatchObject({
      itemId: 'mask',
      onHandUnits: 16,
      availableUnits: 8,
      expiredUnits: 3,
      allocatedUnits: 7,
      quarantinedUnits: 1,
      deliveredUnits: 9,
      bySite: [
        { siteId: 'a', onHandUnits: 8, expiredUnits: 3, deliveredUnits: 9 },
        { siteId: 'b', onHandUnits: 8, expiredUnits: 0, allocatedUnits: 7 },
      ],
    });
    expect(none).toMatchObject({ itemId: 'gown', onHandUnits: 0, bySite: [] });
  });

  it('of the past are counted from whichever end is nearer', () => {
    const day = (d: number): Date => new Date(Date.UTC(2026, 0, d));
    expect(isNearerToNow(day(9), day(1), day(10))).toBe(true);
    expect(isNearerToNow(day(2), day(1), day(10))).toBe(false);
    expect(isNearerToNow(day(2), null, day(10))).toBe(true);
  });
});
