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

/**
 * How single units that cannot be divided are decided. Without `ties` the order is `STABLE`. `CARRY_OVER`: the largest
 * deficit first (see `RecipientClaim.deficit`), then by lottery.
 */
export type Ties = { by: 'STABLE' } | { by: 'LOTTERY'; seed: string } | { by: 'CARRY_OVER'; seed: string };

/** A tier of exposure, as a key of a table. */
export type TierKey = '1' | '2' | '3';

/**
 * Whether exposure tiers come one after the other. `STRICT`: tier 1 is served first, with all it can take, then tier 2,
 * tier 3, and whoever has no tier. `RESERVED`: every lot is cut in parts that stand to each other as `shares` do; each
 * tier is served from its part, and what it cannot take is shared among everybody, counting what they have by then.
 */
export type Tiers = { by: 'NONE' } | { by: 'STRICT' } | { by: 'RESERVED'; shares: Partial<Record<TierKey, number>> };

/** In which order recipients are admitted where there is too little for everybody's minimum lot. */
export type Admission = (typeof ADMISSIONS)[number];

/**
 * What earlier plans change. `ROUNDING`: the split reports everybody's new deficit, for `CARRY_OVER` to read next time.
 * `CUMULATIVE`: what was received in the last `days` counts as if this plan had given it; `days` is for the reader, the
 * engine takes `RecipientClaim.received` as it is.
 */
export type Memory = { by: 'NONE' } | { by: 'ROUNDING' } | { by: 'CUMULATIVE'; days?: number };

/** A quantity of units per item code. */
export type UnitsByItem = Record<string, number>;

export interface Policy {
  rule: Rule;
  /** How `PROPORTIONAL` rounds, `LARGEST_REMAINDER` when absent; matters to no other rule. */
  rounding?: Rounding;
  ties?: Ties;
  tiers?: Tiers;
  /** Units kept back before anything is shared, taken from the lots that expire last. */
  reserveUnits?: UnitsByItem;
  /** The most units one recipient may get. */
  cap?: UnitsByItem;
  /** A recipient gets nothing or at least this, or her claim or cap when that is less. */
  minimumLot?: UnitsByItem;
  /** The fewest units a recipient gets whatever the rule says: this, or the claim or cap when that is less. */
  guarantee?: UnitsByItem;
  admit?: Admission;
  /**
   * Share whole packs of `unitsPerPack` (a lot without is loose units). Claims and caps count in packs rounded down,
   * guarantees and minimum lots rounded up. Packs of several sizes are shared one size after the other, the largest first.
   */
  wholePacks?: boolean;
  memory?: Memory;
}

/**
 * Whom a lot was given for. A recipient is named when she matches everything that is stated: any of the groups, one of
 * the countries, and one of the tiers; whoever has no country or tier does not match any. At least one list is stated,
 * and none is empty.
 */
export interface Earmark {
  /** `ONLY`: for nobody else. `FIRST`: what those named cannot take goes to everybody. */
  strength: 'ONLY' | 'FIRST';
  groups?: string[];
  countries?: string[];
  /** From 1 to 3. */
  tiers?: number[];
}

export interface Lot {
  id: string;
  item: string;
  units: number;
  unitsPerPack?: number;
  /** The last day on which the lot may be given. */
  expiresOn?: string;
  earmark?: Earmark;
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
  /** Units wanted of any of some items together, on top of `claims`: 50 masks, be they N95 or KN95. */
  anyOf?: AnyOf[];
  /** Units received in the window of a `CUMULATIVE` memory. A newcomer has no table and starts at the mean of the others. */
  received?: UnitsByItem;
  /** By how much earlier plans rounded her down, a fraction such as `1/3`; negative where they rounded up. */
  deficit?: Record<string, string>;
}

/** A claim that several items can meet; the items are taken in the order in which the lots first name them. */
export interface AnyOf {
  items: string[];
  units: number;
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

/** The lots from which one recipient's units of an item with earmarks come, as they were shared. */
export interface Pool {
  /** Units in these lots, the reserve not counted; 0 where nothing was left in any lot that may go to her. */
  units: number;
  /** Among how many people they were shared. */
  people: number;
  /** For whom the lots were given, each earmark once; null for lots that may go to everybody, as `FIRST` ones once those named have theirs. */
  earmarks: readonly (Earmark | null)[];
  /** Units of the item she had from lots shared earlier. They count: `exactShare` and `floor` are with them. */
  before: number;
  /** False when some of the units contended for could not go to all contenders, so that a better place could go without. */
  bestPlacesWin: boolean;
  /**
   * Where tiers come one after the other: `STRICT` when only her tier took part then, `RESERVED` when these units were
   * her tier's part; else null. With it, her tier; null when she has none.
   */
  step: 'STRICT' | 'RESERVED' | null;
  tier: number | null;
}

/**
 * What kept an award from being larger. `PACK`: what she may still have is less than a pack. `MINIMUM_LOT`: there was too
 * little to admit her. `TIER`: she gets nothing because earlier tiers took all.
 */
export type BindingConstraint = 'SUPPLY' | 'CLAIM' | 'CAP' | 'PACK' | 'MINIMUM_LOT' | 'TIER';

/**
 * All that is needed to say why one recipient gets these units of one item; the sentence is rebuilt from it alone.
 * `floor + extra === units` always. Units, also where packs were shared. Fields from `pack` on are missing from reasons
 * that older engines wrote.
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
  /** 1 for those who got one of the single units left over; a pack where packs are shared. */
  extra: number;
  /** Single units won for earlier items of this plan (and from lots shared earlier, where lots are shared one after the other); null for those who did not contend. */
  extrasBefore: number | null;
  /**
   * Place among the contenders for single units, from 1; null for those who did not contend. Where guarantees are not
   * covered, the place in which hers came; for whoever was not admitted, her place among the candidates.
   */
  rank: number | null;
  /**
   * How many contended for single units, and how many of them got one (places 1 to `cutoff`); null without
   * contest. Where guarantees are not covered: how many have one, and up to which place it was given whole. For whoever
   * was not admitted: how many wanted to be, and how many were.
   */
  contenders: number | null;
  cutoff: number | null;
  ties: Ties['by'];
  /** True when contenders with fewer single units before came ahead of others. */
  fewestExtrasFirst: boolean;
  bindingConstraint: BindingConstraint;
  /** Null for items that were shared at once. Else `people` are all to whom any lot may go, and the rest is about the pool. */
  pool: Pool | null;
  /** Units a pack, where whole packs were shared; else null. */
  pack: number | null;
  /** Units in broken packs, which nobody gets. */
  broken: number;
  /** With less than this nobody ends who gets anything; null where there is no minimum lot. */
  minimumLot: number | null;
  /** Recipients who were admitted, when not all of `people` were; else null. */
  admittedPeople: number | null;
  admit: Admission | null;
  /** Units received from earlier plans, which count as hers; null where they do not count. */
  received: number | null;
  /** By how much earlier plans rounded her down, where that decides ties; else null. */
  deficit: string | null;
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

/**
 * `NO_ELIGIBLE_CLAIM`: nobody may take it, or not a whole pack of it. `BROKEN_PACK`: no whole pack. `BELOW_MINIMUM_LOT`: too little for the minimum of
 * anybody who is still short.
 */
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
 * item's claims that have a bound. `estate` is what was there to share. `STAGES` tells in which order lots with earmarks
 * were shared, where not all at once. `MINIMUM_LOTS`: how many went without because there was too little to give
 * everybody a minimum lot, and what they claimed together (null when without bound); with `SMALLEST_CLAIM_FIRST` those
 * are the largest claims. `TIERS`: how many of a tier got nothing because earlier tiers were served first. `NOT_IN_STOCK`: the
 * problem speaks of an item of which it has no lot, so a misspelled code does not pass in silence; `people` claim it.
 */
export type Note =
  | { code: 'CLAIM_FAR_ABOVE_MEDIAN'; recipient: string; item: string; claim: number; median: number }
  | { code: 'GUARANTEES_NOT_COVERED'; item: string; guaranteed: number; estate: number }
  | { code: 'STAGES'; item: string; stages: StageNote[] }
  | { code: 'MINIMUM_LOTS'; item: string; admit: Admission; admitted: number; without: number; claimed: number | null }
  | { code: 'TIERS'; item: string; tier: number | null; people: number }
  | { code: 'NOT_IN_STOCK'; item: string; people: number };

/** A note of one kind. */
export type NoteOf<Code extends Note['code']> = Extract<Note, { code: Code }>;

/** Lots shared at once: how many units were in them then, and among how many people. */
export interface StageNote {
  lots: string[];
  units: number;
  people: number;
  /** The tier that took part, where one came after the other; null is that of people without a tier. */
  tier?: number | null;
}

/** What a `ROUNDING` memory keeps: the deficit before, plus the exact share, less the award. */
export interface Deficit {
  recipient: string;
  item: string;
  deficit: string;
}

/** All lists but `unallocated` stand by item (in the order of the lots), then by recipient id in code units. */
export interface Split {
  awards: Award[];
  withoutAward: WithoutAward[];
  unallocated: Unallocated[];
  notes: Note[];
  /** Everybody's new deficit; absent but under a `ROUNDING` memory. */
  deficits?: Deficit[];
  metrics: Record<string, Metrics>;
  fingerprint: string;
}
