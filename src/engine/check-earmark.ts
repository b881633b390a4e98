import { checkKeys, isObject, LARGEST_TOTAL, textComplaint, type Plain } from './check-values.js';
import type { FaultList } from './faults.js';

const EARMARK_KEYS = new Set(['strength', 'groups', 'countries', 'tiers']);

export function checkEarmark(earmark: unknown, at: string, faults: FaultList): void {
  if (!isObject(earmark)) {
    faults.add(at, 'INVALID', 'must be an object');
    return;
  }
  checkKeys(earmark, EARMARK_KEYS, at, faults);
  const { strength, groups, countries, tiers } = earmark;
  if (strength === undefined) faults.add(`${at}.strength`, 'MISSING', 'is missing');
  else if (strength !== 'ONLY' && strength !== 'FIRST') {
    faults.add(`${at}.strength`, 'INVALID', 'must be one of ONLY, FIRST');
  }
  if (groups === undefined && countries === undefined && tiers === undefined) {
    faults.add(at, 'INVALID', 'must name groups, countries or tiers');
  }
  checkNames(groups, `${at}.groups`, { isSound: (name) => textComplaint(name) === null, what: 'texts' }, faults);
  checkNames(countries, `${at}.countries`, { isSound: isCountry, what: 'ISO 3166-1 codes of two capitals' }, faults);
  checkNames(tiers, `${at}.tiers`, { isSound: isTier, what: 'tiers from 1 to 3' }, faults);
}

function checkNames(
  names: unknown,
  path: string,
  { isSound, what }: { isSound: (name: unknown) => boolean; what: string },
  faults: FaultList,
): void {
  if (names === undefined) return;
  if (Array.isArray(names) && names.length > 0 && names.every(isSound)) return;
  faults.add(path, 'INVALID', `must be a list of ${what} that is not empty`);
}

function isCountry(name: unknown): boolean {
  return typeof name === 'string' && /^[A-Z]{2}$/.test(name);
}

function isTier(name: unknown): boolean {
  return name === 1 || name === 2 || name === 3;
}

/**
 * What cannot go together with earmarks: fill rates of claims whose sum, weight for weight, is past what is exact. The
 * parts of the input need not be sound.
 */
export function refuseEarmarkedItems({ policy, lots, recipients }: Plain, faults: FaultList): void {
  if (!isObject(policy) || policy['rule'] !== 'MAX_MIN_FILL_RATE') return;
  if (!Array.isArray(lots) || !Array.isArray(recipients)) return;
  const items = new Set<string>();
  for (const lot of lots as unknown[]) {
    if (isObject(lot) && lot['earmark'] !== undefined && typeof lot['item'] === 'string') items.add(lot['item']);
  }
  for (const item of items) {
    if (votesOn(item, recipients) <= LARGEST_TOTAL) continue;
    const message = `the claims on ${item} times the weights sum to more than 1e15, too much to share earmarked lots by`;
    faults.add('recipients', 'TOO_LARGE', message);
  }
}

function votesOn(item: string, recipients: readonly unknown[]): number {
  let votes = 0;
  for (const recipient of recipients) {
    if (!isObject(recipient)) continue;
    const weight = recipient['weight'] === undefined ? 1 : numberOf(recipient, 'weight');
    votes += weight * (tableUnits(recipient['claims'], item) + tableUnits(recipient['received'], item));
    if (Array.isArray(recipient['anyOf'])) votes += weight * anyUnits(recipient['anyOf']);
  }
  return votes;
}

function tableUnits(table: unknown, item: string): number {
  return isObject(table) ? numberOf(table, item) : 0;
}

function anyUnits(claims: readonly unknown[]): number {
  return claims.reduce<number>((sum, claim) => sum + (isObject(claim) ? numberOf(claim, 'units') : 0), 0);
}

function numberOf(table: Plain, key: string): number {
  const value = Object.hasOwn(table, key) ? table[key] : 0;
  return typeof value === 'number' ? value : 0;
}
