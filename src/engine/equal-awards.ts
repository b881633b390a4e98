import { cut, type Box } from './cut.js';
import { exactShares, GainLines, levelOf } from './level.js';
import type { Figures, RuleFunction, Shares } from './shares.js';
import { QuotientOrder, Votes } from './unit-order.js';

/**
 * Constrained equal awards in whole units: the vector x between lows and bounds, sum x = estate, that is leximin in
 * x / weight.
 *
 * It is the greedy one (Federgruen & Groenevelt 1986; for leximin Frank & Murota 2018): unit after unit goes to whoever
 * has least per weight, which orders the k-th unit of a claimant by (k - 1) / weight. Where those are equal, leximin
 * itself prefers the smaller weight, whose unit raises her further; only among equal weights is there a tie.
 */
export const equalAwards: RuleFunction = (estate, figures): Shares => {
  const shares = leximin(estate, figures, new Votes(null, figures.weights));
  return { ...shares, ...limitedBelowCommonFloor(shares.floors, figures) };
};

/** The same in x / (claim x weight): the least filled claim is filled first, which is Adams's method with caps. */
export const equalFillRates: RuleFunction = (estate, figures): Shares => ({
  ...leximin(estate, figures, new Votes(figures.claims, figures.weights)),
  limitedPeople: 0,
  limitedUnits: 0,
});

type Leximin = Pick<Shares, 'floors' | 'contests' | 'exactShare'>;

function leximin(estate: number, figures: Figures, votes: Votes): Leximin {
  const box = boxOf(estate, figures);
  const order = new QuotientOrder(votes, 0, (a, _k, b) => votes.compare(a, b));
  const lines = new GainLines(votes);
  return {
    ...cut(estate, box, order),
    exactShare: exactShares(box, lines, () => levelOf(estate, box, lines)),
  };
}

/** Nobody can get more than there is, so bounds become finite. */
export function boxOf(estate: number, { lows, bounds }: Figures): Box {
  const highs = new Float64Array(bounds.length);
  for (let i = 0; i < highs.length; i++) highs[i] = Math.min(bounds[i]!, estate);
  return { lows, highs };
}

/** The common floor is that of the people of one weight. */
function limitedBelowCommonFloor(
  floors: Float64Array,
  { bounds, weights }: Figures,
): Pick<Shares, 'limitedPeople' | 'limitedUnits'> {
  const commonFloors = new Map<number, number>();
  let [weight, highest] = [0, 0];
  for (let i = 0; i < floors.length; i++) {
    if (weights[i] !== weight) {
      if (weight > 0) commonFloors.set(weight, highest);
      weight = weights[i]!;
      highest = commonFloors.get(weight) ?? 0;
    }
    if (floors[i]! > highest) highest = floors[i]!;
  }
  commonFloors.set(weight, highest);
  let limitedPeople = 0;
  let limitedUnits = 0;
  for (let i = 0; i < bounds.length; i++) {
    if (weights[i] !== weight) {
      weight = weights[i]!;
      highest = commonFloors.get(weight)!;
    }
    if (bounds[i]! >= highest) continue;
    limitedPeople++;
    limitedUnits += bounds[i]!;
  }
  return { limitedPeople, limitedUnits };
}
