import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkProblem } from '../engine/check.js';
import type { FaultCode } from '../engine/faults.js';
import { ADMISSIONS, ROUNDINGS, RULES } from '../engine/problem.js';
import {
  CLAIM_SOURCES,
  faultIn,
  mayBeChanged,
  mayBeUsed,
  mayFollow,
  policyNameKey,
  policyOf,
  type PolicyRequest,
  refusalOf,
  termsOf,
  TIE_BREAKS,
  unsupported,
} from './policy.rules.js';

const rule = 'CONSTRAINED_EQUAL_AWARDS';
const SEED = 'drawn';

const units = fc.uniqueArray(
  fc.record({ itemCode: fc.constantFrom('MASK', 'GOWN', 'N95'), units: fc.nat({ max: 1000 }) }),
  { selector: ({ itemCode }) => itemCode },
);
const shares = fc.uniqueArray(
  fc.record({ tier: fc.integer({ min: 1, max: 3 }), share: fc.integer({ min: 1, max: 1000 }) }),
  {
    selector: ({ tier }) => tier,
    minLength: 1,
  },
);
/** Any request that does not contradict itself. */
const requests: fc.Arbitrary<PolicyRequest> = fc.record(
  {
    rule: fc.constantFrom(...RULES),
    rounding: fc.constantFrom(...ROUNDINGS),
    claims: fc.constantFrom(...CLAIM_SOURCES),
    tieBreak: fc.constantFrom(...TIE_BREAKS),
    wholePacks: fc.boolean(),
    admit: fc.constantFrom(...ADMISSIONS),
    tiers: fc.oneof(
      fc.record({ by: fc.constantFrom('NONE' as const, 'STRICT' as const) }),
      fc.record({ by: fc.constant('RESERVED' as const), shares }),
    ),
    memory: fc.oneof(
      fc.record({ by: fc.constantFrom('NONE' as const, 'ROUNDING' as const) }),
      fc.record({ by: fc.constant('CUMULATIVE' as const), days: fc.integer({ min: 1, max: 3650 }) }),
    ),
    reserve: units,
    cap: units,
    minimumLot: units,
    guarantee: units,
  },
  { requiredKeys: ['rule'] },
);

describe('what a policy means', () => {
  it('is the equal split by lottery where nothing is said', () => {
    expect(policyOf({ rule }, SEED)).toEqual({
      rule,
      rounding: 'LARGEST_REMAINDER',
      ties: { by: 'LOTTERY', seed: SEED },
      tiers: { by: 'NONE' },
      reserveUnits: {},
      cap: {},
      minimumLot: {},
      guarantee: {},
      admit: 'TIE_ORDER',
      wholePacks: false,
      memory: { by: 'NONE' },
    });
  });

  it('is told to the engine whole', () => {
    const table = [{ itemCode: 'MASK', units: 5 }];
    const asked: PolicyRequest = {
      rule: 'PROPORTIONAL',
      rounding: 'WEBSTER',
      claims: 'NEED',
      tieBreak: 'CARRY_OVER',
      seed: 'hers',
      wholePacks: true,
      admit: 'SMALLEST_CLAIM_FIRST',
      tiers: { by: 'RESERVED', shares: [{ tier: 2, share: 3 }] },
      memory: { by: 'CUMULATIVE', days: 30 },
      reserve: table,
      cap: table,
      minimumLot: table,
      guarantee: table,
    };
    expect(policyOf(asked, SEED)).toEqual({
      rule: 'PROPORTIONAL',
      rounding: 'WEBSTER',
      ties: { by: 'CARRY_OVER', seed: 'hers' },
      tiers: { by: 'RESERVED', shares: { 2: 3 } },
      reserveUnits: { MASK: 5 },
      cap: { MASK: 5 },
      minimumLot: { MASK: 5 },
      guarantee: { MASK: 5 },
      admit: 'SMALLEST_CLAIM_FIRST',
      wholePacks: true,
      memory: { by: 'CUMULATIVE', days: 30 },
    });
  });

  it('carries over by the memory of roundings, unless a memory is named', () => {
    const memoryOf = (memory?: PolicyRequest['memory']) =>
      policyOf({ rule, tieBreak: 'CARRY_OVER', memory: memory ?? null }, SEED).memory;
    expect(memoryOf()).toEqual({ by: 'ROUNDING' });
    expect(memoryOf({ by: 'NONE' })).toEqual({ by: 'NONE' });
    expect(memoryOf({ by: 'CUMULATIVE', days: 7 })).toEqual({ by: 'CUMULATIVE', days: 7 });
  });

  it.each<[Partial<PolicyRequest>, string | null]>([
    [{ cap: [{ itemCode: 'GOWN', units: 1 }], minimumLot: [{ itemCode: 'gown', units: 5 }] }, 'minimumLot.0.units'],
    [{ cap: [{ itemCode: 'GOWN', units: 1 }], guarantee: [{ itemCode: 'GOWN', units: 2 }] }, 'guarantee.0.units'],
    [{ cap: [{ itemCode: 'GOWN', units: 5 }], minimumLot: [{ itemCode: 'GOWN', units: 5 }] }, null],
    [{ cap: [{ itemCode: 'GOWN', units: 1 }], guarantee: [{ itemCode: 'MASK', units: 2 }] }, null],
    [{ tieBreak: 'CARRY_OVER', memory: { by: 'NONE' } }, 'memory.by'],
    [{ tieBreak: 'CARRY_OVER' }, null],
  ])('%j contradicts itself, or not', (part, field) => {
    const fault = faultIn({ rule, ...part }, true);
    expect(fault?.facts.field ?? null).toBe(field && `input.policy.${field}`);
  });

  it('has no seed where no lottery is drawn', () => {
    expect(policyOf({ rule, tieBreak: 'STABLE' }, SEED).ties).toEqual({ by: 'STABLE' });
  });

  it('stays the same when what was left out is written out, and when it comes back from the database', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const terms = termsOf(request);
        expect(termsOf(JSON.parse(JSON.stringify(terms)) as PolicyRequest)).toEqual(terms);
        expect(policyOf(terms, SEED)).toEqual(policyOf(request, SEED));
      }),
    );
  });

  it('is one that the engine can read: what it finds fault with is refused by the part of the policy', () => {
    fc.assert(
      fc.property(requests, (request) => {
        fc.pre(faultIn(request, true) === null);
        const checked = checkProblem({
          policy: policyOf(request, SEED),
          lots: [],
          recipients: [{ id: 'a', claims: {} }],
        });
        const faults = 'faults' in checked ? checked.faults : [];
        expect(refusalOf(faults)?.code).toBe(faults.length === 0 ? undefined : 'POLICY_NOT_SUPPORTED');
      }),
    );
  });
});

describe('a policy that contradicts itself', () => {
  const fieldOf = (request: Partial<PolicyRequest>, isKept = false) =>
    faultIn({ rule, ...request }, isKept)?.facts.field ?? null;

  it.each([
    [{ tiers: { by: 'RESERVED' } }, 'tiers.shares'],
    [{ tiers: { by: 'RESERVED', shares: [] } }, 'tiers.shares'],
    [{ tiers: { by: 'STRICT', shares: [{ tier: 1, share: 1 }] } }, 'tiers.shares'],
    [{ tiers: { by: 'NONE', shares: [] } }, 'tiers.shares'],
    [
      {
        tiers: {
          by: 'RESERVED',
          shares: [
            { tier: 1, share: 1 },
            { tier: 2, share: 1 },
            { tier: 1, share: 2 },
          ],
        },
      },
      'tiers.shares.2.tier',
    ],
    [{ memory: { by: 'CUMULATIVE' } }, 'memory.days'],
    [{ memory: { by: 'ROUNDING', days: 3 } }, 'memory.days'],
    [{ memory: { by: 'NONE', days: 3 } }, 'memory.days'],
    [{ seed: 's', tieBreak: 'STABLE' }, 'seed'],
  ] as [Partial<PolicyRequest>, string][])('%j is named by its field', (request, field) => {
    expect(fieldOf(request)).toBe(`input.policy.${field}`);
    expect(fieldOf(request, true)).toBe(`input.policy.${field}`);
  });

  it('a seed goes with one split, and not with a policy that is kept', () => {
    expect(fieldOf({ seed: 's' })).toBeNull();
    expect(fieldOf({ seed: 's', tieBreak: 'CARRY_OVER' })).toBeNull();
    expect(fieldOf({ seed: 's' }, true)).toBe('input.policy.seed');
  });
});

describe('what the engine finds fault with', () => {
  const refused = (path: string, code: FaultCode) => refusalOf([{ path, code, message: 'is so' }]);

  it.each([
    ['policy.ties.by', 'INVALID', 'policy.tieBreak'],
    ['policy.tiers.by', 'INVALID', 'policy.tiers'],
    ['policy.reserveUnits.MASK', 'INVALID', 'policy.reserve'],
    ['policy.guarantee["odd code"]', 'INVALID', 'policy.guarantee'],
    ['recipients[3].deficit', 'INVALID', 'policy.memory'],
  ] as [string, FaultCode, string][])('%s, %s, is refused as %s', (path, code, field) => {
    expect(refused(path, code)).toMatchObject({ __typename: 'PolicyNotSupportedError', field });
  });

  it('too much for exact sums is a refusal of its own', () => {
    expect(refused('lots', 'TOO_LARGE')).toMatchObject({
      __typename: 'TooMuchToSplitError',
      code: 'TOO_MUCH_TO_SPLIT',
    });
  });

  it('anything else is nobody’s fault who asked', () => {
    expect(refused('recipients[0].id', 'DUPLICATE')).toBeNull();
    expect(refused('lots[0].units', 'INVALID')).toBeNull();
    expect(refused('recipients[3].claims', 'MISSING')).toBeNull();
    expect(refusalOf([])).toBeNull();
  });

  it('is known at the adoption already, where it does not depend on the stock', () => {
    for (const claims of ['EQUAL', 'HEADCOUNT'] as const)
      expect(unsupported(termsOf({ rule: 'TALMUD', claims }))).toMatchObject({
        __typename: 'ClaimsNeededError',
        code: 'CLAIMS_NEEDED',
        rule: 'TALMUD',
        claims,
      });
    expect(unsupported(termsOf({ rule: 'PROPORTIONAL', claims: 'HEADCOUNT' }))).toBeNull();
    expect(unsupported(termsOf({ rule: 'TALMUD', claims: 'NEED' }))).toBeNull();
    expect(unsupported(termsOf({ rule }))).toBeNull();
  });
});

describe('what may become of a policy', () => {
  const policy = { id: 'p', name: 'Ours', builtIn: false, retiredAt: null };
  const retired = { ...policy, retiredAt: new Date(0) };

  it('one that was retired is neither used nor changed', () => {
    expect([mayBeUsed(policy), mayBeChanged(policy)]).toEqual([null, null]);
    for (const may of [mayBeUsed, mayBeChanged])
      expect(may(retired)).toMatchObject({ __typename: 'PolicyRetiredError', policyId: 'p', since: new Date(0) });
  });

  it('one that is built in is used and never changed', () => {
    expect(mayBeUsed({ ...policy, builtIn: true })).toBeNull();
    expect(mayBeChanged({ ...policy, builtIn: true })).toMatchObject({ __typename: 'PolicyBuiltInError' });
  });

  it('a revision follows the version that was looked at, or whichever is the newest', () => {
    expect([mayFollow(3, 3), mayFollow(3, null), mayFollow(3, undefined)]).toEqual([null, null, null]);
    expect(mayFollow(3, 2)).toMatchObject({ __typename: 'PolicyRevisedMeanwhileError', currentVersion: 3 });
  });

  it('names are the same whatever their case, width and spaces', () => {
    expect(policyNameKey('  Frontline\u3000 FIRST ')).toBe('frontline first');
    expect(policyNameKey('\uFF2Eeed')).toBe('need');
  });
});
