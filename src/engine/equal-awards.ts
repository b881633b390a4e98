import { ceilTimes, compareRatios, floorTimes, textTimes, type Ratio } from './ratio.js';
import type { RuleFunction, Shares } from './shares.js';
import { waterLevel } from './water-level.js';
import { WeightClasses } from './weight-classes.js';

/**
 * Constrained equal awards in whole units: the vector x, 0 <= x <= bound, sum x = estate (or all bounds, if less), that
 * is leximin in x / weight.
 *
 * It is the greedy one (Federgruen & Groenevelt 1986; for leximin Frank & Murota 2018): unit after unit goes to whoever
 * has least per weight, which orders the k-th unit of a claimant by (k - 1) / weight. Where those are equal, leximin
 * itself prefers the smaller weight, whose unit raises her further; only among equal weights is there a tie.
 *
 * Nobody's unit at or above the real-valued level L is among those given, so we start from ceil(weight * L), less than
 * one unit a claimant too many, and take back the last units of that order. Rounding L down instead would be wrong:
 * against many small weights a large one can lose more than one unit.
 */
export const equalAwards: RuleFunction = (estate, { bounds, weights }): Shares => {
  const level = waterLevel(estate, bounds, weights);
  if (level === null) return everyoneSatisfied(bounds);
  const classes = new WeightClasses(bounds, weights);
  const ceilings = ceilingsOf(classes, level);
  const contest = takeBack(unitsUnder(ceilings, classes) - estate, classes, ceilings);
  return { ...contest, ...floorsUnder(ceilings, classes, bounds), exactShare: exactShares(level, bounds, weights) };
};

function everyoneSatisfied(bounds: Float64Array): Shares {
  return {
    floors: bounds,
    contenders: new Uint32Array(0),
    prizes: 0,
    limitedPeople: 0,
    limitedUnits: 0,
    exactShare: (claimant) => String(bounds[claimant]),
  };
}

/** Per class, the units that nobody in it can exceed. */
function ceilingsOf(classes: WeightClasses, level: Ratio): Float64Array {
  return classes.weights.map((weight, c) => Math.min(classes.largestBound(c), ceilTimes(weight, level)));
}

function unitsUnder(ceilings: Float64Array, classes: WeightClasses): number {
  return ceilings.reduce((sum, ceiling, c) => sum + classes.unitsUpTo(c, ceiling), 0);
}

type Contest = Pick<Shares, 'contenders' | 'prizes'>;

/**
 * Lowers `ceilings` layer by layer until `excess` units are taken back. A layer is the last unit of all in one weight
 * class who reach the ceiling; if only a part of a layer must go, its members contend for the rest.
 */
function takeBack(excess: number, classes: WeightClasses, ceilings: Float64Array): Contest {
  const queue = new LayerQueue(classes.weights, ceilings);
  let left = excess;
  while (left > 0) {
    const c = queue.last();
    const size = classes.sizeOfLayer(c, ceilings[c]!);
    if (size > left) {
      const contenders = classes.membersReaching(c, ceilings[c]!);
      ceilings[c]!--;
      return { contenders, prizes: size - left };
    }
    left -= size;
    queue.lowerLast();
  }
  return { contenders: new Uint32Array(0), prizes: 0 };
}

/** A binary heap of weight classes: in front the one whose top layer is the last of the greedy order. */
class LayerQueue {
  readonly #heap: number[];

  constructor(
    private readonly weights: Float64Array,
    private readonly ceilings: Float64Array,
  ) {
    this.#heap = Array.from(weights.keys()).filter((c) => ceilings[c]! > 0);
    for (let place = this.#heap.length >> 1; place >= 0; place--) this.#sink(place);
  }

  last(): number {
    return this.#heap[0]!;
  }

  /** Takes the front class's top layer away. */
  lowerLast(): void {
    const c = this.#heap[0]!;
    if (--this.ceilings[c]! === 0) {
      const end = this.#heap.pop()!;
      if (this.#heap.length > 0) this.#heap[0] = end;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let later = place;
      if (left < heap.length && this.#isLater(heap[left]!, heap[later]!)) later = left;
      if (right < heap.length && this.#isLater(heap[right]!, heap[later]!)) later = right;
      if (later === place) return;
      const moved = heap[place]!;
      heap[place] = heap[later]!;
      heap[later] = moved;
      place = later;
    }
  }

  #isLater(a: number, b: number): boolean {
    const weightOfA = this.weights[a]!;
    const weightOfB = this.weights[b]!;
    const order = compareRatios(this.ceilings[a]! - 1, weightOfA, this.ceilings[b]! - 1, weightOfB);
    return order === 0 ? weightOfA > weightOfB : order > 0;
  }
}

type Floors = Pick<Shares, 'floors' | 'limitedPeople' | 'limitedUnits'>;

function floorsUnder(ceilings: Float64Array, classes: WeightClasses, bounds: Float64Array): Floors {
  const floors = new Float64Array(bounds.length);
  let limitedPeople = 0;
  let limitedUnits = 0;
  for (let c = 0; c < ceilings.length; c++) {
    const ceiling = ceilings[c]!;
    for (const member of classes.members(c)) {
      const bound = bounds[member]!;
      floors[member] = Math.min(bound, ceiling);
      if (bound < ceiling) {
        limitedPeople++;
        limitedUnits += bound;
      }
    }
  }
  return { floors, limitedPeople, limitedUnits };
}

function exactShares(level: Ratio, bounds: Float64Array, weights: Float64Array): (claimant: number) => string {
  const byWeight = new Map<number, { whole: number; text: string }>();
  return (claimant) => {
    const weight = weights[claimant]!;
    let share = byWeight.get(weight);
    if (!share) {
      share = { whole: floorTimes(weight, level), text: textTimes(weight, level) };
      byWeight.set(weight, share);
    }
    const bound = bounds[claimant]!;
    return bound <= share.whole ? String(bound) : share.text;
  };
}
