import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Policy } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { deficitAfter } from './memory.rules.js';

const award = fc.record({
  exactShare: fc.oneof(
    fc.nat({ max: 1_000_000 }).map(String),
    fc.tuple(fc.nat({ max: 1_000_000 }), fc.integer({ min: 1, max: 5000 })).map(([top, bottom]) => `${top}/${bottom}`),
  ),
  units: fc.nat({ max: 1_000_000 }),
});

describe('what rounding owes', () => {
  it.each([
    ['0', '250/7', 35, '5/7'],
    ['5/7', '250/7', 36, '3/7'],
    ['-2/7', '2/7', 0, '0'],
    ['1/3', '1/6', 1, '-1/2'],
    ['0', '12', 12, '0'],
    ['1/3', '2', 1, '4/3'],
  ])('%s, a share of %s and an award of %d leave %s', (before, exactShare, units, after) => {
    expect(deficitAfter(before, { exactShare, units }, 'given')).toBe(after);
  });

  it('is what it was once all awards are taken back, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(award, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (awards, order) => {
        const given = awards.reduce((deficit, one) => deficitAfter(deficit, one, 'given'), '-3/8');
        const back = awards
          .map((one) => ({ one, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .reduce((deficit, { one }) => deficitAfter(deficit, one, 'taken back'), given);
        expect(back).toBe('-3/8');
      }),
    );
  });

  it('is what the engine says it will be', () => {
    const rules = fc.constantFrom('CONSTRAINED_EQUAL_AWARDS', 'PROPORTIONAL', 'TALMUD', 'MAX_MIN_FILL_RATE');
    const claimants = fc.array(
      fc.record({
        claim: fc.integer({ min: 1, max: 40 }),
        weight: fc.integer({ min: 1, max: 3 }),
        deficit: fc.constantFrom('0', '1/3', '-2/7', '5/8'),
      }),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 99 }), claimants, (rule, units, some) => {
        const policy = { rule, ties: { by: 'CARRY_OVER', seed: 's' }, memory: { by: 'ROUNDING' } } as Policy;
        const recipients = some.map(({ claim, weight, deficit }, i) => ({
          id: `r${i}`,
          weight,
          claims: { MASK: claim },
          deficit: { MASK: deficit },
        }));
        const { awards, withoutAward, deficits } = split({
          policy,
          lots: [{ id: 'm', item: 'MASK', units }],
          recipients,
        });
        const rows = [...awards, ...withoutAward.map((row) => ({ ...row, units: 0 }))];
        expect(deficits).toHaveLength(rows.length);
        for (const { recipient, deficit } of deficits!) {
          const row = rows.find((one) => one.recipient === recipient)!;
          const before = recipients.find(({ id }) => id === recipient)!.deficit.MASK;
          const rounded = { exactShare: row.why.exactShare, units: row.units };
          expect(deficitAfter(before, rounded, 'given')).toBe(deficit);
        }
      }),
    );
  });

  it('is a reduced fraction that the table takes', () => {
    fc.assert(
      fc.property(award, award, (first, second) => {
        const text = deficitAfter(deficitAfter('0', first, 'given'), second, 'given');
        expect(text).toMatch(/^-?[0-9]+(\/[1-9][0-9]*)?$/);
        expect(text).not.toMatch(/^-0|\/1$/);
      }),
    );
  });
});
