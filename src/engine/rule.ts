import { equalAwards } from './equal-awards.js';
import type { Rule } from './problem.js';
import type { RuleFunction } from './shares.js';

const IMPLEMENTED: Partial<Record<Rule, RuleFunction>> = { CONSTRAINED_EQUAL_AWARDS: equalAwards };

export function isImplemented(rule: Rule): boolean {
  return IMPLEMENTED[rule] !== undefined;
}

/** @throws RangeError for a rule that is not built yet; `checkProblem` refuses it before. */
export function ruleNamed(rule: Rule): RuleFunction {
  const implemented = IMPLEMENTED[rule];
  if (!implemented) throw new RangeError(`The rule ${rule} is not supported yet.`);
  return implemented;
}
