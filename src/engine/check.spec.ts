import { describe, expect, it } from '@jest/globals';
import { checkProblem } from './check.js';
import type { Fault } from './faults.js';

const SOUND = {
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' },
  lots: [{ id: 'm1', item: 'MASK', units: 10 }],
  recipients: [{ id: 'a' }],
};

/** "path CODE" of every fault, in the order reported. */
function faultsOf(input: unknown): string[] {
  const checked = checkProblem(input);
  return 'faults' in checked ? checked.faults.map(({ path, code }) => `${path} ${code}`) : [];
}

const withPolicy = (more: object) => ({ ...SOUND, policy: { ...SOUND.policy, ...more } });
const withLot = (more: object) => ({ ...SOUND, lots: [{ ...SOUND.lots[0], ...more }] });
const withRecipient = (more: object) => ({ ...SOUND, recipients: [{ id: 'a', ...more }] });

describe('a sound problem', () => {
  it('comes back as it was', () => {
    expect(checkProblem(SOUND)).toEqual({ problem: SOUND });
  });

  it('may say every default', () => {
    const problem = {
      plan: 'plan-7',
      day: '2020-02-29',
      policy: {
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        rounding: 'WEBSTER',
        ties: { by: 'LOTTERY', seed: 's' },
        tiers: { by: 'NONE' },
        reserveUnits: { MASK: 0 },
        cap: { MASK: 5 },
        minimumLot: { MASK: 0 },
        guarantee: { MASK: 2 },
        admit: 'TIE_ORDER',
        wholePacks: false,
        memory: { by: 'NONE' },
      },
      lots: [{ id: 'm1', item: 'MASK', units: 0, unitsPerPack: 50, expiresOn: '2022-03-31' }],
      recipients: [
        {
          id: 'a',
          groups: ['us', 'us'],
          country: 'US',
          tier: 1,
          weight: 3,
          claims: { MASK: 0 },
          received: {},
          deficit: {},
        },
      ],
    };
    expect(checkProblem(problem)).toEqual({ problem });
  });
});

describe('a fault is named by its path', () => {
  it.each<[unknown, string[]]>([
    [null, ['problem INVALID']],
    [[], ['problem INVALID']],
    [{}, ['policy MISSING', 'lots MISSING', 'recipients MISSING']],
    [{ ...SOUND, lotz: [] }, ['lotz UNKNOWN_KEY']],
    [{ ...SOUND, 'my key': 1 }, ['["my key"] UNKNOWN_KEY']],
    [{ ...SOUND, plan: 'a|b' }, ['plan INVALID']],
    [{ ...SOUND, day: '2021-02-29' }, ['day INVALID']],
    [{ ...SOUND, day: '10.4.2020' }, ['day INVALID']],
    [{ ...SOUND, policy: 'equal' }, ['policy INVALID']],
    [{ ...SOUND, lots: {} }, ['lots INVALID']],
    [{ ...SOUND, lots: [7] }, ['lots[0] INVALID']],
    [{ ...SOUND, recipients: 'all' }, ['recipients INVALID']],
    [{ ...SOUND, recipients: [null] }, ['recipients[0] INVALID']],
    [{ ...SOUND, policy: {} }, ['policy.rule MISSING']],
    [withPolicy({ rule: 'FIRST_COME' }), ['policy.rule INVALID']],
    [withPolicy({ rulez: 1 }), ['policy.rulez UNKNOWN_KEY']],
    [withPolicy({ rounding: 'UP' }), ['policy.rounding INVALID']],
    [withPolicy({ admit: 'ALL' }), ['policy.admit INVALID']],
    [withPolicy({ ties: 'STABLE' }), ['policy.ties INVALID']],
    [withPolicy({ ties: {} }), ['policy.ties.by MISSING']],
    [withPolicy({ ties: { by: 'COIN' } }), ['policy.ties.by INVALID']],
    [withPolicy({ ties: { by: 'LOTTERY' } }), ['policy.ties.seed MISSING']],
    [withPolicy({ ties: { by: 'LOTTERY', seed: 7 } }), ['policy.ties.seed INVALID']],
    [withPolicy({ ties: { by: 'LOTTERY', seed: 's', salt: 1 } }), ['policy.ties.salt UNKNOWN_KEY']],
    [withPolicy({ ties: { by: 'STABLE', seed: 's' } }), ['policy.ties.seed UNKNOWN_KEY']],
    [withPolicy({ tiers: [] }), ['policy.tiers INVALID']],
    [withPolicy({ tiers: {} }), ['policy.tiers.by MISSING']],
    [withPolicy({ tiers: { by: 'NONE', shares: [] } }), ['policy.tiers.shares UNKNOWN_KEY']],
    [withPolicy({ memory: { by: 'FOREVER' } }), ['policy.memory.by INVALID']],
    [withPolicy({ cap: 5 }), ['policy.cap INVALID']],
    [withPolicy({ cap: { MASK: -1 } }), ['policy.cap.MASK INVALID']],
    [withPolicy({ guarantee: { MASK: 0.5 } }), ['policy.guarantee.MASK INVALID']],
    [withPolicy({ reserveUnits: { MASK: 1.5 } }), ['policy.reserveUnits.MASK INVALID']],
    [withPolicy({ minimumLot: { MASK: 'ten' } }), ['policy.minimumLot.MASK INVALID']],
    [withPolicy({ wholePacks: 'yes' }), ['policy.wholePacks INVALID']],
    [
      withLot({ id: undefined, item: undefined, units: undefined }),
      ['id', 'item', 'units'].map((k) => `lots[0].${k} MISSING`),
    ],
    [withLot({ id: '' }), ['lots[0].id INVALID']],
    [withLot({ id: 'x'.repeat(201) }), ['lots[0].id INVALID']],
    [withLot({ item: 'MASK|N95' }), ['lots[0].item INVALID']],
    [withLot({ item: '__proto__' }), ['lots[0].item INVALID']],
    [withLot({ units: -1 }), ['lots[0].units INVALID']],
    [withLot({ units: 1.5 }), ['lots[0].units INVALID']],
    [withLot({ units: '10' }), ['lots[0].units INVALID']],
    [withLot({ units: Number.NaN }), ['lots[0].units INVALID']],
    [withLot({ units: 1e16 }), ['lots[0].units TOO_LARGE', 'lots TOO_LARGE']],
    [withLot({ unitsPerPack: 0 }), ['lots[0].unitsPerPack INVALID']],
    [withLot({ expiresOn: '2020-13-01' }), ['lots[0].expiresOn INVALID']],
    [withLot({ expiry: '2020-12-01' }), ['lots[0].expiry UNKNOWN_KEY']],
    [withRecipient({ id: undefined }), ['recipients[0].id MISSING']],
    [withRecipient({ id: 7 }), ['recipients[0].id INVALID']],
    [withRecipient({ id: '\ud800' }), ['recipients[0].id INVALID']],
    [withRecipient({ groups: ['us', 1] }), ['recipients[0].groups INVALID']],
    [withRecipient({ country: 'usa' }), ['recipients[0].country INVALID']],
    [withRecipient({ tier: 0 }), ['recipients[0].tier INVALID']],
    [withRecipient({ weight: 0 }), ['recipients[0].weight INVALID']],
    [withRecipient({ weight: 0.5 }), ['recipients[0].weight INVALID']],
    [withRecipient({ weight: 2e15 }), ['recipients TOO_LARGE']],
    [withRecipient({ claims: [] }), ['recipients[0].claims INVALID']],
    [withRecipient({ claims: { MASK: null } }), ['recipients[0].claims.MASK INVALID']],
    [withRecipient({ claims: { 'A|B': 1 } }), ['recipients[0].claims["A|B"] INVALID']],
    [withRecipient({ email: 'x' }), ['recipients[0].email UNKNOWN_KEY']],
  ])('%j', (input, expected) => {
    expect(faultsOf(input)).toEqual(expected);
  });

  it('duplicates are told with the first of them', () => {
    const twice = {
      ...SOUND,
      lots: [SOUND.lots[0], SOUND.lots[0]],
      recipients: [{ id: 'a' }, { id: 'b' }, { id: 'a' }],
    };
    expect(checkProblem(twice)).toEqual({
      faults: [
        { path: 'lots[1].id', code: 'DUPLICATE', message: 'is the same as lots[0].id' },
        { path: 'recipients[2].id', code: 'DUPLICATE', message: 'is the same as recipients[0].id' },
      ],
    });
  });

  it('lots that sum past what is exact are refused together', () => {
    const lots = [1, 2].map((i) => ({ id: `m${i}`, item: 'MASK', units: 6e14 }));
    expect(faultsOf({ ...SOUND, lots })).toEqual(['lots TOO_LARGE']);
  });
});

describe('rules that compare with claims', () => {
  const recipients = [{ id: 'a', claims: { MASK: 5 } }, { id: 'b' }, { id: 'c', claims: {} }];

  it.each(['CONSTRAINED_EQUAL_LOSSES', 'TALMUD', 'MAX_MIN_FILL_RATE'])('%s needs claims of everybody', (rule) => {
    expect(checkProblem({ ...SOUND, policy: { rule }, recipients })).toEqual({
      faults: [{ path: 'recipients[1].claims', code: 'MISSING', message: `is missing: ${rule} needs claims` }],
    });
  });

  it.each(['CONSTRAINED_EQUAL_AWARDS', 'PROPORTIONAL'])('%s does not', (rule) => {
    expect(faultsOf({ ...SOUND, policy: { rule }, recipients })).toEqual([]);
  });
});

describe('tiers, packs, minimum lots and memory', () => {
  it.each<unknown>([
    withPolicy({ ties: { by: 'CARRY_OVER', seed: 's' }, memory: { by: 'ROUNDING' } }),
    withPolicy({ tiers: { by: 'STRICT' } }),
    withPolicy({ tiers: { by: 'RESERVED', shares: { 1: 5, 3: 1 } } }),
    withPolicy({ minimumLot: { MASK: 5 }, admit: 'SMALLEST_CLAIM_FIRST' }),
    withPolicy({ wholePacks: true }),
    withPolicy({ memory: { by: 'CUMULATIVE', days: 90 } }),
    withRecipient({ received: { MASK: 10 }, deficit: { MASK: '1/3', GOGGLES: '-2', GOWN: '0' } }),
    withRecipient({ anyOf: [{ items: ['N95', 'KN95'], units: 50 }] }),
  ])('%j is sound', (input) => {
    expect(faultsOf(input)).toEqual([]);
  });

  it.each<[unknown, string]>([
    [withPolicy({ ties: { by: 'CARRY_OVER' } }), 'policy.ties.seed MISSING'],
    [withPolicy({ tiers: { by: 'RESERVED' } }), 'policy.tiers.shares MISSING'],
    [withPolicy({ tiers: { by: 'RESERVED', shares: {} } }), 'policy.tiers.shares INVALID'],
    [withPolicy({ tiers: { by: 'RESERVED', shares: { 1: 0 } } }), 'policy.tiers.shares.1 INVALID'],
    [withPolicy({ tiers: { by: 'RESERVED', shares: { 4: 1 } } }), 'policy.tiers.shares.4 UNKNOWN_KEY'],
    [withPolicy({ tiers: { by: 'STRICT', shares: { 1: 1 } } }), 'policy.tiers.shares UNKNOWN_KEY'],
    [withPolicy({ tiers: 'STRICT' }), 'policy.tiers INVALID'],
    [withPolicy({ tiers: { by: 'SOFT' } }), 'policy.tiers.by INVALID'],
    [withPolicy({ wholePacks: 1 }), 'policy.wholePacks INVALID'],
    [withPolicy({ minimumLot: { MASK: -1 } }), 'policy.minimumLot.MASK INVALID'],
    [withPolicy({ admit: 'FIRST_COME' }), 'policy.admit INVALID'],
    [withPolicy({ memory: { by: 'CUMULATIVE', windowDays: 90 } }), 'policy.memory.windowDays UNKNOWN_KEY'],
    [withPolicy({ memory: { by: 'CUMULATIVE', days: 0 } }), 'policy.memory.days INVALID'],
    [withRecipient({ received: { MASK: 1.5 } }), 'recipients[0].received.MASK INVALID'],
    [withRecipient({ received: { MASK: 2e9 } }), 'recipients[0].received.MASK TOO_LARGE'],
    [withRecipient({ deficit: { MASK: 0.5 } }), 'recipients[0].deficit.MASK INVALID'],
    [withRecipient({ deficit: { MASK: '1/0' } }), 'recipients[0].deficit.MASK INVALID'],
    [withRecipient({ deficit: ['1/3'] }), 'recipients[0].deficit INVALID'],
    [withRecipient({ anyOf: { items: ['N95'], units: 1 } }), 'recipients[0].anyOf INVALID'],
    [withRecipient({ anyOf: [{ items: [], units: 1 }] }), 'recipients[0].anyOf[0].items INVALID'],
    [withRecipient({ anyOf: [{ items: ['N95'] }] }), 'recipients[0].anyOf[0].units INVALID'],
    [withRecipient({ anyOf: [{ items: ['N95'], units: 1, each: 2 }] }), 'recipients[0].anyOf[0].each UNKNOWN_KEY'],
    [withRecipient({ anyOf: [null] }), 'recipients[0].anyOf[0] INVALID'],
  ])('%j is told', (input, fault) => {
    expect(faultsOf(input)).toEqual([fault]);
  });
});

describe('earmarks', () => {
  const earmarked = (more: object) => withLot({ earmark: { strength: 'ONLY', groups: ['us'], ...more } });

  it.each([{}, { strength: 'FIRST' }, { countries: ['US', 'DE'], tiers: [1, 3] }, { groups: undefined, tiers: [2] }])(
    '%j is sound',
    (more) => {
      expect(faultsOf(earmarked(more))).toEqual([]);
    },
  );

  it.each<[object, string]>([
    [{ strength: undefined }, '.strength MISSING'],
    [{ strength: 'HARD' }, '.strength INVALID'],
    [{ groups: undefined }, ' INVALID'],
    [{ groups: [] }, '.groups INVALID'],
    [{ groups: [''] }, '.groups INVALID'],
    [{ groups: 'us' }, '.groups INVALID'],
    [{ countries: [] }, '.countries INVALID'],
    [{ countries: ['usa'] }, '.countries INVALID'],
    [{ tiers: [] }, '.tiers INVALID'],
    [{ tiers: [0] }, '.tiers INVALID'],
    [{ tiers: [4] }, '.tiers INVALID'],
    [{ tiers: [1.5] }, '.tiers INVALID'],
    [{ tiers: ['1'] }, '.tiers INVALID'],
    [{ country: 'US' }, '.country UNKNOWN_KEY'],
  ])('%j is told', (more, fault) => {
    expect(faultsOf(earmarked(more))).toEqual([`lots[0].earmark${fault}`]);
  });

  it('must be objects', () => {
    expect(faultsOf(withLot({ earmark: null }))).toEqual(['lots[0].earmark INVALID']);
    expect(faultsOf(withLot({ earmark: 'us' }))).toEqual(['lots[0].earmark INVALID']);
  });

  it('need claims times weights that sum up exactly under equal fill rates', () => {
    const policy = { rule: 'MAX_MIN_FILL_RATE' };
    const recipients = [{ id: 'a', weight: 1e6, claims: { MASK: 1e9, GOGGLES: 1e15 } }];
    expect(faultsOf({ ...earmarked({}), policy, recipients })).toEqual([]);
    const [one] = recipients;
    expect(faultsOf({ ...earmarked({}), policy, recipients: [one, { ...one, id: 'b' }] })).toEqual([
      'recipients TOO_LARGE',
    ]);
    expect(faultsOf({ ...SOUND, policy, recipients: [one, { ...one, id: 'b' }] })).toEqual([]);
  });
});

describe('very many faults', () => {
  it('are told up to a hundred, then counted', () => {
    const recipients = Array.from({ length: 250 }, () => ({}));
    const { faults } = checkProblem({ ...SOUND, recipients }) as { faults: Fault[] };
    expect(faults).toHaveLength(101);
    expect(faults[99]).toEqual({ path: 'recipients[99].id', code: 'MISSING', message: 'is missing' });
    expect(faults[100]).toEqual({ path: 'problem', code: 'MORE_FAULTS', message: '150 more faults' });
  });

  it('are not said to be more when there are exactly a hundred', () => {
    const recipients = Array.from({ length: 100 }, () => ({}));
    expect(faultsOf({ ...SOUND, recipients })).toHaveLength(100);
  });
});
