import { describe, expect, it } from '@jest/globals';
import { checkProblem } from './check.js';
import type { Problem, Split } from './problem.js';
import { split } from './split.js';
import { alternativesTo } from './what-if.js';

/** Problems that once went wrong, each as small as it could be made. */

const earmark = (strength: 'ONLY' | 'FIRST', group: string) => ({ strength, groups: [group] });
const rowOf = ({ awards, withoutAward }: Split, id: string) =>
  [...awards, ...withoutAward].find(({ recipient }) => recipient === id)!;

describe('a problem that once', () => {
  it('took for ever: losses of claims that are very far apart', () => {
    const problem: Problem = {
      policy: { rule: 'CONSTRAINED_EQUAL_LOSSES' },
      lots: [{ id: 'l', item: 'M', units: 58, earmark: earmark('FIRST', 'icu') }],
      recipients: [
        { id: 'r0', groups: ['icu'], weight: 2, claims: { M: 21 } },
        { id: 'r1', weight: 4, claims: { M: 1e15 } },
        { id: 'r2', weight: 3, claims: { M: 8 } },
        { id: 'r3', weight: 2, claims: { M: 14 } },
      ],
    };
    const answer = JSON.parse(JSON.stringify(split(problem))) as Split;
    expect(rowOf(answer, 'r1').why).toMatchObject({ units: 37, exactShare: '37' });
  });

  it('took for ever: fill rates of claims and weights past what is exact', () => {
    const problem: Problem = {
      policy: { rule: 'MAX_MIN_FILL_RATE' },
      lots: [
        { id: 'l0', item: 'M', units: 9 },
        { id: 'l1', item: 'M', units: 1, earmark: earmark('ONLY', 'g') },
      ],
      recipients: [
        { id: 'r0', groups: ['g'], weight: 999_999_937, anyOf: [{ items: ['M'], units: 1e15 }] },
        { id: 'r1', claims: { M: 7 } },
      ],
    };
    expect(checkProblem(problem)).toMatchObject({ faults: [{ path: 'recipients', code: 'TOO_LARGE' }] });
    const awards: Problem = { ...problem, policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' } };
    expect(alternativesTo(awards).find(({ rule }) => rule === 'MAX_MIN_FILL_RATE')!.metrics).toBeNull();
  });

  it('gave guarantees without a reason, and remembered them as owed', () => {
    const answer = split({
      policy: { rule: 'PROPORTIONAL', guarantee: { MASK: 1 }, memory: { by: 'ROUNDING' } },
      lots: [
        { id: 'l1', item: 'MASK', units: 1, earmark: earmark('ONLY', 'icu') },
        { id: 'l2', item: 'MASK', units: 1 },
      ],
      recipients: [{ id: 'a', groups: ['icu'] }, { id: 'b' }],
    });
    expect(answer.awards.map(({ units, why }) => [units, why.exactShare])).toEqual([
      [1, '1'],
      [1, '1'],
    ]);
    expect(answer.deficits!.map(({ deficit }) => deficit)).toEqual(['0', '0']);
  });

  it('told a negative share: largest remainders of people of whom one had more than her part before', () => {
    const answer = split({
      policy: { rule: 'PROPORTIONAL', wholePacks: true, memory: { by: 'CUMULATIVE' } },
      lots: [{ id: 'lot1', item: 'MASK', units: 40, unitsPerPack: 10 }],
      recipients: [
        { id: 'r0', weight: 4 },
        { id: 'r1', weight: 2, received: { MASK: 10 } },
        { id: 'r3', weight: 4 },
        { id: 'r4', weight: 4, received: {} },
      ],
    });
    expect(rowOf(answer, 'r1').why.exactShare).toBe('0');
    expect(rowOf(answer, 'r1').sentence).toMatch(/^You get no packs of 10 masks this time: /);
  });

  it('left a pack beside somebody who could take it, because it was no minimum lot for her alone', () => {
    const answer = split({
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', minimumLot: { MASK: 6 }, wholePacks: true },
      lots: [
        { id: 'lot0', item: 'MASK', units: 5, unitsPerPack: 5 },
        { id: 'lot1', item: 'MASK', units: 6 },
      ],
      recipients: [{ id: 'r3' }],
    });
    expect(answer.awards.map(({ units }) => units)).toEqual([11]);
  });

  it('shut people out for a guarantee that did not fit, though the minimum lot did', () => {
    const answer = split({
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', guarantee: { MASK: 3 }, minimumLot: { MASK: 1 } },
      lots: [{ id: 'm', item: 'MASK', units: 4 }],
      recipients: [{ id: 'a' }, { id: 'b' }],
    });
    expect(answer.awards.map(({ units }) => units)).toEqual([3, 1]);
    expect(answer.notes.map(({ code }) => code)).toEqual(['GUARANTEES_NOT_COVERED']);
  });

  it('counted as served who has no room for a pack', () => {
    const answer = split({
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', minimumLot: { MASK: 6 }, wholePacks: true },
      lots: [{ id: 'm', item: 'MASK', units: 10, unitsPerPack: 10 }],
      recipients: [20, 20, 9, 9].map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } })),
    });
    expect(answer.notes).toMatchObject([{ code: 'MINIMUM_LOTS', admitted: 1, without: 1 }]);
    expect(rowOf(answer, 'r1').sentence).toContain('enough for 1 of 2 people');
  });

  it('summed claims past what is exact', () => {
    const anyOf = Array.from({ length: 100 }, () => ({ items: ['M'], units: 1e15 }));
    const problem = {
      policy: { rule: 'CONSTRAINED_EQUAL_LOSSES' },
      lots: [{ id: 'm', item: 'M', units: 10 }],
      recipients: [{ id: 'a', anyOf }],
    };
    expect(checkProblem(problem)).toMatchObject({ faults: [{ path: 'recipients[0].anyOf', code: 'TOO_LARGE' }] });
  });
});
