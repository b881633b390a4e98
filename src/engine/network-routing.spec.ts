import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Routing } from './network-routing.js';

interface Wants {
  supply: number[];
  /** Per class, the lots it may draw on and what it wants, in parts of a unit. */
  classes: { lots: number[]; parts: number }[];
  unit: number;
}

const wants: fc.Arbitrary<Wants> = fc.integer({ min: 1, max: 5 }).chain((lots) =>
  fc.record({
    supply: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: lots, maxLength: lots }),
    classes: fc.array(
      fc.record({
        lots: fc.subarray(
          Array.from({ length: lots }, (_, lot) => lot),
          { minLength: 1 },
        ),
        parts: fc.integer({ min: 0, max: 12 }),
      }),
      { maxLength: 12 },
    ),
    unit: fc.integer({ min: 1, max: 5 }),
  }),
);

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function route({ supply, classes, unit }: Wants): Routing {
  const starts = classes.map((_, c) => sum(classes.slice(0, c).map(({ lots }) => lots.length)));
  const lots = classes.flatMap((c) => c.lots);
  return new Routing(
    { lots: Uint32Array.from(lots), starts: Uint32Array.from([...starts, lots.length]) },
    Float64Array.from(supply),
    {
      whole: Float64Array.from(classes, ({ parts }) => Math.floor(parts / unit)),
      rest: Float64Array.from(classes, ({ parts }) => parts % unit),
      unit,
    },
  );
}

/** By how much those who depend on some lots overdraw them, in parts of a unit. */
function excessOf({ supply, classes, unit }: Wants, lots: number[]): number {
  const wanted = classes.filter((c) => c.lots.every((lot) => lots.includes(lot))).map(({ parts }) => parts);
  return sum(wanted) - sum(lots.map((lot) => supply[lot]! * unit));
}

function affordable(wanted: Wants): boolean {
  return excessOf(wanted, Array.from(wanted.supply.keys())) <= 0;
}

describe('routing', () => {
  it('serves everyone exactly when no lots are overdrawn; else it names the lots overdrawn most, and no more of them', () => {
    fc.assert(
      fc.property(wants.filter(affordable), (wanted) => {
        const { supply } = wanted;
        const choices = Array.from({ length: 2 ** supply.length }, (_, mask) =>
          Array.from(supply.keys()).filter((lot) => mask & (1 << lot)),
        );
        const most = Math.max(...choices.map((lots) => excessOf(wanted, lots)));
        const scarce = route(wanted).scarceLots();
        expect(scarce === null).toBe(most === 0);
        if (scarce === null) return;
        const overdrawnMost = choices.filter((lots) => excessOf(wanted, lots) === most);
        const smallest = Math.min(...overdrawnMost.map((lots) => lots.length));
        expect(overdrawnMost.filter((lots) => lots.length === smallest)).toEqual([
          Array.from(supply.keys()).filter((lot) => scarce[lot]),
        ]);
      }),
      { numRuns: 10_000 },
    );
  });

  it('draws on the first lot as much as any way to serve everyone can, then on the second, and so on', () => {
    // What all lots up to one can give is what the classes want of them at most: the least over choices of these lots.
    fc.assert(
      fc.property(
        wants.filter((wanted) => wanted.unit === 1 && affordable(wanted)),
        (wanted) => {
          const routing = route(wanted);
          if (routing.scarceLots() !== null) return;
          const drawn = wanted.supply.map(() => 0);
          wanted.classes
            .flatMap(({ lots }) => lots)
            .forEach((lot, edge) => {
              drawn[lot]! += routing.flowAlong(edge);
            });
          for (let end = 1; end <= drawn.length; end++) expect(sum(drawn.slice(0, end))).toBe(mostDrawn(wanted, end));
        },
      ),
    );
  });
});

/** The most units the first lots can give to all classes: a minimal cut over every choice of these lots. */
function mostDrawn({ supply, classes }: Wants, end: number): number {
  const cuts = Array.from({ length: 2 ** end }, (_, mask) => {
    const isOpen = (lot: number) => lot < end && (mask & (1 << lot)) === 0;
    const emptied = sum(supply.filter((_, lot) => lot < end && !isOpen(lot)));
    return emptied + sum(classes.filter(({ lots }) => lots.some(isOpen)).map(({ parts }) => parts));
  });
  return Math.min(...cuts);
}
