import { rounded } from '../engine/fairness.js';

/** How a list of recipients is ordered: who has the most, or of whose claims the least part is met, comes first. */
export const FAIRNESS_ORDERS = ['MOST_RECEIVED', 'LEAST_FILLED'] as const;
export type FairnessOrder = (typeof FAIRNESS_ORDERS)[number];

/** How evenly something is spread over people; floats for display, which decide nothing. */
export interface Figures {
  readonly people: number;
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  readonly p10: number;
  readonly gini: number;
  readonly jain: number;
}

/** As measured; null over nobody, Gini and Jain also where nobody has anything. */
export type Measured = { readonly [Figure in keyof Figures]: number | null } & { readonly people: number };

/** Rounded to four decimals; null over nobody. Where nobody has anything, all have the same. */
export function figuresOf(measured: Measured): Figures | null {
  if (measured.people === 0) return null;
  return {
    people: measured.people,
    min: rounded(measured.min!),
    mean: rounded(measured.mean!),
    median: rounded(measured.median!),
    p10: rounded(measured.p10!),
    gini: rounded(measured.gini ?? 0),
    jain: rounded(measured.jain ?? 1),
  };
}

/** A Lorenz curve has at most about so many points. */
export const MOST_CURVE_POINTS = 200;

/** A point of a Lorenz curve: so many people, those who received least, received so many units together. */
export interface CurvePoint {
  readonly people: number;
  readonly units: number;
}
