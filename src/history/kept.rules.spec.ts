import { describe, expect, it } from '@jest/globals';
import type { DistributionFilter } from './distribution.rules.js';
import { keptTotalFor } from './kept.rules.js';
import { narrowsToPeople, type DistributionDimension } from './summary.rules.js';

type Case = [DistributionDimension[], DistributionFilter, string | undefined];

describe('a sum is read from what is kept', () => {
  const cases: Case[] = [
    [[], {}, 'MONTH'],
    [['ITEM', 'MONTH'], { statuses: ['CONFIRMED'], itemCodes: ['MASK'] }, 'MONTH'],
    [['QUARTER'], { categories: ['MASK'], countries: null, timeZone: 'UTC' }, 'MONTH'],
    [['DONOR'], {}, 'DONOR'],
    [['ITEM'], { donorIds: ['d'] }, 'DONOR'],
    // A zone makes no difference where nothing is asked of time.
    [['ITEM'], { donorIds: ['d'], timeZone: 'Asia/Shanghai' }, 'DONOR'],
    [['COUNTRY'], {}, 'COUNTRY'],
    [['ITEM', 'MONTH'], { exposureTiers: [1], countries: ['US'] }, 'COUNTRY'],
    [['ITEM'], { allocatedOn: { from: '2020-04-01', to: '2020-04-30' } }, 'MONTH'],
    [['ITEM'], { allocatedOn: { to: '2020-02-29' } }, 'MONTH'],
    [['TIER'], { allocatedOn: { from: '2020-04-01' } }, 'COUNTRY'],
    [[], { search: 'mask', itemsOnly: true }, 'MONTH'],
  ];
  it.each(cases)('by %j with %j', (by, filter, kept) => {
    expect(keptTotalFor(by, filter)).toBe(kept);
  });

  const others: Case[] = [
    [['DAY'], {}, undefined],
    [['WEEK'], {}, undefined],
    [['RECIPIENT'], {}, undefined],
    [['MONTH'], { timeZone: 'America/New_York' }, undefined],
    [[], { allocatedOn: { from: '2020-04-01' }, timeZone: 'Asia/Kathmandu' }, undefined],
    [[], { allocatedOn: { from: '2020-04-02' } }, undefined],
    [[], { allocatedOn: { to: '2020-04-29' } }, undefined],
    [[], { allocatedOn: { to: '2019-02-27' } }, undefined],
    [['DONOR', 'MONTH'], {}, undefined],
    [['DONOR'], { countries: ['US'] }, undefined],
    [['MONTH'], { donorIds: ['d'] }, undefined],
    [[], { search: 'clinic' }, undefined],
    [[], { countries: [''] }, undefined],
    [[], { donorCountries: ['CN'] }, undefined],
    [[], { shipmentIds: [] }, undefined],
    // What is not known here is not ignored.
    [[], { somethingNew: true } as DistributionFilter, undefined],
  ];
  it.each(others)('but from the lines by %j with %j', (by, filter, kept) => {
    expect(keptTotalFor(by, filter)).toBe(kept);
  });
});

describe('a filter', () => {
  it.each([{}, { donorIds: ['d'] }, { shipmentIds: ['s'], itemCodes: ['MASK'], countries: null }, { timeZone: 'UTC' }])(
    'that says which gift leaves everybody who got it: %j',
    (filter) => expect(narrowsToPeople(filter)).toBe(false),
  );

  it.each([
    { countries: ['US'] },
    { exposureTiers: [1] },
    { statuses: ['CONFIRMED'] },
    { planIds: ['p'] },
    { siteIds: ['s'] },
    { allocatedOn: { from: '2020-04-01' } },
    { itemCodes: ['MASK'], countries: [] },
    { somethingNew: 1 },
  ])('that says more picks out people: %j', (filter) => expect(narrowsToPeople(filter)).toBe(true));
});
