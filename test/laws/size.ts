import { jest } from '@jest/globals';

/** How large the laws are: as `npm test` plays them in a minute, or as `npm run soak` does in half an hour. */
const SHORT = {
  hotLot: { processes: 4, clients: 64, wishes: 45, commits: 200 },
  keys: { processes: 4, perAct: 3, copies: 20 },
  apiKills: { processes: 2, writers: 8, kills: 3, everyMs: 500 },
  databaseKills: { processes: 2, writers: 8, acknowledged: 60 },
  cuts: { processes: 2, writers: 16, acknowledged: 160 },
  shuffledLots: { processes: 2, clients: 32, lots: 20, splits: 96 },
  racingParcels: { processes: 2, rounds: 40, atOnce: 8 },
  cancels: { rounds: 5 },
  churn: { rounds: 6 },
  needs: { rounds: 3 },
  histories: { runs: 20, commands: 40 },
};

const LONG: typeof SHORT = {
  hotLot: { processes: 4, clients: 64, wishes: 1000, commits: 10_000 },
  keys: { processes: 4, perAct: 72, copies: 20 },
  apiKills: { processes: 4, writers: 24, kills: 10, everyMs: 2000 },
  databaseKills: { processes: 2, writers: 16, acknowledged: 600 },
  cuts: { processes: 4, writers: 32, acknowledged: 6000 },
  shuffledLots: { processes: 4, clients: 32, lots: 20, splits: 5000 },
  racingParcels: { processes: 4, rounds: 1000, atOnce: 8 },
  cancels: { rounds: 200 },
  churn: { rounds: 60 },
  needs: { rounds: 30 },
  histories: { runs: 300, commands: 40 },
};

/** `SOAK=1` is the long form. */
const isLong = process.env['SOAK'] === '1';
export const SIZE = isLong ? LONG : SHORT;

// For every law that knows its size. On a busy machine a test of ten seconds may take a minute; stuck it is much later.
jest.setTimeout(isLong ? 40 * 60_000 : 4 * 60_000);

/** Numbers from a seed: the same seed, the same choices. What the processes make of them at once is theirs. */
export interface Dice {
  readonly seed: number;
  /** Below 1, at least 0. */
  roll(): number;
  /** A whole number below `end`. */
  below(end: number): number;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** The seed of this run: `SOAK_SEED`, or another each time. It is always printed, so that a failure can be had again. */
export function seedFor(law: string): number {
  const given = process.env['SOAK_SEED'];
  const seed = given ? Number(given) : Math.floor(Math.random() * 2 ** 31);
  if (!Number.isSafeInteger(seed)) throw new Error(`SOAK_SEED must be a whole number, not "${given}"`);
  process.stdout.write(`${law}: SOAK_SEED=${seed}\n`);
  return seed;
}

export function diceFor(law: string): Dice {
  const seed = seedFor(law);
  let state = seed | 0;
  // mulberry32: 32 bits of state are plenty for choosing whom to disturb.
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(roll() * end);
  return {
    seed,
    roll,
    below,
    pick: (from) => from[below(from.length)]!,
    shuffled: (items) => {
      const mixed = [...items];
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
      }
      return mixed;
    },
  };
}

/** A figure of a law, for whoever reads the run's output. */
export function report(law: string, figures: object): void {
  process.stdout.write(`${law}: ${JSON.stringify(figures)}\n`);
}
