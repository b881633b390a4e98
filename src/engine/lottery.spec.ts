import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { draw } from './lottery.js';

const ids = Array.from({ length: 28 }, (_, i) => `r${String(i + 1).padStart(2, '0')}`);

describe('the lottery', () => {
  it('can be redrawn by anyone with HMAC-SHA-256 over plan|item|recipient', () => {
    const redrawn = ids
      .map((id) => ({ id, digest: createHmac('sha256', 'zhang').update(`plan-7|MASK|${id}`).digest('hex') }))
      .sort((a, b) => (a.digest < b.digest ? -1 : 1));
    const drawn = draw(ids, { seed: 'zhang', plan: 'plan-7', item: 'MASK' });
    expect(Array.from(drawn, (position) => ids[position])).toEqual(redrawn.map(({ id }) => id));
  });

  it('draws otherwise for another seed, plan or item', () => {
    const base = { seed: 's', plan: 'p', item: 'MASK' };
    const draws = [base, { ...base, seed: 't' }, { ...base, plan: 'q' }, { ...base, item: 'GOGGLES' }].map((lottery) =>
      draw(ids, lottery).join(),
    );
    expect(new Set(draws).size).toBe(4);
  });

  it('gives everyone about the same chance of place 1', () => {
    const wins = new Map<number, number>();
    for (let seed = 0; seed < 2800; seed++) {
      const first = draw(ids, { seed: String(seed), plan: '', item: 'MASK' })[0]!;
      wins.set(first, (wins.get(first) ?? 0) + 1);
    }
    // 100 expected each, with a standard deviation below 10: 60 to 140 is four of them.
    for (const [, count] of wins) expect(Math.abs(count - 100)).toBeLessThan(40);
    expect(wins.size).toBe(28);
  });
});
