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
  /** How `PROPORTIONAL` rounds, `LARGEST_REMAINDER` when absent; matters to no other rule. */
  rounding?: Rounding;
  ties?: Ties;
  tiers?: { by: 'NONE' };
  /** Units kept back before anything is shared, taken from the lots that expire last. */
  reserveUnits?: UnitsByItem;
  /** The most units one recipient may get. */
  cap?: UnitsByItem;
  minimumLot?: UnitsByItem;
  /** The fewest units a recipient gets whatever the rule says: this, or the claim or cap when that is less. */
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
  rule: Rule;
  /** How a proportional share was rounded; null under every other rule. */
  rounding: Rounding | null;
  /** What proportional shares stand in proportion to, apart from weight; null under every other rule. */
  inProportionTo: 'CLAIM' | 'WEIGHT' | null;
  /** Under `TALMUD`: whether everybody gets up to half of the claim, or goes without up to half; else null. */
  half: 'LOWER' | 'UPPER' | null;
  units: number;
  /** Units of the item in lots that have not expired. */
  supply: number;
  /** The part of `supply` kept back before sharing. */
  reserved: number;
  /** Recipients among whom `supply - reserved` was shared. */
  people: number;
  /** Those of `people` whose claim or cap lies below the common floor, and the units they get together; 0 but under equal awards. */
  limitedPeople: number;
  limitedUnits: number;
  /** Units asked for by all `people`; null when one asks without bound. */
  claimed: number | null;
  /** Units asked for; null when without bound. */
  claim: number | null;
  /** The fewest units one recipient is guaranteed, claim and cap allowing; null when there is no such floor. */
  guarantee: number | null;
  /** False when there was too little for all guarantees, so that they were given in tie order: see `cutoff`. */
  guaranteesCovered: boolean;
  /** The most one recipient may get of this item; null when there is no such limit. */
  cap: number | null;
  weight: number;
  /** True when the people sharing do not all have the same weight. */
  weighted: boolean;
  /** The award of the real-valued rule, a reduced fraction such as `250/7`, or a whole number such as `35`. */
  exactShare: string;
  /** What everybody in the same position gets before single units are drawn. */
  floor: number;
  /** 1 for those who got one of the single units left over. */
  extra: 0 | 1;
  /** Single units won for earlier items of this plan; null for those who did not contend. */
  extrasBefore: number | null;
  /**
   * Place among the contenders for single units, from 1; null for those who did not contend. Where guarantees are not
   * covered, the place in which hers came.
   */
  rank: number | null;
  /**
   * How many contended for single units, and how many of them got one (places 1 to `cutoff`); null without
   * contest. Where guarantees are not covered: how many have one, and up to which place it was given whole.
   */
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

/**
 * Something to look at before the split is confirmed. A far claim is not honoured less for it; the median is that of the
 * item's claims that have a bound. `estate` is what was there to share.
 */
export type Note =
  | { code: 'CLAIM_FAR_ABOVE_MEDIAN'; recipient: string; item: string; claim: number; median: number }
  | { code: 'GUARANTEES_NOT_COVERED'; item: string; guaranteed: number; estate: number };

/** Awards, `withoutAward` and `notes` stand by item (in the order of the lots), then by recipient id in code units. */
export interface Split {
  awards: Award[];
  withoutAward: WithoutAward[];
  unallocated: Unallocated[];
  notes: Note[];
  metrics: Record<string, Metrics>;
  fingerprint: string;
}
