import type { Why } from '../../src/engine/problem.js';

/** She won one of the single units of the story's masks. */
export const LUCKY: Why = {
  item: 'MASK',
  pool: null,
  rule: 'CONSTRAINED_EQUAL_AWARDS',
  rounding: null,
  inProportionTo: null,
  half: null,
  units: 36,
  supply: 1000,
  reserved: 0,
  people: 28,
  limitedPeople: 0,
  limitedUnits: 0,
  claimed: null,
  claim: null,
  guarantee: null,
  guaranteesCovered: true,
  cap: null,
  weight: 1,
  weighted: false,
  exactShare: '250/7',
  floor: 35,
  extra: 1,
  extrasBefore: 0,
  rank: 3,
  contenders: 28,
  cutoff: 20,
  ties: 'LOTTERY',
  fewestExtrasFirst: false,
  bindingConstraint: 'SUPPLY',
  pack: null,
  broken: 0,
  minimumLot: null,
  admittedPeople: null,
  admit: null,
  received: null,
  deficit: null,
};
/** What differs where no single unit was contended. */
export const CERTAIN: Partial<Why> = { extra: 0, extrasBefore: null, rank: null, contenders: null, cutoff: null };
/** What differs where she gets none. */
export const NOTHING: Partial<Why> = { units: 0, floor: 0, extra: 0 };
