import type { Policy } from '../engine/problem.js';
import { refuse, type Refusal } from '../platform/rejection.js';

/** How the single units that cannot be divided are decided. */
export const TIE_BREAKS = ['LOTTERY', 'CARRY_OVER', 'STABLE'] as const;
export type TieBreak = (typeof TIE_BREAKS)[number];

/** Where claims come from. */
export const CLAIM_SOURCES = ['EQUAL', 'NEED', 'HEADCOUNT', 'BURN_RATE'] as const;
export type ClaimSource = (typeof CLAIM_SOURCES)[number];

/** Units of one item, by the item's code. */
export interface ItemUnits {
  readonly itemCode: string;
  readonly units: number;
}

/** What a coordinator asks for; what is left out is the equal split by lottery. */
export interface PolicyRequest {
  readonly rule: Policy['rule'];
  readonly rounding?: NonNullable<Policy['rounding']> | null;
  readonly claims?: ClaimSource | null;
  readonly tieBreak?: TieBreak | null;
  readonly seed?: string | null;
  readonly wholePacks?: boolean | null;
  readonly reserve?: readonly ItemUnits[] | null;
  readonly cap?: readonly ItemUnits[] | null;
  readonly minimumLot?: readonly ItemUnits[] | null;
  readonly guarantee?: readonly ItemUnits[] | null;
}

/** What is asked for when nothing is: everybody the same, single units by lottery. */
export const EQUAL_SPLIT: PolicyRequest = { rule: 'CONSTRAINED_EQUAL_AWARDS' };

function notSupported(field: string, asked: string, supported: readonly string[]) {
  return refuse(
    'PolicyNotSupportedError',
    'POLICY_NOT_SUPPORTED',
    `${asked} is not available yet.${supported.length > 0 ? ` Available: ${supported.join(', ')}.` : ''}`,
    { field, supported: [...supported] },
  );
}

function unitsByItem(table: readonly ItemUnits[] | null | undefined): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { itemCode, units: more } of table ?? []) units[itemCode] = (units[itemCode] ?? 0) + more;
  return units;
}

/** The first thing asked for that the engine cannot do yet: it is refused by name, never left out in silence. */
function firstUnsupported(request: PolicyRequest): Refusal | undefined {
  const { rule, claims, tieBreak, wholePacks, minimumLot, guarantee } = request;
  if (rule !== 'CONSTRAINED_EQUAL_AWARDS')
    return notSupported('policy.rule', `The rule ${rule}`, ['CONSTRAINED_EQUAL_AWARDS']);
  if (claims && claims !== 'EQUAL') return notSupported('policy.claims', `Claims by ${claims}`, ['EQUAL']);
  if (tieBreak === 'CARRY_OVER') return notSupported('policy.tieBreak', 'CARRY_OVER', ['LOTTERY', 'STABLE']);
  if (wholePacks) return notSupported('policy.wholePacks', 'A split in whole packs', []);
  if (minimumLot?.some(({ units }) => units > 0)) return notSupported('policy.minimumLot', 'A minimum lot', []);
  if (guarantee?.some(({ units }) => units > 0)) return notSupported('policy.guarantee', 'A guarantee', []);
  return undefined;
}

/**
 * What the engine is told.
 * @param request with item codes as they stand in the catalogue
 * @param seed for the lottery, when the request names none
 */
export function policyOf(request: PolicyRequest, seed: string): Policy | Refusal {
  const unsupported = firstUnsupported(request);
  if (unsupported) return unsupported;
  return {
    rule: request.rule,
    rounding: request.rounding ?? 'LARGEST_REMAINDER',
    ties: request.tieBreak === 'STABLE' ? { by: 'STABLE' } : { by: 'LOTTERY', seed: request.seed ?? seed },
    reserveUnits: unitsByItem(request.reserve),
    cap: unitsByItem(request.cap),
  };
}
