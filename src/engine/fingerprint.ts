import { createHash } from 'node:crypto';
import { inOneForm } from './earmark.js';
import { compareText } from './ordering.js';
import type { AnyOf, Earmark, Lot, Memory, Policy, Problem, RecipientClaim, Tiers, UnitsByItem } from './problem.js';
import { rosterOf } from './roster.js';

/** Changes whenever the same problem may get another split, another `why` or another sentence. */
export const ENGINE_VERSION = '1.3.0';

/**
 * The problem as JSON text in one form only: keys in a fixed order, defaults written out (for recipients left out), what the split does not depend
 * on put in order. Recipients stand by id, groups and tables of units by name; lots stand by id within their item, the
 * items in the order in which the lots first name them, because that order counts.
 */
export function canonical(problem: Problem): string {
  return Array.from(canonicalParts(problem)).join('');
}

/**
 * SHA-256, in hex, of the UTF-8 of `canonical(problem)`, a line feed and `ENGINE_VERSION`.
 *
 * @param inIdOrder the problem's recipients in the roster's order, where it is known already
 */
export function fingerprint(problem: Problem, inIdOrder?: readonly RecipientClaim[]): string {
  const hash = createHash('sha256');
  for (const part of canonicalParts(problem, inIdOrder)) hash.update(part, 'utf8');
  return hash.update(`\n${ENGINE_VERSION}`, 'utf8').digest('hex');
}

/** SHA-256, in hex, of the seed's UTF-8: published with a preview, it binds us to the seed shown at the commit. */
export function seedHash(seed: string): string {
  return createHash('sha256').update(seed, 'utf8').digest('hex');
}

// Few enough that what one pass has fetched from memory is still near when the next one reads it.
const RECIPIENTS_A_PART = 256;

function* canonicalParts(
  { plan, day, policy, lots, recipients }: Problem,
  inIdOrder: readonly RecipientClaim[] = rosterOf(recipients).recipients,
): Generator<string> {
  const head = { plan: plan ?? '', day: day ?? null, policy: canonicalPolicy(policy), lots: canonicalLots(lots) };
  yield `${JSON.stringify(head).slice(0, -1)},"recipients":[`;
  for (let start = 0; start < inIdOrder.length; start += RECIPIENTS_A_PART) {
    const part = canonicalRecipients(inIdOrder.slice(start, start + RECIPIENTS_A_PART));
    yield start === 0 ? part : `,${part}`;
  }
  yield ']}';
}

/**
 * In id order a million recipients lie scattered in memory. Passes that do one thing each let the machine fetch many of
 * them at once, which takes half the time of writing one after the other.
 */
function canonicalRecipients(recipients: readonly RecipientClaim[]): string {
  const ids = recipients.map(({ id }) => id);
  const claimed = recipients.map(({ claims }) => (claims ? Object.keys(claims) : null));
  const arePlain = NEEDS_NO_ESCAPE.test(ids.join(''));
  let text = '';
  for (let i = 0; i < ids.length; i++) {
    if (i > 0) text += ',';
    text += `{"id":${arePlain ? `"${ids[i]!}"` : quoted(ids[i]!)}`;
    text += `${canonicalFields(recipients[i]!, claimed[i]!)}}`;
  }
  return text;
}

function canonicalPolicy(policy: Policy): object {
  const { ties } = policy;
  return {
    rule: policy.rule,
    rounding: policy.rounding ?? 'LARGEST_REMAINDER',
    ties: ties && ties.by !== 'STABLE' ? { by: ties.by, seed: ties.seed } : { by: 'STABLE' },
    tiers: canonicalTiers(policy.tiers),
    reserveUnits: byName(policy.reserveUnits),
    cap: byName(policy.cap),
    minimumLot: byName(policy.minimumLot),
    guarantee: byName(policy.guarantee),
    admit: policy.admit ?? 'TIE_ORDER',
    wholePacks: policy.wholePacks ?? false,
    memory: canonicalMemory(policy.memory),
  };
}

function canonicalTiers(tiers: Tiers = { by: 'NONE' }): object {
  return tiers.by === 'RESERVED' ? { by: tiers.by, shares: byName(tiers.shares) } : { by: tiers.by };
}

function canonicalMemory(memory: Memory = { by: 'NONE' }): object {
  return memory.by === 'CUMULATIVE' ? { by: memory.by, days: memory.days ?? null } : { by: memory.by };
}

function canonicalLots(lots: readonly Lot[]): object[] {
  const itemOrder = Array.from(new Set(lots.map(({ item }) => item)));
  const place = new Map(itemOrder.map((item, i) => [item, i]));
  return lots
    .toSorted((a, b) => place.get(a.item)! - place.get(b.item)! || compareText(a.id, b.id))
    .map(({ id, item, units, unitsPerPack, expiresOn, earmark }) => ({
      id,
      item,
      units,
      unitsPerPack: unitsPerPack ?? null,
      expiresOn: expiresOn ?? null,
      earmark: earmark ? canonicalEarmark(earmark) : null,
    }));
}

function canonicalEarmark(earmark: Earmark): object {
  const { strength, groups, countries, tiers } = inOneForm(earmark);
  return { strength, groups: groups ?? null, countries: countries ?? null, tiers: tiers ?? null };
}

/** Only what differs from the defaults: most recipients are an id and a claim, and there may be a million. */
function canonicalFields(recipient: RecipientClaim, claimed: readonly string[] | null): string {
  const { groups, country, tier, weight, claims, anyOf, received, deficit } = recipient;
  let text = '';
  if (groups?.length) text += `,"groups":${JSON.stringify(Array.from(new Set(groups)).sort(compareText))}`;
  if (country !== undefined) text += `,"country":${quoted(country)}`;
  if (tier !== undefined) text += `,"tier":${tier}`;
  if (weight !== undefined && weight !== 1) text += `,"weight":${weight}`;
  if (claimed) text += `,"claims":${canonicalClaims(claims!, claimed)}`;
  if (anyOf?.length) text += `,"anyOf":${JSON.stringify(canonicalAnyOf(anyOf))}`;
  if (received) text += `,"received":${JSON.stringify(byName(received))}`;
  if (deficit) text += `,"deficit":${JSON.stringify(byName(deficit))}`;
  return text;
}

function canonicalClaims(claims: UnitsByItem, items: readonly string[]): string {
  return items.length === 1 ? `[[${quoted(items[0]!)},${String(claims[items[0]!])}]]` : JSON.stringify(byName(claims));
}

/** In the order given, which decides what is met first. */
function canonicalAnyOf(claims: readonly AnyOf[]): object[] {
  return claims.map(({ items, units }) => ({ items: Array.from(new Set(items)).sort(compareText), units }));
}

const NEEDS_NO_ESCAPE = /^[\w.:@ -]*$/;

function quoted(text: string): string {
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Pairs rather than an object, whose keys would move when they look like numbers. */
function byName<T>(table: Record<string, T> = {}): [string, T][] {
  return Object.entries(table).sort(([a], [b]) => compareText(a, b));
}
