import { describe, expect, it } from '@jest/globals';
import type { Problem, Rule } from './problem.js';
import { split } from './split.js';

/** Figures of published cases, copied from their sources; real-valued, some rounded to three decimals there. */
interface ClaimsCase {
  id: string;
  rule: Rule;
  estate: number;
  claims: number[];
  expected: number[];
  /** By which fractional quantities become whole units; 1 when absent. */
  scale?: number;
}

const TOLERANCE = 0.001;

const PUBLISHED: { source: string; cases: ClaimsCase[] }[] = [
  {
    source:
      'Wikipedia "Constrained equal awards" (text via theinfolist.com/html/ALL/s/C/Constrained_Equal_Awards.html)',
    cases: [
      { id: 'wp-cea-1', rule: 'CONSTRAINED_EQUAL_AWARDS', estate: 100, claims: [60, 90], expected: [50, 50] },
      { id: 'wp-cea-2', rule: 'CONSTRAINED_EQUAL_AWARDS', estate: 100, claims: [40, 80], expected: [40, 60] },
      {
        id: 'wp-cea-3',
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        estate: 100,
        claims: [50, 100, 150],
        expected: [33.333, 33.333, 33.333],
      },
      { id: 'wp-cea-4', rule: 'CONSTRAINED_EQUAL_AWARDS', estate: 200, claims: [50, 100, 150], expected: [50, 75, 75] },
      {
        id: 'wp-cea-5',
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        estate: 300,
        claims: [50, 100, 150],
        expected: [50, 100, 150],
      },
      {
        id: 'wp-cea-6',
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        estate: 300,
        claims: [100, 200, 300],
        expected: [100, 100, 100],
      },
      {
        id: 'wp-cea-7',
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        estate: 500,
        claims: [100, 200, 300],
        expected: [100, 200, 200],
      },
    ],
  },
  {
    source: 'Wikipedia "Constrained equal losses" (text via everything.explained.today/constrained_equal_losses)',
    cases: [
      { id: 'wp-cel-1', rule: 'CONSTRAINED_EQUAL_LOSSES', estate: 100, claims: [60, 90], expected: [35, 65] },
      { id: 'wp-cel-2', rule: 'CONSTRAINED_EQUAL_LOSSES', estate: 100, claims: [50, 100], expected: [25, 75] },
      { id: 'wp-cel-3', rule: 'CONSTRAINED_EQUAL_LOSSES', estate: 100, claims: [40, 80], expected: [30, 70] },
      { id: 'wp-cel-4', rule: 'CONSTRAINED_EQUAL_LOSSES', estate: 100, claims: [50, 100, 150], expected: [0, 25, 75] },
      {
        id: 'wp-cel-5',
        rule: 'CONSTRAINED_EQUAL_LOSSES',
        estate: 200,
        claims: [50, 100, 150],
        expected: [16.667, 66.666, 116.667],
      },
      {
        id: 'wp-cel-6',
        rule: 'CONSTRAINED_EQUAL_LOSSES',
        estate: 300,
        claims: [50, 100, 150],
        expected: [50, 100, 150],
      },
    ],
  },
  {
    source: 'https://en.wikipedia.org/wiki/Proportional_rule_(bankruptcy)',
    cases: [
      { id: 'wp-prop-1', rule: 'PROPORTIONAL', estate: 100, claims: [60, 90], expected: [40, 60] },
      { id: 'wp-prop-2', rule: 'PROPORTIONAL', estate: 100, claims: [50, 100], expected: [33.333, 66.667] },
      { id: 'wp-prop-3', rule: 'PROPORTIONAL', estate: 100, claims: [40, 80], expected: [33.333, 66.667] },
      { id: 'wp-prop-4', rule: 'PROPORTIONAL', estate: 100, claims: [100, 200, 300], expected: [16.667, 33.333, 50] },
      { id: 'wp-prop-5', rule: 'PROPORTIONAL', estate: 200, claims: [100, 200, 300], expected: [33.333, 66.667, 100] },
      { id: 'wp-prop-6', rule: 'PROPORTIONAL', estate: 300, claims: [100, 200, 300], expected: [50, 100, 150] },
    ],
  },
  {
    source:
      'Mishna Ketubot 93a; Aumann & Maschler 1985 (J. Econ. Theory 36:195-213), as restated in Schecter, "How the Talmud divides an estate among creditors" (studylib.net/doc/18259845)',
    cases: [
      {
        id: 'talmud-mishna-E100',
        rule: 'TALMUD',
        estate: 100,
        claims: [100, 200, 300],
        expected: [33.333333333333336, 33.333333333333336, 33.333333333333336],
      },
      { id: 'talmud-mishna-E200', rule: 'TALMUD', estate: 200, claims: [100, 200, 300], expected: [50, 75, 75] },
      { id: 'talmud-mishna-E300', rule: 'TALMUD', estate: 300, claims: [100, 200, 300], expected: [50, 100, 150] },
    ],
  },
  {
    source:
      '"Foundations of legal negotiations" Fig. 1, contested-garment consistent divisions of Ketubot 93a (libra.ibuk.pl/reader/.../15; columns read from the extracted figure text)',
    cases: [
      { id: 'talmud-fig1-E400', rule: 'TALMUD', estate: 400, claims: [100, 200, 300], expected: [50, 125, 225] },
      { id: 'talmud-fig1-E450', rule: 'TALMUD', estate: 450, claims: [100, 200, 300], expected: [50, 150, 250] },
      {
        id: 'talmud-fig1-E500',
        rule: 'TALMUD',
        estate: 500,
        claims: [100, 200, 300],
        expected: [66.66666666666667, 166.66666666666666, 266.6666666666667],
      },
      {
        id: 'talmud-fig1-E550',
        rule: 'TALMUD',
        estate: 550,
        claims: [100, 200, 300],
        expected: [83.33333333333333, 183.33333333333334, 283.3333333333333],
      },
      { id: 'talmud-fig1-E600', rule: 'TALMUD', estate: 600, claims: [100, 200, 300], expected: [100, 200, 300] },
    ],
  },
  {
    source:
      'Mishna Bava Metzia 2a (contested garment): "one claims all, the other claims half -> 3/4, 1/4", quoted in Slate "Let the Rabbi Split the Pie" (cocalc mirror)',
    cases: [
      { id: 'contested-garment-bm2a', rule: 'TALMUD', estate: 1, claims: [0.5, 1], expected: [0.25, 0.75], scale: 2 },
    ],
  },
  {
    source:
      'Keshav, An Engineering Approach to Computer Networking (1997) pp.215-217, max-min fair share Example 1 (text in nvidia/Nemotron-CC-Math-v1)',
    cases: [
      {
        id: 'keshav-maxmin-1',
        rule: 'CONSTRAINED_EQUAL_AWARDS',
        estate: 10,
        claims: [2, 2.6, 4, 5],
        expected: [2, 2.6, 2.7, 2.7],
        scale: 10,
      },
    ],
  },
];

const CASES = PUBLISHED.flatMap(({ source, cases }) => cases.map((one) => ({ source, ...one })));

describe('published claims problems', () => {
  it.each(CASES)('$id ($rule, $estate): $source', ({ rule, estate, claims, expected, scale = 1 }) => {
    const problem: Problem = {
      policy: { rule },
      lots: [{ id: 'lot', item: 'E', units: estate * scale }],
      recipients: claims.map((claim, i) => ({ id: `c${i}`, claims: { E: claim * scale } })),
    };
    const { awards, withoutAward } = split(problem);
    const rows = [...awards, ...withoutAward].sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
    expect(rows).toHaveLength(claims.length);
    rows.forEach(({ why }, i) => {
      expect(Math.abs(valueOf(why.exactShare) / scale - expected[i]!)).toBeLessThanOrEqual(TOLERANCE);
      expect(Math.abs(why.units - valueOf(why.exactShare))).toBeLessThan(1);
    });
    expect(rows.reduce((sum, { why }) => sum + why.units, 0)).toBe(estate * scale);
  });

  it('are all there', () => expect(CASES).toHaveLength(29));
});

function valueOf(share: string): number {
  const [top, bottom = '1'] = share.split('/');
  return Number(top) / Number(bottom);
}
