import type { Piece } from './stage.js';

/**
 * The same units for everybody and from every lot, in as few pieces as an exchange round a circle can bring about: who
 * draws on which lot becomes a forest, so that with L lots there are at most L - 1 pieces more than people served.
 *
 * Where people and lots are joined in a circle, taking more along every other piece of it and less along the rest, until
 * one is nothing, opens the circle. Nobody comes to draw on a lot she did not draw on before.
 *
 * @param piecesOf each claimant's pieces, by lot
 */
export function withFewerPieces(piecesOf: readonly (readonly Piece[])[], lotCount: number): Piece[][] {
  const forest = new Forest(piecesOf.length, lotCount);
  piecesOf.forEach((pieces, claimant) => {
    for (const { lot, units } of pieces) forest.add(claimant, lot, units);
    forest.forgetIfAtAnEnd(claimant);
  });
  return forest.pieces();
}

/** Someone who draws on two lots. */
interface Step {
  claimant: number;
  from: number;
  to: number;
}

/** Steps, the last one first, to a lot on which the claimant draws. */
interface Way {
  claimant: number;
  end: number;
  steps: Step[];
}

function stepsTo(end: number, cameBy: ReadonlyMap<number, Step | null>): Step[] {
  const steps: Step[] = [];
  for (let step = cameBy.get(end); step; step = cameBy.get(step.from)) steps.push(step);
  return steps;
}

class Forest {
  readonly #units: Map<number, number>[];
  /** By lot, those who draw on others as well: whoever draws on one alone is on no way between lots. */
  readonly #joining: Set<number>[];

  constructor(claimants: number, lots: number) {
    this.#units = Array.from({ length: claimants }, () => new Map<number, number>());
    this.#joining = Array.from({ length: lots }, () => new Set<number>());
  }

  add(claimant: number, lot: number, units: number): void {
    const way = this.#units[claimant]!.size === 0 ? null : this.#wayFrom(lot, claimant);
    const left = way === null ? units : this.#exchange(way, units);
    if (left === 0) return;
    this.#units[claimant]!.set(lot, left);
    this.#joining[lot]!.add(claimant);
  }

  forgetIfAtAnEnd(claimant: number): void {
    const lots = this.#units[claimant]!;
    if (lots.size !== 1) return;
    for (const lot of lots.keys()) this.#joining[lot]!.delete(claimant);
  }

  pieces(): Piece[][] {
    return this.#units.map((lots) =>
      Array.from(lots, ([lot, units]) => ({ lot, units })).sort((a, b) => a.lot - b.lot),
    );
  }

  /** The only way from a lot to one on which the claimant draws, or null when there is none. */
  #wayFrom(lot: number, claimant: number): Way | null {
    const cameBy = new Map<number, Step | null>([[lot, null]]);
    // Iterating over a map also visits what is added meanwhile.
    for (const from of cameBy.keys()) {
      for (const joining of this.#joining[from]!) {
        if (joining === claimant) return { claimant, end: from, steps: stepsTo(from, cameBy) };
        for (const to of this.#units[joining]!.keys()) {
          if (!cameBy.has(to)) cameBy.set(to, { claimant: joining, from, to });
        }
      }
    }
    return null;
  }

  /** Moves units along the circle that a new piece at the way's beginning would close; returns what is left of it. */
  #exchange({ claimant, end, steps }: Way, units: number): number {
    let moved = units;
    for (const step of steps) moved = Math.min(moved, this.#units[step.claimant]!.get(step.to)!);
    this.#change(claimant, end, moved);
    for (const step of steps) {
      this.#change(step.claimant, step.from, moved);
      this.#change(step.claimant, step.to, -moved);
    }
    for (const step of steps) this.forgetIfAtAnEnd(step.claimant);
    return units - moved;
  }

  #change(claimant: number, lot: number, by: number): void {
    const lots = this.#units[claimant]!;
    const units = lots.get(lot)! + by;
    if (units > 0) {
      lots.set(lot, units);
      return;
    }
    lots.delete(lot);
    this.#joining[lot]!.delete(claimant);
  }
}
