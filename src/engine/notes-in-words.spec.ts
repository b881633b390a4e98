import { describe, expect, it } from '@jest/globals';
import { chineseNounOf } from './chinese-nouns.js';
import { noteInChinese } from './chinese-notes.js';
import { noteInEnglish } from './english-notes.js';
import { nounOf } from './nouns.js';
import type { Note } from './problem.js';
import { split } from './split.js';

function inBoth(note: Note): string[] {
  return [noteInEnglish(note, nounOf('MASK')), noteInChinese(note, chineseNounOf('MASK'))];
}

describe('a note', () => {
  it.each<[Note, string, string]>([
    [
      { code: 'CLAIM_FAR_ABOVE_MEDIAN', recipient: 'r1', item: 'MASK', claim: 50_000, median: 49.5 },
      'A claim of 50,000 masks is more than 100 times the median of 49.5. It is honoured all the same: please check it.',
      '有一份申请为50,000只口罩，超过申请量中位数（49.5只）的100倍。该申请仍照常计算，请核实。',
    ],
    [
      { code: 'GUARANTEES_NOT_COVERED', item: 'MASK', guaranteed: 1400, estate: 1000 },
      'The guarantees come to 1,400, and not all of them can be met of the 1,000 masks there are: they are given in turn.',
      '保证数量共计1,400只，现有的1,000只口罩无法全部满足，因此依次发放。',
    ],
    [
      { code: 'GUARANTEES_NOT_COVERED', item: 'MASK', guaranteed: 2, estate: 1 },
      'The guarantees come to 2, and not all of them can be met of the 1 mask there is: they are given in turn.',
      '保证数量共计2只，现有的1只口罩无法全部满足，因此依次发放。',
    ],
    [
      {
        code: 'STAGES',
        item: 'MASK',
        stages: [
          { lots: ['m1'], units: 300, people: 1 },
          { lots: ['m2'], units: 1000, people: 28 },
        ],
      },
      'The masks are shared in 2 steps: 300 among 1 person, then 1,000 among 28 people.',
      '口罩分2步分配：300只分配给1人，然后1,000只分配给28人。',
    ],
    [{ code: 'OF_TOMORROW', item: 'MASK', figure: 3 } as unknown as Note, 'Of tomorrow.', '提示：OF_TOMORROW。'],
  ])('%j', (note, english, chinese) => {
    expect(inBoth(note)).toEqual([english, chinese]);
  });

  it('of a split can be told, and names nobody', () => {
    const recipients = Array.from({ length: 3 }, (_, i) => ({ id: `r${i}`, claims: { MASK: i === 0 ? 900 : 2 } }));
    const { notes } = split({
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', guarantee: { MASK: 2 } },
      lots: [{ id: 'm', item: 'MASK', units: 5 }],
      recipients,
    });
    expect(notes.map(({ code }) => code)).toEqual(['GUARANTEES_NOT_COVERED', 'CLAIM_FAR_ABOVE_MEDIAN']);
    for (const words of notes.flatMap(inBoth)) expect(words).not.toMatch(/r\d|undefined|null|NaN/);
  });
});
