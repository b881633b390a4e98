import { checkEarmark, refuseEarmarkedItems } from './check-earmark.js';
import { checkPolicy } from './check-policy.js';
import {
  checkId,
  checkKeys,
  checkTable,
  codeComplaint,
  dayComplaint,
  isObject,
  isPositiveWhole,
  keyedPath,
  LARGEST_TOTAL,
  unitsComplaint,
  type Path,
  type Plain,
} from './check-values.js';
import { FRACTION } from './deficits.js';
import { FaultList, type Fault } from './faults.js';
import type { Problem, Rule } from './problem.js';
import { needsClaims } from './rule.js';

const PROBLEM_KEYS = new Set(['plan', 'day', 'policy', 'lots', 'recipients']);
const LOT_KEYS = new Set(['id', 'item', 'units', 'unitsPerPack', 'expiresOn', 'earmark']);
const RECIPIENT_KEYS = new Set(['id', 'groups', 'country', 'tier', 'weight', 'claims', 'anyOf', 'received', 'deficit']);

/**
 * Checks plain data, as it comes out of `JSON.parse`, and lets it through unchanged as a problem, or names every fault
 * with its path (`lots[2].units`); past a hundred, one line more says how many were left out. Linear in the size of the
 * input; never throws.
 */
export function checkProblem(input: unknown): { problem: Problem } | { faults: Fault[] } {
  const faults = new FaultList();
  if (isObject(input)) {
    checkKeys(input, PROBLEM_KEYS, '', faults);
    checkPlan(input['plan'], faults);
    if (input['day'] !== undefined) checkDay(input['day'], 'day', faults);
    checkPolicy(input['policy'], faults);
    checkList(input['lots'], 'lots', faults, checkLots);
    const rule = isObject(input['policy']) ? input['policy']['rule'] : undefined;
    const claimsFor = needsClaims(rule) ? rule : null;
    checkList(input['recipients'], 'recipients', faults, (list, f) => checkRecipients(list, claimsFor, f));
    refuseEarmarkedItems(input, faults);
  } else {
    faults.add('problem', 'INVALID', 'must be an object with policy, lots and recipients');
  }
  const found = faults.all();
  return found.length > 0 ? { faults: found } : { problem: input as Problem };
}

function checkPlan(plan: unknown, faults: FaultList): void {
  if (plan === undefined || plan === '') return;
  const complaint = codeComplaint(plan);
  if (complaint) faults.add('plan', 'INVALID', complaint);
}

function checkDay(day: unknown, path: Path, faults: FaultList): void {
  const complaint = dayComplaint(day);
  if (complaint) faults.add(path, 'INVALID', complaint);
}

function checkList(
  value: unknown,
  path: string,
  faults: FaultList,
  check: (list: unknown[], f: FaultList) => void,
): void {
  if (value === undefined) faults.add(path, 'MISSING', 'is missing');
  else if (!Array.isArray(value)) faults.add(path, 'INVALID', 'must be a list');
  else check(value, faults);
}

function checkLots(lots: unknown[], faults: FaultList): void {
  const seen = new Map<string, number>();
  const totals = new Map<string, number>();
  lots.forEach((lot, i) => {
    const at = `lots[${i}]`;
    if (!isObject(lot)) {
      faults.add(at, 'INVALID', 'must be an object');
      return;
    }
    checkKeys(lot, LOT_KEYS, at, faults);
    checkId(lot['id'], i, seen, 'lots', faults);
    checkLotFields(lot, at, faults);
    if (typeof lot['item'] === 'string' && typeof lot['units'] === 'number') {
      totals.set(lot['item'], (totals.get(lot['item']) ?? 0) + lot['units']);
    }
  });
  for (const [item, total] of totals) {
    if (total > LARGEST_TOTAL)
      faults.add('lots', 'TOO_LARGE', `the lots of ${item} hold more than 1e15 units together`);
  }
}

function checkLotFields({ item, units, unitsPerPack, expiresOn, earmark }: Plain, at: string, faults: FaultList): void {
  if (item === undefined) faults.add(`${at}.item`, 'MISSING', 'is missing');
  else {
    const complaint = codeComplaint(item);
    if (complaint) faults.add(`${at}.item`, 'INVALID', complaint);
  }
  if (units === undefined) faults.add(`${at}.units`, 'MISSING', 'is missing');
  else {
    const complaint = unitsComplaint(units);
    if (complaint) faults.add(`${at}.units`, ...complaint);
  }
  if (unitsPerPack !== undefined && !isPositiveWhole(unitsPerPack)) {
    faults.add(`${at}.unitsPerPack`, 'INVALID', 'must be a whole number from 1');
  }
  if (expiresOn !== undefined) checkDay(expiresOn, `${at}.expiresOn`, faults);
  if (earmark !== undefined) checkEarmark(earmark, `${at}.earmark`, faults);
}

/** @param claimsFor the rule, if it is one that needs claims */
function checkRecipients(recipients: unknown[], claimsFor: Rule | null, faults: FaultList): void {
  const seen = new Map<string, number>();
  let totalWeight = 0;
  recipients.forEach((recipient, i) => {
    if (!isObject(recipient)) {
      faults.add(`recipients[${i}]`, 'INVALID', 'must be an object');
      return;
    }
    const at = () => `recipients[${i}]`;
    checkKeys(recipient, RECIPIENT_KEYS, at, faults);
    checkId(recipient['id'], i, seen, 'recipients', faults);
    checkCircle(recipient, at, faults);
    totalWeight += checkWeight(recipient['weight'], at, faults);
    if (recipient['claims'] !== undefined) checkTable(recipient['claims'], keyedPath(at, 'claims'), faults);
    else if (claimsFor && recipient['anyOf'] === undefined)
      faults.add(keyedPath(at, 'claims'), 'MISSING', `is missing: ${claimsFor} needs claims`);
    checkAnyOf(recipient['anyOf'], at, faults);
    checkMemory(recipient, at, faults);
  });
  if (totalWeight > LARGEST_TOTAL) faults.add('recipients', 'TOO_LARGE', 'the weights sum to more than 1e15');
}

/** Groups, country and tier: read by earmarks and tiers, so only their form matters yet. */
function checkCircle({ groups, country, tier }: Plain, at: () => string, faults: FaultList): void {
  if (groups !== undefined && !(Array.isArray(groups) && groups.every((group) => typeof group === 'string'))) {
    faults.add(keyedPath(at, 'groups'), 'INVALID', 'must be a list of texts');
  }
  if (country !== undefined && !(typeof country === 'string' && /^[A-Z]{2}$/.test(country))) {
    faults.add(keyedPath(at, 'country'), 'INVALID', 'must be an ISO 3166-1 code of two capitals');
  }
  if (tier !== undefined && !isPositiveWhole(tier)) {
    faults.add(keyedPath(at, 'tier'), 'INVALID', 'must be a whole number from 1');
  }
}

/** Returns the weight, as far as it can count towards the total. */
function checkWeight(weight: unknown, at: () => string, faults: FaultList): number {
  if (weight === undefined) return 1;
  if (isPositiveWhole(weight)) return weight;
  faults.add(keyedPath(at, 'weight'), 'INVALID', 'must be a whole number from 1');
  return 0;
}

const ANY_OF_KEYS = new Set(['items', 'units']);

function checkAnyOf(anyOf: unknown, at: () => string, faults: FaultList): void {
  if (anyOf === undefined) return;
  const path = keyedPath(at, 'anyOf');
  if (!Array.isArray(anyOf)) {
    faults.add(path, 'INVALID', 'must be a list of items and units');
    return;
  }
  if (anyOf.reduce((sum: number, claim: unknown) => sum + unitsOf(claim), 0) > LARGEST_TOTAL) {
    faults.add(path, 'TOO_LARGE', 'sums to more than 1e15 units');
  }
  anyOf.forEach((claim: unknown, i) => {
    const here = () => `${path()}[${i}]`;
    if (!isObject(claim)) {
      faults.add(here, 'INVALID', 'must be an object with items and units');
      return;
    }
    checkKeys(claim, ANY_OF_KEYS, here, faults);
    const { items, units } = claim;
    if (!Array.isArray(items) || items.length === 0 || items.some((item) => codeComplaint(item) !== null)) {
      faults.add(keyedPath(here, 'items'), 'INVALID', 'must be a list of item codes that is not empty');
    }
    const complaint = unitsComplaint(units);
    if (complaint) faults.add(keyedPath(here, 'units'), ...complaint);
  });
}

function unitsOf(claim: unknown): number {
  return isObject(claim) && typeof claim['units'] === 'number' ? claim['units'] : 0;
}

function checkMemory({ received, deficit }: Plain, at: () => string, faults: FaultList): void {
  if (received !== undefined) {
    checkTable(received, keyedPath(at, 'received'), faults);
    for (const [item, units] of isObject(received) ? Object.entries(received) : []) {
      if (typeof units !== 'number' || units <= MOST_RECEIVED) continue;
      faults.add(keyedPath(keyedPath(at, 'received'), item), 'TOO_LARGE', 'must be at most 1e9 units');
    }
  }
  if (deficit === undefined) return;
  const path = keyedPath(at, 'deficit');
  if (!isObject(deficit)) {
    faults.add(path, 'INVALID', 'must be an object of fractions by item');
    return;
  }
  for (const [item, fraction] of Object.entries(deficit)) {
    if (typeof fraction === 'string' && fraction.length <= LONGEST_FRACTION && FRACTION.test(fraction)) continue;
    faults.add(
      keyedPath(path, item),
      'INVALID',
      'must be a fraction such as 1/3 or -2/7, or a whole number, as a text',
    );
  }
}

/** With it a million people's history stays exact when it is summed. */
const MOST_RECEIVED = 1e9;

// As long as two numbers of 300 digits: exact shares of many different weights are long.
const LONGEST_FRACTION = 601;
