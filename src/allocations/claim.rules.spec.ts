import { describe, expect, it } from '@jest/globals';
import { checkProblem } from '../engine/check.js';
import type { Policy } from '../engine/problem.js';
import { type Circumstances, groupsThatMatter, isAnybodyClaiming, memorySince, recipientsOf } from './claim.rules.js';
import { type FreeUnits, problemOf } from './plan.rules.js';

const EQUAL: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS' };
const lot = (itemCode: string, category: FreeUnits['category'], more: Partial<FreeUnits> = {}): FreeUnits => ({
  lotId: `lot of ${itemCode}`,
  siteId: 'site',
  itemId: `id of ${itemCode}`,
  itemCode,
  category,
  units: 100,
  unitsPerPack: null,
  expiresOn: null,
  earmark: null,
  ...more,
});
const STOCK = [
  lot('N95', 'MASK'),
  lot('KN95', 'MASK'),
  lot('N95', 'MASK', { lotId: 'second' }),
  lot('GOWN', 'PROTECTIVE_SUIT'),
];
const person = (id: string, more: object = {}) => ({
  id,
  country: 'US',
  exposureTier: 3,
  headcount: 1,
  createdAt: new Date('2020-03-01T00:00:00Z'),
  ...more,
});
const world = (more: Partial<Circumstances> = {}): Circumstances => ({
  people: [person('anna'), person('berta')],
  memberships: [],
  wanted: [],
  substitutes: null,
  since: null,
  received: [],
  deficits: [],
  ...more,
});
const need = (recipientId: string, what: string, units: number) => ({
  recipientId,
  itemId: what.startsWith('id of') ? what : null,
  category: what.startsWith('id of') ? null : (what as FreeUnits['category']),
  acceptsSubstitutes: false,
  units,
});
const built = (circumstances: Circumstances, policy = EQUAL, claims: 'EQUAL' | 'NEED' | 'HEADCOUNT' = 'EQUAL') =>
  recipientsOf(circumstances, STOCK, { policy, claims });

describe('recipients as the engine is given them', () => {
  it('are ids, countries, tiers, and the groups they are told apart by', () => {
    const people = [person('anna', { exposureTier: 1, headcount: 7 }), person('berta', { country: null })];
    const memberships = [
      { recipientId: 'anna', groupId: 'y' },
      { recipientId: 'anna', groupId: 'x' },
    ];
    expect(built(world({ people, memberships }))).toEqual([
      { id: 'anna', groups: ['x', 'y'], country: 'US', tier: 1 },
      { id: 'berta', tier: 3 },
    ]);
  });

  it('weigh what they collect for, by headcount', () => {
    const people = [person('anna', { headcount: 7 }), person('berta')];
    expect(built(world({ people }), EQUAL, 'HEADCOUNT').map(({ weight }) => weight)).toEqual([7, 1]);
  });

  it('claim by need what was chosen, items by their code, and any of a category together', () => {
    const wanted = [
      need('anna', 'id of N95', 50),
      need('anna', 'MASK', 30),
      need('anna', 'PROTECTIVE_SUIT', 4),
      need('anna', 'id of GOWN', 2),
      need('anna', 'id of GOGGLES', 9),
      need('anna', 'GLOVES', 9),
    ];
    expect(built(world({ wanted }), EQUAL, 'NEED')).toEqual([
      {
        id: 'anna',
        country: 'US',
        tier: 3,
        // The only suits that were chosen are gowns: wanting any suit is wanting a gown.
        claims: { N95: 50, GOWN: 6 },
        anyOf: [{ items: ['N95', 'KN95'], units: 30 }],
      },
      { id: 'berta', country: 'US', tier: 3, claims: {} },
    ]);
  });

  it('are claiming as long as one of them wants something that was chosen', () => {
    const isClaiming = (...wanted: Circumstances['wanted']) =>
      isAnybodyClaiming({ recipients: built(world({ wanted }), EQUAL, 'NEED') });
    expect(isClaiming()).toBe(false);
    expect(isClaiming(need('anna', 'GLOVES', 9), need('berta', 'id of GOGGLES', 9))).toBe(false);
    expect(isClaiming(need('berta', 'id of GOWN', 1))).toBe(true);
    expect(isClaiming(need('berta', 'MASK', 1))).toBe(true);
    expect(isAnybodyClaiming({ recipients: built(world()) })).toBe(true);
  });

  it('bring what they received within the window; who is new and had nothing has no table', () => {
    const policy: Policy = { ...EQUAL, memory: { by: 'CUMULATIVE', days: 30 } };
    const people = ['anna', 'berta', 'carla', 'dora'].map((id, i) =>
      person(id, { createdAt: new Date(i < 2 ? '2020-03-10T23:59:59Z' : '2020-03-11T00:00:00Z') }),
    );
    const received = [
      { recipientId: 'anna', itemId: 'id of N95', units: 5 },
      { recipientId: 'anna', itemId: 'id of GOGGLES', units: 5 },
      { recipientId: 'carla', itemId: 'id of GOGGLES', units: 1 },
      { recipientId: 'dora', itemId: 'id of N95', units: 0 },
    ];
    const since = memorySince(policy, '2020-04-10');
    expect(since).toEqual(new Date('2020-03-11T00:00:00Z'));
    expect(built(world({ people, received, since }), policy).map((one) => one.received)).toEqual([
      { N95: 5 },
      {},
      {},
      undefined,
    ]);
    const forEver: Policy = { ...EQUAL, memory: { by: 'CUMULATIVE' } };
    expect(memorySince(forEver, '2020-04-10')).toBeNull();
    expect(built(world({ people }), forEver).map((one) => one.received)).toEqual(people.map(() => undefined));
    expect(built(world({ people, received })).map((one) => one.received)).toEqual(people.map(() => undefined));
  });

  it('bring what rounding owes them of the chosen items, where it is anything', () => {
    const deficits = [
      { recipientId: 'anna', itemId: 'id of N95', deficit: '-1/3' },
      { recipientId: 'anna', itemId: 'id of GOGGLES', deficit: '1/2' },
      { recipientId: 'berta', itemId: 'id of N95', deficit: '0' },
    ];
    expect(built(world({ deficits })).map((one) => one.deficit)).toEqual([{ N95: '-1/3' }, undefined]);
  });

  it('make a problem that the engine takes', () => {
    const policy: Policy = {
      rule: 'CONSTRAINED_EQUAL_AWARDS',
      ties: { by: 'CARRY_OVER', seed: 's' },
      tiers: { by: 'STRICT' },
      memory: { by: 'CUMULATIVE', days: 30 },
    };
    const stock = [
      ...STOCK.filter(({ lotId }) => lotId !== 'second'),
      lot('MASK', 'MASK', {
        earmark: { strength: 'ONLY', groups: ['x'], countries: ['US'], tiers: [1] },
        unitsPerPack: 5,
        expiresOn: '2020-05-01',
      }),
    ];
    const circumstances = world({
      memberships: [{ recipientId: 'anna', groupId: 'x' }],
      wanted: [need('anna', 'MASK', 30), need('anna', 'id of GOWN', 2)],
      received: [{ recipientId: 'anna', itemId: 'id of N95', units: 5 }],
      deficits: [{ recipientId: 'anna', itemId: 'id of N95', deficit: '-1/3' }],
    });
    for (const claims of ['EQUAL', 'NEED', 'HEADCOUNT', 'BURN_RATE'] as const) {
      const recipients = recipientsOf(circumstances, stock, { policy, claims });
      const problem = problemOf('plan', '2020-04-10', policy, stock, recipients);
      expect([claims, checkProblem(problem)]).toEqual([claims, { problem }]);
    }
  });

  it('are told apart by the groups of earmarks, and by those they were chosen by', () => {
    const stock = [...STOCK, lot('MASK', 'MASK', { earmark: { strength: 'ONLY', groups: ['b', 'a'] } })];
    expect(groupsThatMatter(stock, ['c', 'a'])).toEqual(['a', 'b', 'c']);
    expect(groupsThatMatter(STOCK, null)).toEqual([]);
  });
});
