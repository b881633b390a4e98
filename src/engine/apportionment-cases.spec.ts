import { describe, expect, it } from '@jest/globals';
import type { Problem, Rounding } from './problem.js';
import { split } from './split.js';

/** Figures of published apportionments, copied from their sources. Votes are weights, seats are units. */
interface Apportionment {
  id: string;
  rounding: Rounding;
  source: string;
  seats: number;
  /** Names of the lists of votes below. */
  votes: keyof typeof VOTES;
  /** Null where the source gives some seats only, or, with a threshold, for those that passed it. */
  expected: number[] | null;
  some?: Record<string, number>;
  /** The part of all votes below which a party gets no seat. */
  threshold?: number;
  /** Seats that everybody is guaranteed. */
  minimum?: number;
}

const VOTES = {
  'by75-ex1': [5117, 4400, 162, 161, 160],
  'ml-zeros-hamilton': [0, 14, 28, 0, 0],
  'ml-weakprop-webster': [14, 28, 7, 35],
  'austria-nr-2019': [1789417, 1011868, 772666, 387124, 89169, 664055, 32736, 22168, 760, 4946, 260, 1767, 310],
  'knesset-22': [1461368, 1374272, 470211, 598974, 405277],
  'kr-denmark-2019': [
    915393, 304273, 233349, 83228, 29617, 272093, 82228, 61215, 308219, 63091, 825486, 244664, 104148,
  ],
  'us-house-1940': [
    2832961, 499261, 1949387, 6907387, 1123296, 1709242, 266505, 1897414, 3123723, 524873, 7897241, 3427796, 2538268,
    1801028, 2845627, 2363516, 847226, 1821244, 4316721, 5256106, 2792300, 2183796, 3784664, 559456, 1315834, 110247,
    491524, 4160165, 531818, 13479142, 3571623, 641935, 6907612, 2336434, 1089684, 9900180, 713346, 1899804, 642961,
    2915841, 6414824, 550310, 359231, 2677773, 1736191, 1901974, 3137587, 250742,
  ],
  'us-house-2020': [
    5030053, 736081, 7158923, 3013756, 39576757, 5782171, 3608298, 990837, 21570527, 10725274, 1460137, 1841377,
    12822739, 6790280, 3192406, 2940865, 4509342, 4661468, 1363582, 6185278, 7033469, 10084442, 5709752, 2963914,
    6160281, 1085407, 1963333, 3108462, 1379089, 9294493, 2120220, 20215751, 10453948, 779702, 11808848, 3963516,
    4241500, 13011844, 1098163, 5124712, 887770, 6916897, 29183290, 3275252, 643503, 8654542, 7715946, 1795045, 5897473,
    577719,
  ],
  'alabama-paradox': [
    1262505, 802525, 864694, 194327, 622700, 146608, 269493, 1542180, 3077871, 1978301, 1624615, 996096, 1648690,
    939946, 648936, 934943, 1783085, 1636937, 780773, 1131597, 2168380, 452402, 62266, 346991, 1131116, 5082871,
    1399750, 3198062, 174768, 4282891, 276531, 995577, 1542359, 1591749, 332286, 1512565, 618457, 1315497,
  ],
};

/** The places in the census of 1880 that the sources speak of. */
const STATES: Record<string, number> = { Alabama: 0, Illinois: 8, Texas: 33, Nevada: 22 };

const CASES: Apportionment[] = [
  {
    id: 'by75-ex1-hamilton',
    rounding: 'LARGEST_REMAINDER',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87); from Balinski & Young 1975, The quota method of apportionment, Amer. Math. Monthly 82:701-730',
    seats: 100,
    votes: 'by75-ex1',
    expected: [51, 44, 2, 2, 1],
  },
  {
    id: 'by75-ex1-jefferson',
    rounding: 'JEFFERSON',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87); from Balinski & Young 1975, The quota method of apportionment, Amer. Math. Monthly 82:701-730',
    seats: 100,
    votes: 'by75-ex1',
    expected: [52, 45, 1, 1, 1],
  },
  {
    id: 'by75-ex1-webster',
    rounding: 'WEBSTER',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87); from Balinski & Young 1975, The quota method of apportionment, Amer. Math. Monthly 82:701-730',
    seats: 100,
    votes: 'by75-ex1',
    expected: [51, 43, 2, 2, 2],
  },
  {
    id: 'by75-ex1-huntington-hill',
    rounding: 'HUNTINGTON_HILL',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87); from Balinski & Young 1975, The quota method of apportionment, Amer. Math. Monthly 82:701-730',
    seats: 100,
    votes: 'by75-ex1',
    expected: [51, 43, 2, 2, 2],
  },
  {
    id: 'by75-ex1-adams',
    rounding: 'ADAMS',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87); from Balinski & Young 1975, The quota method of apportionment, Amer. Math. Monthly 82:701-730',
    seats: 100,
    votes: 'by75-ex1',
    expected: [51, 43, 2, 2, 2],
  },
  {
    id: 'ml-zeros-hamilton',
    rounding: 'LARGEST_REMAINDER',
    source: 'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87)',
    seats: 6,
    votes: 'ml-zeros-hamilton',
    expected: [0, 2, 4, 0, 0],
  },
  {
    id: 'ml-weakprop-webster',
    rounding: 'WEBSTER',
    source: 'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87)',
    seats: 12,
    votes: 'ml-weakprop-webster',
    expected: [2, 4, 1, 5],
  },
  {
    id: 'austria-nr-2019',
    rounding: 'JEFFERSON',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87) examples/nr_wahlen.txt: official Austrian National Council result; 4% threshold applied to total votes (parties below dropped)',
    seats: 183,
    votes: 'austria-nr-2019',
    expected: [71, 40, 31, 15, 0, 26, 0, 0, 0, 0, 0, 0, 0],
    threshold: 0.04,
  },
  {
    id: 'knesset-22',
    rounding: 'JEFFERSON',
    source:
      'github martinlackner/apportionment tests/test_methods.py (HEAD 25f7a87) examples/knesset.txt: official Knesset result, surplus-vote coalitions merged (Bader-Ofer)',
    seats: 120,
    votes: 'knesset-22',
    expected: [41, 39, 13, 16, 11],
    threshold: 0.0325,
  },
  {
    id: 'kr-denmark-2019',
    rounding: 'LARGEST_REMAINDER',
    source: 'github kasperrisager/Apportionment.jl test/ (HEAD c145fc1) Danish general election 2019, 2% threshold',
    seats: 175,
    votes: 'kr-denmark-2019',
    expected: [48, 16, 12, 4, 0, 14, 4, 0, 16, 0, 43, 13, 5],
    threshold: 0.02,
  },
  {
    id: 'us-house-1940',
    rounding: 'HUNTINGTON_HILL',
    source:
      'US Census Bureau official apportionment 1940 (data in github jamespfennell/apportionment@9f2c7e1 data/1940_*.csv)',
    seats: 435,
    votes: 'us-house-1940',
    expected: [
      9, 2, 7, 23, 4, 6, 1, 6, 10, 2, 26, 11, 8, 6, 9, 8, 3, 6, 14, 17, 9, 7, 13, 2, 4, 1, 2, 14, 2, 45, 12, 2, 23, 8,
      4, 33, 2, 6, 2, 10, 21, 2, 1, 9, 6, 6, 10, 1,
    ],
    minimum: 1,
  },
  {
    id: 'us-house-2020',
    rounding: 'HUNTINGTON_HILL',
    source:
      'US Census Bureau 2020 Table 1 (xlsx in github scheinerman/Apportionments.jl@b24051d data/apportionment-2020-table01.xlsx)',
    seats: 435,
    votes: 'us-house-2020',
    expected: [
      7, 1, 9, 4, 52, 8, 5, 1, 28, 14, 2, 2, 17, 9, 4, 4, 6, 6, 2, 8, 9, 13, 8, 4, 8, 2, 3, 4, 2, 12, 3, 26, 14, 1, 15,
      5, 6, 17, 2, 7, 1, 9, 38, 4, 1, 11, 10, 2, 8, 1,
    ],
    minimum: 1,
  },
  {
    id: 'alabama-paradox-299',
    rounding: 'LARGEST_REMAINDER',
    source:
      '1880 census populations (scheinerman/Apportionments.jl data/state-pops-1880.csv); published Alabama/Illinois/Texas seats: American Scientist "E Pluribus Confusion" (quotas 7.646/18.640/9.640 at 299; 7.671/18.702/9.672 at 300), Macmillan FAPP Example 7, georgeszpiro.com/7-alabama-paradox. NEEDS minimum=1 per state (Nevada quota 0.377): without the floor the paradox does not show',
    seats: 299,
    votes: 'alabama-paradox',
    expected: null,
    some: { Alabama: 8, Illinois: 18, Texas: 9, Nevada: 1 },
    minimum: 1,
  },
  {
    id: 'alabama-paradox-300',
    rounding: 'LARGEST_REMAINDER',
    source:
      '1880 census populations (scheinerman/Apportionments.jl data/state-pops-1880.csv); published Alabama/Illinois/Texas seats: American Scientist "E Pluribus Confusion" (quotas 7.646/18.640/9.640 at 299; 7.671/18.702/9.672 at 300), Macmillan FAPP Example 7, georgeszpiro.com/7-alabama-paradox. NEEDS minimum=1 per state (Nevada quota 0.377): without the floor the paradox does not show',
    seats: 300,
    votes: 'alabama-paradox',
    expected: null,
    some: { Alabama: 7, Illinois: 19, Texas: 10, Nevada: 1 },
    minimum: 1,
  },
];

function seatsOf({
  rounding,
  seats,
  votes,
  threshold = 0,
  minimum = 0,
}: Omit<Apportionment, 'id' | 'source'>): number[] {
  const list = VOTES[votes];
  const least = threshold * list.reduce((sum, count) => sum + count, 0);
  const problem: Problem = {
    policy: { rule: 'PROPORTIONAL', rounding, guarantee: { SEAT: minimum } },
    lots: [{ id: 'house', item: 'SEAT', units: seats }],
    // Nobody can have a weight of nothing: who has no votes, or too few, does not claim.
    recipients: list.map((count, i) =>
      count > 0 && count >= least ? { id: `p${i}`, weight: count } : { id: `p${i}`, claims: {} },
    ),
  };
  const units = new Map(split(problem).awards.map((award) => [award.recipient, award.units]));
  return list.map((_, i) => units.get(`p${i}`) ?? 0);
}

describe('published apportionments', () => {
  it.each(CASES)('$id ($rounding, $seats seats): $source', (one) => {
    const seats = seatsOf(one);
    expect(seats.reduce((sum, count) => sum + count, 0)).toBe(one.seats);
    if (one.expected) expect(seats).toEqual(one.expected);
    for (const [state, count] of Object.entries(one.some ?? {}))
      expect([state, seats[STATES[state]!]]).toEqual([state, count]);
  });

  it('are all there', () => expect(CASES).toHaveLength(14));
});

describe('the Alabama paradox', () => {
  it('a 300th seat costs Alabama one under largest remainders, with a floor of one, and under no divisor method', () => {
    const at = (rounding: Rounding, seats: number) =>
      seatsOf({ rounding, seats, votes: 'alabama-paradox', expected: null, minimum: 1 })[STATES['Alabama']!];
    expect([at('LARGEST_REMAINDER', 299), at('LARGEST_REMAINDER', 300)]).toEqual([8, 7]);
    for (const rounding of ['WEBSTER', 'JEFFERSON', 'ADAMS', 'HUNTINGTON_HILL'] as const) {
      expect(at(rounding, 300)).toBeGreaterThanOrEqual(at(rounding, 299)!);
    }
  });
});
