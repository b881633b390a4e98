import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FEWEST_SHOWN, mergeSmall, type Cell } from './cells.rules.js';
import { added } from './summary.rules.js';

interface Line {
  readonly cell: number;
  readonly person: string;
  readonly units: number;
  readonly confirmedUnits: number;
}
interface Known extends Cell {
  readonly name: number;
  readonly confirmedUnits: number;
  readonly distributions: number;
}

/** What the database gives for lines: a cell knows who is in it only where they are few. */
function cellsOf(lines: readonly Line[]): Known[] {
  const names = [...new Set(lines.map(({ cell }) => cell))];
  return names.map((name) => {
    const of = lines.filter(({ cell }) => cell === name);
    const people = [...new Set(of.map(({ person }) => person))];
    const total = (field: 'units' | 'confirmedUnits') => of.reduce((sum, line) => sum + line[field], 0);
    return {
      name,
      units: total('units'),
      confirmedUnits: total('confirmedUnits'),
      distributions: of.length,
      recipients: people.length,
      few: people.length < FEWEST_SHOWN ? people : null,
    };
  });
}

const peopleIn = (lines: readonly Line[], cells: readonly Known[]): Set<string> =>
  new Set(lines.filter(({ cell }) => cells.some(({ name }) => name === cell)).map(({ person }) => person));

const line = fc.record({
  cell: fc.nat(6),
  person: fc.constantFrom(...'abcdefgh'),
  units: fc.integer({ min: 1, max: 100 }),
  confirmedUnits: fc.nat(50),
});
const someLines = fc.array(line, { maxLength: 40 });

describe('cells of few people', () => {
  it('are merged so that every sum that is shown, and the merged one, is of three people or more', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const { shown, merged } = mergeSmall(cellsOf(lines));
        for (const cell of shown) expect(peopleIn(lines, [cell]).size).toBeGreaterThanOrEqual(FEWEST_SHOWN);
        if (shown.length > 0 && merged.length > 0)
          expect(peopleIn(lines, merged).size).toBeGreaterThanOrEqual(FEWEST_SHOWN);
      }),
    );
  });

  it('leave the sums over everything as they were, and no cell is lost or shown twice', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const cells = cellsOf(lines);
        const { shown, merged } = mergeSmall(cells);
        expect(added([...shown, added(merged)])).toEqual(added(cells));
        expect([...shown, ...merged].map(({ name }) => name).sort()).toEqual(cells.map(({ name }) => name).sort());
      }),
    );
  });

  it('take no more with them than they must: the smallest other cell, and only where they are too few', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const cells = cellsOf(lines);
        const { shown, merged, few, cover } = mergeSmall(cells);
        const small = cells.filter(({ recipients }) => recipients < FEWEST_SHOWN);
        expect(few).toEqual(peopleIn(lines, small));
        expect(merged).toEqual(cover ? [...small, cover] : small);
        if (few.size >= FEWEST_SHOWN || small.length === 0) expect(cover).toBeNull();
        if (cover) for (const cell of shown) expect(cell.recipients).toBeGreaterThanOrEqual(cover.recipients);
        if (small.length > 0 && few.size < FEWEST_SHOWN && cover === null) expect(shown).toEqual([]);
      }),
    );
  });

  it('are of one person who got something every month: together they are still one', () => {
    const months = [1, 2, 3, 4].map((cell) => ({ cell, person: 'a', units: 5, confirmedUnits: 0 }));
    expect(mergeSmall(cellsOf(months))).toMatchObject({ shown: [], merged: { length: 4 }, cover: null });
    const others = ['b', 'c', 'd'].map((person) => ({ cell: 5, person, units: 1, confirmedUnits: 0 }));
    expect(mergeSmall(cellsOf([...months, ...others]))).toMatchObject({ shown: [], cover: { name: 5 } });
  });

  it('are covered by the one with fewer units, where two have as few people', () => {
    const of = (cell: number, people: string, units: number): Line[] =>
      [...people].map((person) => ({ cell, person, units, confirmedUnits: 0 }));
    const cells = cellsOf([...of(1, 'abc', 9), ...of(2, 'abd', 5), ...of(3, 'abcde', 1), ...of(4, 'a', 1)]);
    expect(mergeSmall(cells)).toMatchObject({ cover: { name: 2 }, shown: [{ name: 1 }, { name: 3 }] });
  });
});
