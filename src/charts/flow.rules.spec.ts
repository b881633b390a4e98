import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layOutFlow, type FlowEntry, type FlowLayout, type FlowNode, type FlowUnits } from './flow.rules.js';
import { widthOf } from './label.rules.js';
import { WIDTH } from './page.rules.js';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'OTHERS'];
const key = fc.constantFrom(...KEYS);
const name = fc.oneof(
  fc.string({ maxLength: 80, unit: 'grapheme' }),
  fc.constantFrom('口罩'.repeat(30), 'W'.repeat(90)),
);
const units = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100_000_000 }));
const flows = fc.array(fc.record({ keys: fc.tuple(key, key, key), units }) as fc.Arbitrary<FlowUnits>, {
  minLength: 1,
  maxLength: 200,
});
const columns = fc
  .tuple(...[0, 1, 2].map(() => fc.array(name, { minLength: 12, maxLength: 12 })))
  .map((names) =>
    names.map((column): FlowEntry[] => KEYS.map((k, i) => ({ key: k, name: column[i]!, isLast: k === 'OTHERS' }))),
  );
const layouts = fc.tuple(columns, flows).map(([entries, given]) => ({ given, layout: layOutFlow(entries, given) }));

const sumOf = (rows: readonly { units: number }[]): number => rows.reduce((sum, row) => sum + row.units, 0);

/** What of a node's side bands fill, as [from, to], from the top. */
function filled(layout: FlowLayout, node: FlowNode, side: 'left' | 'right'): [number, number][] {
  return layout.bands
    .filter((band) => (side === 'right' ? band.from : band.to) === node)
    .map((band): [number, number] => {
      const y = side === 'right' ? band.y0 : band.y1;
      return [y, y + band.height];
    })
    .sort(([a], [b]) => a - b);
}

describe('the layout of a flow', () => {
  it('has all units in every column and between any two', () => {
    fc.assert(
      fc.property(layouts, ({ given, layout }) => {
        for (const column of layout.columns) expect(sumOf(column)).toBe(sumOf(given));
        for (const place of [0, 1])
          expect(sumOf(layout.bands.filter(({ from }) => from.column === place))).toBe(sumOf(given));
        for (const node of layout.columns.flat()) {
          const ways = layout.bands.filter(({ from, to }) => from === node || to === node);
          expect(sumOf(ways)).toBe(node.units * (node.column === 1 ? 2 : 1));
        }
      }),
    );
  });

  it('fills each side of a node with its bands, from top to bottom, none over another', () => {
    fc.assert(
      fc.property(layouts, ({ layout }) => {
        const sides = [['right'], ['left', 'right'], ['left']] as const;
        for (const node of layout.columns.flat()) {
          for (const side of sides[node.column]!) {
            let y = node.y;
            for (const [from, to] of filled(layout, node, side)) {
              expect(from).toBeCloseTo(y, 6);
              y = to;
            }
            expect(y).toBeCloseTo(node.y + node.height, 6);
          }
        }
      }),
    );
  });

  it('keeps nodes and labels apart and in the picture', () => {
    fc.assert(
      fc.property(layouts, ({ layout }) => {
        for (const column of layout.columns) {
          let y = 112;
          for (const node of column) {
            expect(node.slot.y).toBeGreaterThan(y);
            expect(node.y).toBeGreaterThanOrEqual(node.slot.y - 1e-9);
            expect(node.y + node.height).toBeLessThanOrEqual(node.slot.y + node.slot.height + 1e-9);
            expect(node.lines.length * 20 + 20).toBeLessThanOrEqual(node.slot.height);
            y = node.slot.y + node.slot.height;
          }
          expect(y).toBeLessThanOrEqual(layout.height);
        }
        // Labels of donors end 8 before their node, the others begin 8 after theirs, and end before the next node or the edge.
        for (const node of layout.columns.flat()) {
          const room = [node.x - 8, 538 - node.x - node.width - 16, WIDTH - node.x - node.width - 8][node.column]!;
          for (const line of node.lines) expect(widthOf(line, 16)).toBeLessThanOrEqual(room);
        }
      }),
    );
  });

  it('puts the largest first, and what stands for several last', () => {
    fc.assert(
      fc.property(layouts, ({ layout }) => {
        for (const column of layout.columns) {
          const own = column.filter((node) => node.key !== 'OTHERS');
          expect(own.map((node) => node.units)).toEqual(own.map((node) => node.units).toSorted((a, b) => b - a));
          expect(column.slice(0, own.length)).toEqual(own);
        }
      }),
    );
  });
});
