import { checkKeys, checkTable, isObject, isPositiveWhole, textComplaint, type Plain } from './check-values.js';
import type { FaultList } from './faults.js';
import { ADMISSIONS, MEMORY_KINDS, ROUNDINGS, RULES, TIE_ORDERS, TIER_KINDS } from './problem.js';

const POLICY_KEYS = new Set([
  'rule',
  'rounding',
  'ties',
  'tiers',
  'reserveUnits',
  'cap',
  'minimumLot',
  'guarantee',
  'admit',
  'wholePacks',
  'memory',
]);

/** Adds the faults of `policy`. */
export function checkPolicy(policy: unknown, faults: FaultList): void {
  if (policy === undefined) {
    faults.add('policy', 'MISSING', 'is missing');
    return;
  }
  if (!isObject(policy)) {
    faults.add('policy', 'INVALID', 'must be an object');
    return;
  }
  checkKeys(policy, POLICY_KEYS, 'policy', faults);
  checkChoice(policy['rule'], 'policy.rule', { known: RULES, required: true }, faults);
  checkChoice(policy['rounding'], 'policy.rounding', { known: ROUNDINGS }, faults);
  checkChoice(policy['admit'], 'policy.admit', { known: ADMISSIONS }, faults);
  checkTies(policy['ties'], faults);
  checkTiers(policy['tiers'], faults);
  checkMemory(policy['memory'], faults);
  for (const table of ['reserveUnits', 'cap', 'minimumLot', 'guarantee']) {
    checkTable(policy[table], `policy.${table}`, faults);
  }
  if (policy['wholePacks'] !== undefined && typeof policy['wholePacks'] !== 'boolean') {
    faults.add('policy.wholePacks', 'INVALID', 'must be true or false');
  }
}

interface Choice<T extends string> {
  known: readonly T[];
  required?: boolean;
}

function checkChoice<T extends string>(value: unknown, path: string, choice: Choice<T>, faults: FaultList): void {
  if (value === undefined) {
    if (choice.required) faults.add(path, 'MISSING', 'is missing');
  } else if (!choice.known.some((name) => name === value)) {
    faults.add(path, 'INVALID', `must be one of ${choice.known.join(', ')}`);
  }
}

function checkTies(ties: unknown, faults: FaultList): void {
  const by = checkKind(ties, 'policy.ties', TIE_ORDERS, faults);
  if (by === null) return;
  const { fields } = by;
  // A seed that decides nothing would promise a lottery that does not take place.
  if (by.kind === 'STABLE') checkKeys(fields, new Set(['by']), 'policy.ties', faults);
  else {
    checkKeys(fields, new Set(['by', 'seed']), 'policy.ties', faults);
    checkSeed(fields['seed'], faults);
  }
}

function checkSeed(seed: unknown, faults: FaultList): void {
  const complaint = textComplaint(seed);
  if (seed === undefined) faults.add('policy.ties.seed', 'MISSING', 'is missing: a lottery is drawn by a seed');
  else if (complaint) faults.add('policy.ties.seed', 'INVALID', complaint);
}

function checkTiers(tiers: unknown, faults: FaultList): void {
  const by = checkKind(tiers, 'policy.tiers', TIER_KINDS, faults);
  if (by === null) return;
  const { fields } = by;
  checkKeys(fields, new Set(by.kind === 'RESERVED' ? ['by', 'shares'] : ['by']), 'policy.tiers', faults);
  if (by.kind !== 'RESERVED') return;
  const { shares } = fields;
  if (shares === undefined) faults.add('policy.tiers.shares', 'MISSING', 'is missing: how the tiers share each lot');
  else if (!isObject(shares) || Object.keys(shares).length === 0) {
    faults.add('policy.tiers.shares', 'INVALID', 'must be an object of shares by tier that is not empty');
  } else {
    checkKeys(shares, new Set(['1', '2', '3']), 'policy.tiers.shares', faults);
    for (const [tier, share] of Object.entries(shares)) {
      if (isPositiveWhole(share) && share <= LARGEST_SHARE) continue;
      faults.add(`policy.tiers.shares.${tier}`, 'INVALID', `must be a whole number from 1 to ${LARGEST_SHARE}`);
    }
  }
}

const LARGEST_SHARE = 1_000_000;

function checkMemory(memory: unknown, faults: FaultList): void {
  const by = checkKind(memory, 'policy.memory', MEMORY_KINDS, faults);
  if (by === null) return;
  const { fields } = by;
  checkKeys(fields, new Set(by.kind === 'CUMULATIVE' ? ['by', 'days'] : ['by']), 'policy.memory', faults);
  if (by.kind === 'CUMULATIVE' && fields['days'] !== undefined && !isPositiveWhole(fields['days'])) {
    faults.add('policy.memory.days', 'INVALID', 'must be a whole number of days from 1');
  }
}

/** An object that says its kind by `by`; null when it is absent or does not say a known one. */
function checkKind<T extends string>(
  value: unknown,
  path: string,
  kinds: readonly T[],
  faults: FaultList,
): { kind: T; fields: Plain } | null {
  if (value === undefined) return null;
  if (!isObject(value)) {
    faults.add(path, 'INVALID', 'must be an object');
    return null;
  }
  checkChoice(value['by'], `${path}.by`, { known: kinds, required: true }, faults);
  const kind = kinds.find((name) => name === value['by']);
  return kind === undefined ? null : { kind, fields: value };
}
