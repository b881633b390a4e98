import { checkProblem } from '../engine/check.js';
import type { Fault } from '../engine/faults.js';
import { needsClaims } from '../engine/rule.js';
import type { Admission, Memory, Policy, Tiers } from '../engine/problem.js';
import { badInput, refuse, type Refusal, type RequestFault } from '../platform/rejection.js';

/** How the single units that cannot be divided are decided. */
export const TIE_BREAKS = ['LOTTERY', 'CARRY_OVER', 'STABLE'] as const;
export type TieBreak = (typeof TIE_BREAKS)[number];

/** Where claims come from. */
export const CLAIM_SOURCES = ['EQUAL', 'NEED', 'HEADCOUNT', 'BURN_RATE'] as const;
export type ClaimSource = (typeof CLAIM_SOURCES)[number];

export type Tiering = Tiers['by'];
export type MemoryKind = Memory['by'];

/** Units of one item, by the item's code. */
export interface ItemUnits {
  readonly itemCode: string;
  readonly units: number;
}

/** The part of every lot that is set aside for an exposure tier, in proportion to the parts of the others. */
export interface TierShare {
  readonly tier: number;
  readonly share: number;
}

/** The parts of a policy that are tables of units by item. */
export const TABLES = ['reserve', 'cap', 'minimumLot', 'guarantee'] as const;
export type Table = (typeof TABLES)[number];

/** What a coordinator asks for; what is left out is the equal split by lottery. */
export interface PolicyRequest extends Partial<Record<Table, readonly ItemUnits[] | null>> {
  readonly rule: Policy['rule'];
  readonly rounding?: NonNullable<Policy['rounding']> | null;
  readonly claims?: ClaimSource | null;
  readonly tieBreak?: TieBreak | null;
  readonly seed?: string | null;
  readonly wholePacks?: boolean | null;
  readonly admit?: Admission | null;
  readonly tiers?: { readonly by: Tiering; readonly shares?: readonly TierShare[] | null } | null;
  readonly memory?: { readonly by: MemoryKind; readonly days?: number | null } | null;
}

/**
 * A policy with nothing left to be understood: what was left out is written out, so that a version kept for years means
 * what it meant. It has no seed: every split draws its own.
 */
export interface PolicyTerms extends Record<Table, readonly ItemUnits[]> {
  readonly rule: Policy['rule'];
  readonly rounding: NonNullable<Policy['rounding']>;
  readonly claims: ClaimSource;
  readonly tieBreak: TieBreak;
  readonly wholePacks: boolean;
  readonly admit: Admission;
  readonly tiers: { readonly by: Tiering; readonly shares: readonly TierShare[] };
  readonly memory: { readonly by: MemoryKind; readonly days: number | null };
}

/** The built-in policy by which a split goes when none is asked for: everybody the same, single units by lottery. */
export const EQUAL_SPLIT_ID = '01900000-0000-7000-8000-000000000201';

function tablesOf(request: PolicyRequest): Record<Table, readonly ItemUnits[]> {
  const { reserve, cap, minimumLot, guarantee } = request;
  return { reserve: reserve ?? [], cap: cap ?? [], minimumLot: minimumLot ?? [], guarantee: guarantee ?? [] };
}

/** The policy as it is kept and shown. */
export function termsOf(request: PolicyRequest): PolicyTerms {
  const { tiers, memory } = request;
  const tieBreak = request.tieBreak ?? 'LOTTERY';
  return {
    rule: request.rule,
    rounding: request.rounding ?? 'LARGEST_REMAINDER',
    claims: request.claims ?? 'EQUAL',
    tieBreak,
    wholePacks: request.wholePacks ?? false,
    admit: request.admit ?? 'TIE_ORDER',
    tiers: { by: tiers?.by ?? 'NONE', shares: tiers?.shares ?? [] },
    // Carrying over is nothing without a memory of what was rounded.
    memory: { by: memory?.by ?? (tieBreak === 'CARRY_OVER' ? 'ROUNDING' : 'NONE'), days: memory?.days ?? null },
    ...tablesOf(request),
  };
}

function tiesOf(tieBreak: TieBreak, seed: string): NonNullable<Policy['ties']> {
  return tieBreak === 'STABLE' ? { by: 'STABLE' } : { by: tieBreak, seed };
}

function tiersOf({ by, shares }: PolicyTerms['tiers']): Tiers {
  if (by !== 'RESERVED') return { by };
  return { by, shares: Object.fromEntries(shares.map(({ tier, share }) => [String(tier), share])) };
}

function memoryOf({ by, days }: PolicyTerms['memory']): Memory {
  return by === 'CUMULATIVE' && days !== null ? { by, days } : { by };
}

function unitsByItem(table: readonly ItemUnits[]): Record<string, number> {
  return Object.fromEntries(table.map(({ itemCode, units }) => [itemCode, units]));
}

/**
 * What the engine is told.
 * @param request with item codes as they stand in the catalogue, each once a table
 * @param seed for the lottery, when the request names none
 */
export function policyOf(request: PolicyRequest, seed: string): Policy {
  const terms = termsOf(request);
  return {
    rule: terms.rule,
    rounding: terms.rounding,
    ties: tiesOf(terms.tieBreak, request.seed ?? seed),
    tiers: tiersOf(terms.tiers),
    reserveUnits: unitsByItem(terms.reserve),
    cap: unitsByItem(terms.cap),
    minimumLot: unitsByItem(terms.minimumLot),
    guarantee: unitsByItem(terms.guarantee),
    admit: terms.admit,
    wholePacks: terms.wholePacks,
    memory: memoryOf(terms.memory),
  };
}

function tiersFault(tiers: NonNullable<PolicyRequest['tiers']>): RequestFault | null {
  const field = 'input.policy.tiers.shares';
  const shares = tiers.shares ?? null;
  if (tiers.by !== 'RESERVED')
    return shares === null ? null : badInput(field, `${field}: only RESERVED tiers have shares`);
  if (shares === null || shares.length === 0)
    return badInput(field, `${field}: RESERVED needs the share of one tier at least`);
  const again = shares.findIndex(({ tier }, i) => shares.findIndex((share) => share.tier === tier) < i);
  if (again < 0) return null;
  return badInput(`${field}.${again}.tier`, `${field}.${again}.tier: tier ${shares[again]!.tier} stands twice`);
}

function memoryFault({ by, days }: NonNullable<PolicyRequest['memory']>): RequestFault | null {
  const field = 'input.policy.memory.days';
  if (by === 'CUMULATIVE') return days == null ? badInput(field, `${field}: CUMULATIVE needs a number of days`) : null;
  return days == null ? null : badInput(field, `${field}: only a CUMULATIVE memory has days`);
}

function seedFault({ seed, tieBreak }: PolicyRequest, isKept: boolean): RequestFault | null {
  if (seed == null) return null;
  const field = 'input.policy.seed';
  if (isKept) return badInput(field, `${field}: a policy that is kept has no seed: every split would draw the same`);
  return tieBreak === 'STABLE' ? badInput(field, `${field}: STABLE draws no lottery`) : null;
}

/** A lower limit above an upper one promises what the policy forbids. */
function limitsFault({ cap, guarantee, minimumLot }: PolicyRequest): RequestFault | null {
  const most = new Map((cap ?? []).map(({ itemCode, units }) => [itemCode.toUpperCase(), units]));
  for (const [name, table] of Object.entries({ guarantee, minimumLot })) {
    for (const [i, { itemCode, units }] of (table ?? []).entries()) {
      const field = `input.policy.${name}.${i}.units`;
      const limit = most.get(itemCode.toUpperCase());
      if (limit !== undefined && units > limit)
        return badInput(field, `${field}: more than the cap of ${limit} lets anybody have`);
    }
  }
  return null;
}

function carryOverFault({ tieBreak, memory }: PolicyRequest): RequestFault | null {
  if (tieBreak !== 'CARRY_OVER' || memory?.by !== 'NONE') return null;
  const field = 'input.policy.memory.by';
  return badInput(field, `${field}: CARRY_OVER goes by what was rounded before: its memory is ROUNDING`);
}

/**
 * What contradicts itself in a policy, by its field.
 * @param isKept whether it is to be adopted, and not for one split only
 */
export function faultIn(request: PolicyRequest, isKept: boolean): RequestFault | null {
  return (
    seedFault(request, isKept) ??
    (request.tiers ? tiersFault(request.tiers) : null) ??
    (request.memory ? memoryFault(request.memory) : null) ??
    carryOverFault(request) ??
    limitsFault(request)
  );
}

/** The part of a policy that a path of the engine speaks of; undefined where it speaks of no part. */
function fieldOf({ path }: Fault): string | undefined {
  const part = /^policy\.(\w+)/.exec(path)?.[1];
  if (part === 'ties') return 'policy.tieBreak';
  if (part === 'reserveUnits') return 'policy.reserve';
  if (part !== undefined) return `policy.${part}`;
  return /^recipients\[\d+\]\.(received|deficit)\b/.test(path) ? 'policy.memory' : undefined;
}

/**
 * Why the engine cannot split by a policy, of the faults it found in the problem: as a refusal that names the part, so
 * that nothing is left out in silence.
 * @returns null for faults that nobody who asked could have made: a bug
 */
export function refusalOf(faults: readonly Fault[]): Refusal | null {
  for (const fault of faults) {
    if (fault.code === 'TOO_LARGE') {
      const message = `This is too much for one split: ${fault.message}.`;
      return refuse('TooMuchToSplitError', 'TOO_MUCH_TO_SPLIT', message, {});
    }
    const field = fieldOf(fault);
    if (field !== undefined) return notSupported(field, `${field}: ${fault.message}.`, []);
  }
  return null;
}

/** The engine cannot split so: the part is named, and what would do in its place. */
export function notSupported(field: string, message: string, supported: readonly string[]) {
  return refuse('PolicyNotSupportedError', 'POLICY_NOT_SUPPORTED', message, { field, supported: [...supported] });
}

/** Whether claims are what people said they need, and not without bound. */
export function isByNeed(claims: ClaimSource): claims is 'NEED' | 'BURN_RATE' {
  return claims === 'NEED' || claims === 'BURN_RATE';
}

/** Whether a rule can do with claims from this source: who wants all there is cannot be told how much she misses. */
export function mayClaimBy(rule: Policy['rule'], claims: ClaimSource): Refusal | null {
  if (isByNeed(claims) || !needsClaims(rule)) return null;
  const message = `${rule} compares what people get with what they claim, and by ${claims} nobody claims a number: split by NEED or BURN_RATE.`;
  return refuse('ClaimsNeededError', 'CLAIMS_NEEDED', message, { rule, claims });
}

/** Whether the engine can split by these terms at all, whatever the stock. */
export function unsupported(terms: PolicyTerms): Refusal | null {
  const refusal = mayClaimBy(terms.rule, terms.claims);
  if (refusal) return refusal;
  const claims = isByNeed(terms.claims) ? { claims: {} } : {};
  const checked = checkProblem({
    policy: policyOf(terms, 'any'),
    lots: [],
    recipients: [{ id: 'anybody', ...claims }],
  });
  return 'faults' in checked ? refusalOf(checked.faults) : null;
}

/** A policy's name as it is compared: white space folded, case and width ignored. */
export function policyNameKey(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** What decides whether a policy may be changed or used. */
export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly builtIn: boolean;
  readonly retiredAt: Date | null;
}

/** No two living policies share a name: coordinators choose them by it. */
export function policyNameTaken(name: string, policyId: string) {
  const message = `There is a policy called "${name}" already.`;
  return refuse('PolicyNameTakenError', 'POLICY_NAME_TAKEN', message, { policyId });
}

/** Whether new splits may go by a policy. */
export function mayBeUsed({ id, name, retiredAt }: Standing): Refusal | null {
  if (retiredAt === null) return null;
  const message = `"${name}" was retired: no new split goes by it.`;
  return refuse('PolicyRetiredError', 'POLICY_RETIRED', message, { policyId: id, since: retiredAt });
}

/** Whether a policy may be revised or retired. */
export function mayBeChanged(policy: Standing): Refusal | null {
  if (!policy.builtIn) return mayBeUsed(policy);
  const message = `"${policy.name}" is built in and stays as it is: adopt a policy of your own.`;
  return refuse('PolicyBuiltInError', 'POLICY_BUILT_IN', message, { policyId: policy.id });
}

/** Whether the version that was looked at is still the newest; whoever names none takes what comes. */
export function mayFollow(version: number, expected: number | null | undefined): Refusal | null {
  if (expected == null || expected === version) return null;
  const message = `The policy stands at version ${version}, not ${expected}: look at it again.`;
  return refuse('PolicyRevisedMeanwhileError', 'POLICY_REVISED_MEANWHILE', message, { currentVersion: version });
}
