import { evennessOf, fillFigures } from './fairness.js';
import { sumOf } from './figures.js';
import type { Metrics, Problem, RecipientClaim, Split } from './problem.js';

/** What the people of a split can be told apart by. */
export const DIMENSIONS = ['GROUP', 'TIER', 'COUNTRY'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** How fair one item's split is among the claimants who share a group, a tier or a country. See `metrics.ts`. */
export interface BreakdownRow extends Omit<Metrics, 'supply' | 'maxEnvyUnits'> {
  item: string;
  by: Dimension;
  /** The group's id, the tier or the country; null for those who have none. */
  key: string | null;
  /** How many claimants, with an award or without. */
  people: number;
}

/** What the claimants of one row asked for and got, each at the same place in both lists. */
interface Tally {
  units: number[];
  claims: number[];
}

type Tallies = Map<Dimension, Map<string | null, Tally>>;

/**
 * The metrics of a split by group, tier and country: a row for every item and every one of them that a claimant has, and
 * one for the claimants who have none. Whoever is in two groups counts in both, so that only tiers and countries sum to
 * the item's total. Rows stand by item in the order of the lots, then in the order of `DIMENSIONS`, then by key in code
 * units, `null` last.
 */
export function breakdownOf(problem: Problem, split: Pick<Split, 'awards' | 'withoutAward'>): BreakdownRow[] {
  const recipients = new Map(problem.recipients.map((recipient) => [recipient.id, recipient]));
  const byItem = new Map<string, Tallies>();
  for (const { item } of problem.lots) byItem.set(item, new Map());
  for (const rows of [split.awards, split.withoutAward]) {
    for (const { recipient, item, why } of rows) {
      const { units, claim } = why;
      count(byItem.get(item)!, recipients.get(recipient)!, units, claim ?? Infinity);
    }
  }
  return Array.from(byItem, ([item, tallies]) => rowsOf(item, tallies)).flat();
}

function count(tallies: Tallies, recipient: RecipientClaim, units: number, claim: number): void {
  for (const by of DIMENSIONS) {
    let tallyOf = tallies.get(by);
    if (!tallyOf) {
      tallyOf = new Map();
      tallies.set(by, tallyOf);
    }
    for (const key of keysOf(recipient, by)) {
      const tally = tallyOf.get(key);
      if (tally) {
        tally.units.push(units);
        tally.claims.push(claim);
      } else {
        tallyOf.set(key, { units: [units], claims: [claim] });
      }
    }
  }
}

const NONE = [null];

function keysOf({ groups, tier, country }: RecipientClaim, by: Dimension): Iterable<string | null> {
  switch (by) {
    case 'GROUP':
      return groups && groups.length > 0 ? new Set(groups) : NONE;
    case 'TIER':
      return tier === undefined ? NONE : [String(tier)];
    case 'COUNTRY':
      return country === undefined ? NONE : [country];
  }
}

function rowsOf(item: string, tallies: Tallies): BreakdownRow[] {
  return Array.from(tallies).flatMap(([by, tallyOf]) =>
    Array.from(tallyOf)
      .sort(([a], [b]) => compareKeys(a, b))
      .map(([key, tally]) => ({ item, by, key, ...figuresOf(tally) })),
  );
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

function figuresOf(tally: Tally): Omit<BreakdownRow, 'item' | 'by' | 'key'> {
  const units = Float64Array.from(tally.units);
  const claims = Float64Array.from(tally.claims);
  const awarded = sumOf(units);
  const claimed = sumOf(claims);
  return {
    people: units.length,
    claimed: claimed === Infinity ? null : claimed,
    awarded,
    ...fillFigures(units, claims, claimed),
    ...evennessOf(units, awarded),
  };
}
