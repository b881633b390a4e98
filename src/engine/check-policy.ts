import { checkKeys, checkTable, isObject, keyedPath, textComplaint, type Plain } from './check-values.js';
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

/** Adds the faults of `policy`; whatever is valid but not built yet is `NOT_SUPPORTED`. */
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
  checkChoice(policy['rule'], 'policy.rule', { known: RULES, supported: () => true, required: true }, faults);
  checkChoice(policy['rounding'], 'policy.rounding', { known: ROUNDINGS, supported: () => true }, faults);
  checkChoice(policy['admit'], 'policy.admit', { known: ADMISSIONS, supported: isFirst(ADMISSIONS) }, faults);
  checkTies(policy['ties'], faults);
  checkKind(policy['tiers'], 'policy.tiers', TIER_KINDS, faults);
  checkKind(policy['memory'], 'policy.memory', MEMORY_KINDS, faults);
  checkTable(policy['reserveUnits'], 'policy.reserveUnits', faults);
  checkTable(policy['cap'], 'policy.cap', faults);
  refuseEntries(policy['minimumLot'], 'policy.minimumLot', 'minimum lots are', faults);
  checkTable(policy['guarantee'], 'policy.guarantee', faults);
  checkWholePacks(policy['wholePacks'], faults);
}

interface Choice<T extends string> {
  known: readonly T[];
  supported: (value: T) => boolean;
  required?: boolean;
}

function checkChoice<T extends string>(value: unknown, path: string, choice: Choice<T>, faults: FaultList): void {
  if (value === undefined) {
    if (choice.required) faults.add(path, 'MISSING', 'is missing');
    return;
  }
  const known = choice.known.find((name) => name === value);
  if (known === undefined) faults.add(path, 'INVALID', `must be one of ${choice.known.join(', ')}`);
  else if (!choice.supported(known)) faults.add(path, 'NOT_SUPPORTED', `${known} is not supported yet`);
}

function isFirst<T extends string>([first]: readonly T[]): (value: T) => boolean {
  return (value) => value === first;
}

function checkTies(ties: unknown, faults: FaultList): void {
  if (ties === undefined) return;
  if (!isObject(ties)) {
    faults.add('policy.ties', 'INVALID', 'must be an object');
    return;
  }
  checkChoice(
    ties['by'],
    'policy.ties.by',
    { known: TIE_ORDERS, supported: (by) => by !== 'CARRY_OVER', required: true },
    faults,
  );
  if (ties['by'] === 'LOTTERY') {
    checkKeys(ties, new Set(['by', 'seed']), 'policy.ties', faults);
    checkSeed(ties['seed'], faults);
  }
  // A seed that decides nothing would promise a lottery that does not take place.
  if (ties['by'] === 'STABLE') checkKeys(ties, new Set(['by']), 'policy.ties', faults);
}

function checkSeed(seed: unknown, faults: FaultList): void {
  const complaint = textComplaint(seed);
  if (seed === undefined) faults.add('policy.ties.seed', 'MISSING', 'is missing: a lottery is drawn by a seed');
  else if (complaint) faults.add('policy.ties.seed', 'INVALID', complaint);
}

/** `tiers` and `memory`: an object whose first kind, `NONE`, is the only one built. */
function checkKind<T extends string>(value: unknown, path: string, kinds: readonly T[], faults: FaultList): void {
  if (value === undefined) return;
  if (!isObject(value)) {
    faults.add(path, 'INVALID', 'must be an object');
    return;
  }
  checkChoice(value['by'], `${path}.by`, { known: kinds, supported: isFirst(kinds), required: true }, faults);
  if (value['by'] === kinds[0]) checkKeys(value, new Set(['by']), path, faults);
}

/** A table whose entries would change the split is refused; entries of 0 change nothing. */
function refuseEntries(table: unknown, path: string, what: string, faults: FaultList): void {
  checkTable(table, path, faults);
  if (!isObject(table)) return;
  const meant: Plain = table;
  for (const item of Object.keys(meant)) {
    if (typeof meant[item] === 'number' && meant[item] > 0) {
      faults.add(keyedPath(path, item), 'NOT_SUPPORTED', `${what} not supported yet`);
    }
  }
}

function checkWholePacks(wholePacks: unknown, faults: FaultList): void {
  if (wholePacks === true) faults.add('policy.wholePacks', 'NOT_SUPPORTED', 'whole packs are not supported yet');
  else if (wholePacks !== undefined && wholePacks !== false) {
    faults.add('policy.wholePacks', 'INVALID', 'must be true or false');
  }
}
