import { describe, expect, it } from '@jest/globals';
import { type PolicyRequest, termsOf } from './policy.rules.js';
import { summaryOf } from './summary.rules.js';

const say = (request: PolicyRequest): string => summaryOf(termsOf(request));
const rule = 'CONSTRAINED_EQUAL_AWARDS';
const LOTTERY = 'Single units that cannot be divided go by a lottery that anybody can draw again.';

describe('the summary of a policy', () => {
  it.each([
    [{ rule }, 'Everybody gets the same.'],
    [{ rule, claims: 'NEED' }, 'Everybody gets the same, but nobody more than their open needs.'],
    [{ rule, claims: 'HEADCOUNT' }, 'Everybody gets the same for each person they collect for.'],
    [{ rule: 'PROPORTIONAL' }, 'Everybody gets an equal share, rounded by the largest remainders (Hamilton).'],
    [
      { rule: 'PROPORTIONAL', claims: 'HEADCOUNT', rounding: 'WEBSTER' },
      'Everybody gets a share in proportion to the number of people they collect for, rounded to the nearest whole (Webster).',
    ],
    [
      { rule: 'CONSTRAINED_EQUAL_LOSSES', claims: 'NEED' },
      'Everybody goes without the same number of units of their open needs.',
    ],
    [
      { rule: 'TALMUD', claims: 'BURN_RATE' },
      'Everybody gets the same, up to half of the needs that follow from what they use up; where there is more, everybody goes without the same.',
    ],
    [
      { rule: 'MAX_MIN_FILL_RATE', claims: 'NEED' },
      'The smallest part of their open needs that is met is made as large as it can be.',
    ],
  ] as [PolicyRequest, string][])('of %j says how it divides', (request, sentence) => {
    expect(say(request)).toBe(`${sentence} ${LOTTERY}`);
  });

  it('says who comes first', () => {
    expect(say({ rule, claims: 'NEED', tiers: { by: 'STRICT' } })).toBe(
      'Everybody gets the same, but nobody more than their open needs. Exposure tiers come one after the other: tier 1 (aerosol-generating work or ICU) first, with all it can take, then tier 2 (direct COVID care), then tier 3 (other care). ' +
        LOTTERY,
    );
    const shares = [
      { tier: 2, share: 1 },
      { tier: 1, share: 3 },
    ];
    expect(say({ rule, tiers: { by: 'RESERVED', shares } })).toContain(
      'Every lot is cut into parts: 3 for tier 1 (aerosol-generating work or ICU) and 1 for tier 2 (direct COVID care); what a tier cannot take is shared among everybody.',
    );
  });

  it('says every limit, in units of the items', () => {
    const summary = say({
      rule,
      reserve: [{ itemCode: 'MASK', units: 1000 }],
      guarantee: [{ itemCode: 'GOGGLES', units: 1 }],
      cap: [
        { itemCode: 'N95', units: 5 },
        { itemCode: 'FACE_SHIELD', units: 1 },
      ],
      minimumLot: [{ itemCode: 'MASK', units: 50 }],
      admit: 'SMALLEST_CLAIM_FIRST',
      wholePacks: true,
    });
    expect(summary).toBe(
      'Everybody gets the same. Kept back first: 1,000 masks. Everybody is guaranteed 1 pair of goggles, as far as claimed. Nobody gets more than 5 N95s and 1 face shield. Whoever gets any gets at least 50 masks, or all they claim, and the smallest claims come first. Only whole packs are given. ' +
        LOTTERY,
    );
  });

  it('stays short for a long table, and says how many items it leaves out', () => {
    const cap = Array.from({ length: 500 }, (_, i) => ({ itemCode: `ITEM_${i}X`, units: 2 }));
    const summary = say({ rule, cap });
    expect(summary).toContain('and so on for 496 more items.');
    expect(summary.length).toBeLessThan(300);
  });

  it('says what is remembered, and what decides single units', () => {
    expect(say({ rule, memory: { by: 'CUMULATIVE', days: 30 } })).toContain(
      'What somebody received in the last 30 days counts.',
    );
    expect(say({ rule, memory: { by: 'ROUNDING' } })).toContain('Who was rounded up or down is remembered');
    expect(say({ rule, tieBreak: 'CARRY_OVER' })).toBe(
      'Everybody gets the same. Single units that cannot be divided go to whoever was rounded down most so far, then by a lottery that anybody can draw again.',
    );
    expect(say({ rule, tieBreak: 'STABLE' })).toContain('go by list order, which is for tests.');
  });
});
