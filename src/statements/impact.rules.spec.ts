import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { impactIn } from './impact-wording.rules.js';
import { countriesShown, type ImpactFigures, partsOf } from './impact.rules.js';

const NOTHING: ImpactFigures = {
  receivedUnits: 0,
  foundUnits: 0,
  allocatedUnits: 0,
  deliveredUnits: 0,
  confirmedUnits: 0,
  onTheWayUnits: 0,
  promisedUnits: 0,
  availableUnits: 0,
  quarantinedUnits: 0,
  betweenSitesUnits: 0,
  lostUnits: 0,
  discardedUnits: 0,
  returnedToDonorUnits: 0,
  recipients: 0,
  confirmedRecipients: 0,
  confirmedCountries: 0,
};

const units = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3_000_000_000 }));
const PLACES = [
  'onTheWayUnits',
  'promisedUnits',
  'availableUnits',
  'quarantinedUnits',
  'betweenSitesUnits',
  'lostUnits',
  'discardedUnits',
  'returnedToDonorUnits',
] as const;

/** Figures of a gift every unit of which is somewhere. */
const gifts = fc
  .record({
    places: fc.tuple(...PLACES.map(() => units)),
    confirmed: units,
    uncounted: units,
    found: fc.integer({ min: 0, max: 5 }),
    people: fc.integer({ min: 1, max: 2000 }),
    countries: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ places, confirmed, uncounted, found, people, countries }): ImpactFigures => {
    const all = places.reduce((sum, n) => sum + n, 0) + confirmed + uncounted;
    return {
      ...NOTHING,
      ...Object.fromEntries(PLACES.map((place, i) => [place, places[i]!])),
      receivedUnits: Math.max(0, all - found),
      foundUnits: Math.min(all, found),
      confirmedUnits: confirmed,
      deliveredUnits: confirmed + uncounted,
      confirmedRecipients: confirmed === 0 ? 0 : people,
      confirmedCountries: confirmed === 0 ? 0 : countries,
    };
  });

/** The first number of each part after the colon, as somebody reads it. */
function unitsTold(sentence: string): number[] {
  const parts = sentence.split(/: |：/)[1]!.split(/, |，/);
  return parts.map((part) => Number(/^[\d,]+/.exec(part)![0].replaceAll(',', '')));
}

describe('the sentence to a donor', () => {
  it('is the one that she was promised', () => {
    const figures = {
      ...NOTHING,
      receivedUnits: 1000,
      deliveredUnits: 972,
      confirmedUnits: 972,
      onTheWayUnits: 28,
      confirmedRecipients: 27,
      confirmedCountries: 3,
    };
    expect(impactIn('EN', 'MASK', figures)).toBe(
      'Your 1,000 masks: 972 confirmed by 27 doctors in 3 countries, 28 on the way.',
    );
    expect(impactIn('ZH_HANS', 'MASK', figures)).toBe(
      '您的1,000只口罩：972只已由3个国家的27位医生确认收到，28只在途中。',
    );
  });

  it('knows one from many', () => {
    const one = { ...NOTHING, receivedUnits: 1, deliveredUnits: 1, confirmedUnits: 1 };
    const by = { confirmedRecipients: 1, confirmedCountries: 1 };
    expect(impactIn('EN', 'GOGGLES', { ...one, ...by })).toBe(
      'Your 1 pair of goggles: 1 confirmed by 1 doctor in 1 country.',
    );
    expect(impactIn('EN', 'N95', { ...one, confirmedRecipients: 2 })).toBe('Your 1 N95: 1 confirmed by 2 doctors.');
  });

  it('tells what counts found apart from what was given', () => {
    const figures = { ...NOTHING, receivedUnits: 10, foundUnits: 2, availableUnits: 12 };
    expect(impactIn('EN', 'GOWN', figures)).toBe('Your 10 gowns, and 2 more that counts found: 12 on the shelf.');
    expect(impactIn('ZH_HANS', 'GOWN', figures)).toBe('您的10件隔离衣，另有盘点时多出的2件：12件在库。');
  });

  it('accounts for every unit, in both languages', () => {
    fc.assert(
      fc.property(gifts, (figures) => {
        const all = figures.receivedUnits + figures.foundUnits;
        expect(partsOf(figures).reduce((sum, part) => sum + part.units, 0)).toBe(all);
        if (all === 0) return;
        for (const language of ['EN', 'ZH_HANS'] as const) {
          const told = unitsTold(impactIn(language, 'MASK', figures));
          expect(told.reduce((sum, n) => sum + n, 0)).toBe(all);
          expect(told).not.toContain(0);
        }
      }),
    );
  });
});

describe('countries', () => {
  const reached = [
    { country: 'CN', recipients: 2 },
    { country: 'US', recipients: 3 },
  ];
  it('where few people are reached are counted for donors, and named to those who read the whole chain', () => {
    expect(countriesShown(reached, false)).toEqual({ countries: ['US'], elsewhereCountries: 1 });
    expect(countriesShown(reached, true)).toEqual({ countries: ['CN', 'US'], elsewhereCountries: 0 });
  });
});
