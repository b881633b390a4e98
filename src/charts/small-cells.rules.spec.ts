import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FEWEST_RECIPIENTS, OTHERS, withoutSmallCells, type Cell } from './small-cells.rules.js';

const cell = (part: string, units: number, recipients: number): Cell => ({ whole: 'MASK', part, units, recipients });

describe('small cells', () => {
  it('are merged, and what concerns three people stays', () => {
    expect(withoutSmallCells([cell('US', 90, 5), cell('CA', 6, 2), cell('DE', 40, 3), cell('FR', 9, 4)])).toEqual([
      cell('US', 90, 5),
      cell('DE', 40, 3),
      // Two Canadians alone would be known by subtraction: France joins them.
      { ...cell(OTHERS, 15, 4) },
    ]);
  });

  it('join what was merged before', () => {
    expect(withoutSmallCells([cell(OTHERS, 90, 5), cell('CA', 6, 2), cell('DE', 40, 3)])).toEqual([
      cell('DE', 40, 3),
      cell(OTHERS, 96, 5),
    ]);
  });

  it('keep units, whole by whole, and never show a part of fewer than three', () => {
    const cells = fc.uniqueArray(
      fc.record({
        whole: fc.constantFrom('MASK', 'GOWN'),
        part: fc.constantFrom('US', 'CA', 'DE', 'FR', 'CN', OTHERS),
        units: fc.integer({ min: 1, max: 1000 }),
        recipients: fc.integer({ min: 1, max: 6 }),
      }),
      { selector: ({ whole, part }) => `${whole} ${part}` },
    );
    fc.assert(
      fc.property(cells, (given) => {
        const merged = withoutSmallCells(given);
        for (const whole of ['MASK', 'GOWN']) {
          const [before, after] = [given, merged].map((all) => all.filter((one) => one.whole === whole));
          const sum = (all: readonly Cell[]): number => all.reduce((units, one) => units + one.units, 0);
          expect(sum(after!)).toBe(sum(before!));
          expect(after!.filter(({ part }) => part === OTHERS).length).toBeLessThanOrEqual(1);
          const [others] = after!.filter(({ part }) => part === OTHERS);
          if (others && after!.length > 1) expect(others.recipients).toBeGreaterThanOrEqual(FEWEST_RECIPIENTS);
          for (const { part, recipients } of after!)
            expect(part === OTHERS || recipients >= FEWEST_RECIPIENTS).toBe(true);
        }
      }),
    );
  });
});
