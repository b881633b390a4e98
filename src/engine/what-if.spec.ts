import { describe, expect, it } from '@jest/globals';
import type { Policy, Problem } from './problem.js';
import { split } from './split.js';
import { alternativesTo, oneMoreUnit } from './what-if.js';

const LOTTERY: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', ties: { by: 'LOTTERY', seed: 'spring' } };
const people = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `r${i + 10}` }));

describe('one more unit', () => {
  it('goes to whoever was next in the draw', () => {
    const problem: Problem = {
      policy: LOTTERY,
      lots: [{ id: 'm', item: 'MASK', units: 1000 }],
      recipients: people(28),
    };
    const [{ item, lot, changes }] = oneMoreUnit(problem) as [ReturnType<typeof oneMoreUnit>[0]];
    expect({ item, lot }).toEqual({ item: 'MASK', lot: null });
    const next = split(problem).awards.find(({ why }) => why.rank === 21)!;
    expect(changes).toEqual([{ recipient: next.recipient, units: 1 }]);
  });

  it('is told for every lot where some are earmarked', () => {
    const problem: Problem = {
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' },
      lots: [
        { id: 'all', item: 'MASK', units: 3 },
        { id: 'us', item: 'MASK', units: 1, earmark: { strength: 'ONLY', countries: ['US'] } },
      ],
      recipients: [
        { id: 'a', country: 'US', claims: { MASK: 2 } },
        { id: 'b', claims: { MASK: 9 } },
      ],
    };
    expect(oneMoreUnit(problem)).toEqual([
      { item: 'MASK', lot: 'all', changes: [{ recipient: 'b', units: 1 }] },
      // She has all she asked for then, and needs less of what is for everybody.
      { item: 'MASK', lot: 'us', changes: [{ recipient: 'b', units: 1 }] },
    ]);
  });

  it('is one more pack where packs are shared, and nobody when all are satisfied', () => {
    const lots = [{ id: 'm', item: 'MASK', units: 50, unitsPerPack: 50 }];
    const recipients = [{ id: 'a' }, { id: 'b' }];
    const policy: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', wholePacks: true };
    expect(oneMoreUnit({ policy, lots, recipients })).toEqual([
      { item: 'MASK', lot: null, changes: [{ recipient: 'b', units: 50 }] },
    ]);
    const modest = recipients.map(({ id }) => ({ id, claims: { MASK: 20 } }));
    expect(oneMoreUnit({ policy: { rule: 'TALMUD' }, lots, recipients: modest })[0]!.changes).toEqual([]);
  });

  it('may cost somebody a unit under largest remainders', () => {
    // The Alabama paradox in small: 10 seats to 11 for 6, 6 and 2 voters.
    const recipients = [6, 6, 2].map((weight, i) => ({ id: `s${i}`, weight }));
    const problem: Problem = {
      policy: { rule: 'PROPORTIONAL' },
      lots: [{ id: 'seats', item: 'SEAT', units: 10 }],
      recipients,
    };
    expect(oneMoreUnit(problem)[0]!.changes).toEqual([
      { recipient: 's0', units: 1 },
      { recipient: 's1', units: 1 },
      { recipient: 's2', units: -1 },
    ]);
  });
});

describe('the other rules', () => {
  it('are told with the metrics they come to', () => {
    const recipients = [100, 200, 300].map((claim, i) => ({ id: `w${i}`, claims: { DENAR: claim } }));
    const problem: Problem = { policy: { rule: 'TALMUD' }, lots: [{ id: 'e', item: 'DENAR', units: 200 }], recipients };
    const others = alternativesTo(problem);
    expect(others.map(({ rule }) => rule)).toEqual([
      'CONSTRAINED_EQUAL_AWARDS',
      'PROPORTIONAL',
      'CONSTRAINED_EQUAL_LOSSES',
      'MAX_MIN_FILL_RATE',
    ]);
    for (const { rule, metrics } of others) {
      expect(metrics).toEqual(split({ ...problem, policy: { rule } }).metrics);
    }
  });

  it('that compare with claims have no figures where somebody states none', () => {
    const problem: Problem = { policy: LOTTERY, lots: [{ id: 'm', item: 'MASK', units: 10 }], recipients: people(3) };
    expect(alternativesTo(problem).map(({ rule, metrics }) => [rule, metrics !== null])).toEqual([
      ['PROPORTIONAL', true],
      ['CONSTRAINED_EQUAL_LOSSES', false],
      ['TALMUD', false],
      ['MAX_MIN_FILL_RATE', false],
    ]);
  });
});
