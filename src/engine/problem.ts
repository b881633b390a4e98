/**
 * The shape of the engine's data: a problem goes in, a split comes out. Everything is plain JSON; quantities are whole
 * units; days are calendar days, `YYYY-MM-DD`. Absent fields mean their defaults, so a minimal problem is a rule, lots
 * and recipients.
 */

export const RULES = [
  'CONSTRAINED_EQUAL_AWARDS',
  'PROPORTIONAL',
  'CONSTRAINED_EQUAL_LOSSES',
  'TALMUD',
  'MAX_MIN_FILL_RATE',
] as const;
export type Rule = (typeof RULES)[number];

export const ROUNDINGS = ['LARGEST_REMAINDER', 'WEBSTER', 'JEFFERSON', 'ADAMS', 'HUNTINGTON_HILL'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

export const TIE_ORDERS = ['STABLE', 'LOTTERY', 'CARRY_OVER'] as const;
export const TIER_KINDS = ['NONE', 'STRICT', 'RESERVED'] as const;
export const MEMORY_KINDS = ['NONE', 'ROUNDING', 'CUMULATIVE'] as const;
export const ADMISSIONS = ['TIE_ORDER', 'SMALLEST_CLAIM_FIRST'] as const;

/** How single units that cannot be divided are decided. Without `ties` the order is `STABLE`. */
export type Ties = { by: 'STABLE' } | { by: 'LOTTERY'; seed: string };

/** A quantity of units per item code. */
export type UnitsByItem = Record<string, number>;

export interface Policy {
  rule: Rule;
  /** Matters to `PROPORTIONAL` alone; carried here so that a policy row maps to one object. */
  rounding?: Rounding;
  ties?: Ties;
  tiers?: { by: 'NONE' };
  /** Units kept back before anything is shared, taken from the lots that expire last. */
  reserveUnits?: UnitsByItem;
  /** The most units one recipient may get. */
  cap?: UnitsByItem;
  minimumLot?: UnitsByItem;
  guarantee?: UnitsByItem;
  admit?: 'TIE_ORDER';
  wholePacks?: false;
  memory?: { by: 'NONE' };
}

export interface Lot {
  id: string;
  item: string;
  units: number;
  unitsPerPack?: number;
  /** The last day on which the lot may be given. */
  expiresOn?: string;
}

export interface RecipientClaim {
  id: string;
  groups?: string[];
  country?: string;
  tier?: number;
  /** A positive whole number, 1 when absent; shares stand in proportion to it. */
  weight?: number;
  /** Wanted units per item. Absent: every item without bound. Present: only the items named. */
  claims?: UnitsByItem;
}

export interface Problem {
  /** Names the plan in the lottery's message, so that two plans with one seed draw differently. Default `""`. */
  plan?: string;
  /** The plan's day; without it nothing counts as expired. */
  day?: string;
  policy: Policy;
  /** Items are taken in the order in which they first appear here. */
  lots: Lot[];
  recipients: RecipientClaim[];
}

/** What kept an award from being larger. */
export type BindingConstraint = 'SUPPLY' | 'CLAIM' | 'CAP';

/**
 * All that is needed to say why one recipient gets these units of one item; the sentence is rebuilt from it alone.
 * `floor + extra === units` always.
 */
export interface Why {
  item: string;
  units: number;
  /** Units of the item in lots that have not expired. */
  supply: number;
  /** The part of `supply` kept back before sharing. */
  reserved: number;
  /** Recipients among whom `supply - reserved` was shared. */
  people: number;
  /** Those of `people` whose claim or cap lies at or below the common floor, and the units they get together. */
  limitedPeople: number;
  limitedUnits: number;
  /** Units asked for; null when without bound. */
  claim: number | null;
  /** The most one recipient may get of this item; null when there is no such limit. */
  cap: number | null;
  weight: number;
  /** True when the people sharing do not all have the same weight. */
  weighted: boolean;
  /** The award of the real-valued rule, a reduced fraction such as `250/7`, or a whole number such as `35`. */
  exactShare: string;
  /** What everybody in the same position gets before single units are decided. */
  floor: number;
  /** 1 for those who got one of the single units left over. */
  extra: 0 | 1;
  /** Single units won for earlier items of this plan; null for those who did not contend. */
  extrasBefore: number | null;
  /** Place among the contenders for single units, from 1; null for those who did not contend. */
  rank: number | null;
  /** How many contended for single units, and how many of them got one (places 1 to `cutoff`); null without contest. */
  contenders: number | null;
  cutoff: number | null;
  ties: Ties['by'];
  /** True when contenders with fewer single units before came ahead of others. */
  fewestExtrasFirst: boolean;
  bindingConstraint: BindingConstraint;
}

export interface LotUnits {
  lot: string;
  units: number;
}

/** An eligible recipient who gets nothing of an item, and why. */
export interface WithoutAward {
  recipient: string;
  item: string;
  why: Why;
  sentence: string;
}

/** Units of one item for one recipient, the lots they come from (earliest expiry first), and why. */
export interface Award extends WithoutAward {
  units: number;
  lots: readonly LotUnits[];
}

/** `BROKEN_PACK` and `BELOW_MINIMUM_LOT` wait for packs and minimum lots. */
export type UnallocatedReason = 'RESERVED' | 'NO_ELIGIBLE_CLAIM' | 'EXPIRED' | 'BROKEN_PACK' | 'BELOW_MINIMUM_LOT';

export interface Unallocated extends LotUnits {
  reason: UnallocatedReason;
}

/** Fairness of one item's split, for display only: nothing is decided by these numbers. See `metrics.ts`. */
export interface Metrics {
  supply: number;
  claimed: number | null;
  awarded: number;
  served: number;
  fillMin: number | null;
  fillMean: number | null;
  fillP10: number | null;
  gini: number;
  jain: number;
  maxEnvyUnits: number;
}

/** Awards and `withoutAward` stand by item (in the order of the lots), then by recipient id in code units. */
export interface Split {
  awards: Award[];
  withoutAward: WithoutAward[];
  unallocated: Unallocated[];
  metrics: Record<string, Metrics>;
  fingerprint: string;
}
