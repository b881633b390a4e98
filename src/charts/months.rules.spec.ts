import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  KINDS,
  layOutMonths,
  monthNumber,
  monthText,
  MOST_MONTHS,
  spread,
  ticksTo,
  type MonthUnits,
} from './months.rules.js';

const row = fc.record({
  month: fc.integer({ min: 2020 * 12, max: 2026 * 12 }).map(monthText),
  kind: fc.constantFrom(...KINDS),
  units: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 1e12 })),
}) as fc.Arbitrary<MonthUnits>;
const rows = fc.array(row, { maxLength: 60 }).filter((all) => all.some(({ units }) => units > 0));
const sumOf = (all: readonly { units: number }[]): number => all.reduce((sum, { units }) => sum + units, 0);

describe('the layout of units by month', () => {
  it('draws every unit of the newest months, and tells the rest', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const layout = layOutMonths(all)!;
        expect(layout.units).toBe(sumOf(all));
        expect(sumOf(layout.bars) + layout.earlier).toBe(sumOf(all));
        expect(sumOf(layout.labels)).toBe(sumOf(layout.bars));
        expect(layout.bars.length).toBeLessThanOrEqual(MOST_MONTHS);
        for (const bar of layout.bars) expect(bar.units).toBe(sumOf(all.filter(({ month }) => month === bar.month)));
      }),
    );
  });

  it('has a place for each month between the first and the last, with nothing in it where there was nothing', () => {
    const layout = layOutMonths([
      { month: '2020-11', kind: 'MASK', units: 3 },
      { month: '2021-02', kind: 'GOGGLES', units: 4 },
    ])!;
    expect(layout.bars.map(({ month, units }) => [month, units])).toEqual([
      ['2020-11', 3],
      ['2020-12', 0],
      ['2021-01', 0],
      ['2021-02', 4],
    ]);
  });

  it('stacks parts in proportion, none over another, none beyond the axes', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { bars, plot, ticks } = layOutMonths(all)!;
        const scale = (plot.bottom - plot.top) / ticks.at(-1)!.units;
        let x: number = plot.left;
        for (const bar of bars) {
          expect(bar.x).toBeGreaterThanOrEqual(x);
          x = bar.x + bar.width;
          let y: number = plot.bottom;
          for (const part of bar.parts) {
            expect(part.height).toBeCloseTo(part.units * scale, 6);
            expect(part.y + part.height).toBeCloseTo(y, 6);
            y = part.y;
          }
          expect(y).toBeGreaterThanOrEqual(plot.top - 1e-6);
        }
        expect(x).toBeLessThanOrEqual(plot.right);
      }),
    );
  });

  it('parts the labels, in the order of the stack', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { labels, plot } = layOutMonths(all)!;
        for (const [i, { y }] of labels.entries()) {
          expect(y - 20).toBeGreaterThanOrEqual(i === 0 ? plot.top : labels[i - 1]!.y + 20);
          expect(y + 20).toBeLessThanOrEqual(plot.bottom);
        }
        const order = labels.map(({ kind }) => KINDS.indexOf(kind));
        expect(order).toEqual(order.toSorted((a, b) => b - a));
      }),
    );
  });

  it('has room for the labels of all kinds', () => {
    const { labels, plot } = layOutMonths(KINDS.map((kind) => ({ month: '2020-03', kind, units: 1 })))!;
    expect(labels).toHaveLength(7);
    expect(labels[0]!.y - 20).toBeGreaterThanOrEqual(plot.top);
  });

  it('is nothing over nothing', () => {
    expect(layOutMonths([{ month: '2020-03', kind: 'MASK', units: 0 }])).toBeNull();
  });
});

describe('an axis', () => {
  it.each([
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [1200, [0, 500, 1000, 1500]],
    [2_000_000, [0, 500_000, 1_000_000, 1_500_000, 2_000_000]],
  ])('to %d has round steps of whole units', (most, ticks) => {
    expect(ticksTo(most)).toEqual(ticks);
  });

  it('has few steps, however far it goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (most) => {
        const ticks = ticksTo(most);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      }),
    );
  });
});

describe('months', () => {
  it('have numbers and come back from them', () => {
    expect(monthText(monthNumber('2020-12') + 1)).toBe('2021-01');
  });
});

describe('labels that want the same place', () => {
  it('move apart within their room', () => {
    expect(spread([100, 100, 100], 10, 0, 110)).toEqual([90, 100, 110]);
    expect(spread([5, 50], 10, 0, 110)).toEqual([5, 50]);
  });
});
