import type { CurvePoint } from '../history/fairness.rules.js';

/** A point as shares of all people and of all units, each 0 to 1. */
export interface Share {
  readonly people: number;
  readonly units: number;
}

const NOTHING: Share = { people: 0, units: 0 };

/** The curve from nobody to everybody, in shares; empty where nobody received anything. */
export function curveOf(points: readonly CurvePoint[]): Share[] {
  const all = points.at(-1);
  if (all === undefined || all.units === 0) return [];
  return [NOTHING, ...points.map(({ people, units }) => ({ people: people / all.people, units: units / all.units }))];
}

/** The Gini coefficient that the curve shows: twice the area between it and the line of equality. */
export function giniOf(curve: readonly Share[]): number {
  let under = 0;
  for (let i = 1; i < curve.length; i++) {
    const [a, b] = [curve[i - 1]!, curve[i]!];
    under += (b.people - a.people) * (a.units + b.units);
  }
  return 1 - under;
}

/** What share of the units those have together who received least, up to a share of the people. */
export function shareOfLeast(curve: readonly Share[], people: number): number {
  const at = curve.findIndex((point) => point.people >= people);
  const [a, b] = [curve[at - 1], curve[at]];
  if (!b) return 1;
  if (!a) return 0;
  return a.units + ((b.units - a.units) * (people - a.people)) / (b.people - a.people);
}

/** The Lorenz points of what each person received. */
export function lorenzOf(received: readonly number[]): CurvePoint[] {
  let units = 0;
  return received
    .toSorted((a, b) => a - b)
    .map((own, i) => {
      units += own;
      return { people: i + 1, units };
    });
}
