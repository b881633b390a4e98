import { cut } from './cut.js';
import { boxOf } from './equal-awards.js';
import { exactShares, levelOf, LossLines } from './level.js';
import type { RuleFunction, Shares } from './shares.js';
import { LossOrder } from './unit-order.js';

/**
 * Constrained equal losses in whole units: what people are without (claim - award), times weight, is leximin, so that
 * the greatest is as small as can be, then the next. Unit after unit goes to whoever is without most.
 *
 * The dual of constrained equal awards among equal weights (Herrero & Villar 2001). Elsewhere in the field a greater
 * weight means a greater loss; here a weight speaks for its recipient under every rule, so twice the weight is half the
 * loss. Between units that stand equal the greater weight comes first, whose loss the unit lessens more.
 */
export const equalLosses: RuleFunction = (estate, figures): Shares => {
  const { claims, weights } = figures;
  const box = boxOf(estate, figures);
  const order = new LossOrder(claims, weights, (a, _k, b) => weights[b]! - weights[a]!);
  const lines = new LossLines(claims, weights);
  return {
    ...cut(estate, box, order),
    limitedPeople: 0,
    limitedUnits: 0,
    exactShare: exactShares(box, lines, () => levelOf(estate, box, lines)),
  };
};
