import { breakdownOf } from '../engine/breakdown.js';
import type { LotUnits, Note, Problem, Split, Unallocated, Why } from '../engine/problem.js';
import type { BreakdownRow } from './plan-fairness.rules.js';
import type { ItemMetrics } from './plan.rules.js';

/** A replay names as many differences, and counts the rest. */
const MOST_DIFFERENCES = 20;

/** What one recipient gets of one item, from which lots, and why; no units where she was eligible and got nothing. */
export interface Given {
  readonly recipient: string;
  readonly item: string;
  /** Its place in the plan. */
  readonly position: number;
  readonly units: number;
  /** By lot. */
  readonly lots: readonly LotUnits[];
  readonly why: Why;
}

/** All that a split comes to: as it is kept with a plan, or as it is computed now. */
export interface Outcome {
  readonly given: readonly Given[];
  readonly unallocated: readonly Unallocated[];
  readonly metrics: readonly ItemMetrics[];
  /** Null where a plan was made before they were kept: then they are not compared. */
  readonly breakdown: readonly BreakdownRow[] | null;
  readonly notes: readonly Note[] | null;
}

/** What stands beside a plan's problem and follows from it. */
export interface Heading {
  readonly rule: string;
  readonly seed: string | null;
  readonly seedHash: string | null;
}

/** What a replay found. */
export interface Comparison {
  /** Every award has the units, from the lots, that are kept; and what is left is the same. */
  readonly sameUnits: boolean;
  /** What differs, in words, the first few; empty when nothing does. Never names the seed. */
  readonly differences: string[];
}

/** JSON with sorted keys: the database keeps the fields of an object in an order of its own. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // A loop, because this is where a replay spends its time.
  const fields = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    const inner = fields[key];
    if (inner !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

function byLot(lots: readonly LotUnits[]): LotUnits[] {
  return [...lots].sort((a, b) => (a.lot < b.lot ? -1 : 1));
}

function awardText({ recipient, item, position, units, lots, why }: Given): string {
  return canonicalJson({ recipient, item, position, units, lots: byLot(lots), why });
}

/** A split as it would be kept. */
export function outcomeOf(problem: Problem, result: Split): Outcome {
  const { awards, withoutAward, unallocated, metrics, notes } = result;
  const given = awards.map(({ recipient, item, units, lots, why }, position) => ({
    recipient,
    item,
    position,
    units,
    why,
    lots: byLot(lots),
  }));
  const without = withoutAward.map(({ recipient, item, why }, i) => ({
    recipient,
    item,
    position: awards.length + i,
    units: 0,
    why,
    lots: [],
  }));
  const byItem = Object.entries(metrics).map(([item, figures]) => ({ item, ...figures }));
  const breakdown = breakdownOf(problem, result);
  return { given: [...given, ...without], unallocated, metrics: byItem, breakdown, notes };
}

/** An outcome as text, in lines, the same for the same outcome: what a digest is taken of. Notes and breakdown follow from it. */
export function* linesOf({ given, unallocated, metrics }: Outcome): Generator<string> {
  for (const award of given) yield `${awardText(award)}\n`;
  for (const left of unallocated) yield `${canonicalJson(left)}\n`;
  for (const figures of metrics) yield `${canonicalJson(figures)}\n`;
}

/** What a problem says that also stands beside it. */
export function headingOf({ policy }: Problem, hashOf: (seed: string) => string): Heading {
  const seed = policy.ties === undefined || policy.ties.by === 'STABLE' ? null : policy.ties.seed;
  return { rule: policy.rule, seed, seedHash: seed === null ? null : hashOf(seed) };
}

/** The names of the fields in which two plain objects differ. */
function fieldsThatDiffer(kept: object, computed: object): string[] {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(computed)])].sort();
  const of = (from: object, name: string) => canonicalJson((from as Record<string, unknown>)[name]);
  return names.filter((name) => of(kept, name) !== of(computed, name));
}

function units(count: number): string {
  return `${count} ${count === 1 ? 'unit' : 'units'}`;
}

/** In what an award differs; null when it does not. */
function awardDifference(kept: Given, computed: Given): { what: string; inUnits: boolean } | null {
  // Almost always so: only what differs is looked at field by field.
  if (awardText(kept) === awardText(computed)) return null;
  const inUnits = kept.units !== computed.units;
  if (inUnits) return { what: `${units(kept.units)} kept, ${computed.units} computed`, inUnits };
  if (canonicalJson(byLot(kept.lots)) !== canonicalJson(byLot(computed.lots)))
    return { what: 'other lots kept than computed', inUnits: true };
  const reasons = fieldsThatDiffer(kept.why, computed.why);
  if (reasons.length > 0) return { what: `why: ${reasons.join(', ')}`, inUnits };
  return { what: `stands in place ${kept.position}, not ${computed.position}`, inUnits };
}

/** Collects differences, and past a few only counts them. */
class Differences {
  private readonly named: string[] = [];
  private count = 0;
  sameUnits = true;

  add(what: string, inUnits: boolean): void {
    this.count++;
    if (inUnits) this.sameUnits = false;
    if (this.named.length < MOST_DIFFERENCES) this.named.push(what);
  }

  all(): Comparison {
    const more = this.count - this.named.length;
    return { sameUnits: this.sameUnits, differences: more > 0 ? [...this.named, `and ${more} more`] : this.named };
  }
}

function compareAwards(kept: readonly Given[], computed: readonly Given[], differences: Differences): void {
  const name = ({ item, recipient }: Given) => `${item} for ${recipient}`;
  const waiting = new Map(computed.map((given) => [name(given), given]));
  for (const given of kept) {
    const now = waiting.get(name(given));
    waiting.delete(name(given));
    const difference = now
      ? awardDifference(given, now)
      : { what: `${units(given.units)} kept, not computed`, inUnits: given.units > 0 };
    if (difference) differences.add(`${name(given)}: ${difference.what}`, difference.inUnits);
  }
  for (const [which, given] of waiting)
    differences.add(`${which}: ${units(given.units)} computed, not kept`, given.units > 0);
}

/** Compares what is kept with what is computed, to the byte of its canonical form. */
export function compare(
  kept: Outcome & { readonly heading: Heading },
  computed: Outcome & { readonly heading: Heading },
): Comparison {
  const differences = new Differences();
  for (const field of fieldsThatDiffer(kept.heading, computed.heading))
    differences.add(`the ${field} beside the plan is not that of its problem`, false);
  compareAwards(kept.given, computed.given, differences);
  if (canonicalJson(kept.unallocated) !== canonicalJson(computed.unallocated))
    differences.add('what stays unallocated', true);
  const now = new Map(computed.metrics.map((figures) => [figures.item, figures]));
  for (const figures of kept.metrics) {
    const fields = fieldsThatDiffer(figures, now.get(figures.item) ?? {});
    if (fields.length > 0) differences.add(`metrics of ${figures.item}: ${fields.join(', ')}`, false);
    now.delete(figures.item);
  }
  for (const item of now.keys()) differences.add(`metrics of ${item}: computed, not kept`, false);
  for (const part of ['breakdown', 'notes'] as const)
    if (kept[part] !== null && canonicalJson(kept[part]) !== canonicalJson(computed[part]))
      differences.add(`the ${part}`, false);
  return differences.all();
}
