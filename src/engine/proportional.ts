import { cut } from './cut.js';
import { boxOf } from './equal-awards.js';
import { largestRemainder } from './largest-remainder.js';
import { exactShares, GainLines, levelOf } from './level.js';
import type { Rounding } from './problem.js';
import type { Figures, RuleFunction, Shares } from './shares.js';
import { GeometricOrder, QuotientOrder, Votes, type AmongEquals, type UnitOrder } from './unit-order.js';

/**
 * Shares in proportion to claim times weight, rounded to whole units by the named method and capped at the bounds
 * (Balinski & Young 1982; Pukelsheim 2017).
 *
 * Claims without bound all count the same, so that the weights alone decide: apportionment, where weights are votes. Of
 * claims some with and some without bound, those without count as the largest that has one: whoever wants all there is
 * asks for at least as much as anybody else.
 */
export function proportional(rounding: Rounding): RuleFunction {
  return (estate, figures): Shares => {
    const claims = countedClaims(figures);
    const votes = new Votes(claims, figures.weights);
    const inProportionTo = claims === null ? 'WEIGHT' : 'CLAIM';
    const common = { limitedPeople: 0, limitedUnits: 0, inProportionTo } as const;
    if (rounding === 'LARGEST_REMAINDER') return { ...common, ...largestRemainder(estate, figures, votes) };
    const box = boxOf(estate, figures);
    const lines = new GainLines(votes);
    return {
      ...common,
      ...cut(estate, box, divisorOrder(rounding, votes)),
      exactShare: exactShares(box, lines, () => levelOf(estate, box, lines)),
    };
  };
}

/** Null when every claim is without bound. */
function countedClaims({ claims }: Figures): Float64Array | null {
  let largest = 0;
  let unbounded = 0;
  for (const claim of claims) {
    if (claim === Infinity) unbounded++;
    else if (claim > largest) largest = claim;
  }
  if (unbounded === 0) return claims;
  return largest === 0 ? null : claims.map((claim) => Math.min(claim, largest));
}

function divisorOrder(rounding: Exclude<Rounding, 'LARGEST_REMAINDER'>, votes: Votes): UnitOrder {
  // Where the first unit stands at zero, whatever the votes, the field gives it to the most votes first (Balinski &
  // Young); other quotients that are equal only a draw can part.
  const mostVotesFirst: AmongEquals = (a, k, b) => (k === 1 ? votes.compare(b, a) : 0);
  const draw: AmongEquals = () => 0;
  switch (rounding) {
    case 'ADAMS':
      return new QuotientOrder(votes, 0, mostVotesFirst);
    case 'WEBSTER':
      return new QuotientOrder(votes, 1, draw);
    case 'JEFFERSON':
      return new QuotientOrder(votes, 2, draw);
    case 'HUNTINGTON_HILL':
      return new GeometricOrder(votes, mostVotesFirst);
  }
}
