import { compareProducts, isCertain, signOf } from './ratio.js';

/**
 * The order in which a rule gives single units: unit `k` (from 1) of a claimant comes before her unit `k + 1`, and
 * giving the first E units of the whole order is the rule's split of E units.
 */
export interface UnitOrder {
  /** About where unit `k` stands, ascending along the order: a double that guides the search and decides nothing. */
  level: (claimant: number, k: number) => number;
  /** About how many units of the claimant stand at or before the level. */
  unitsAt: (claimant: number, level: number) => number;
  /** Exactly: negative when unit `k` of `a` comes before unit `l` of `b`; 0 when only a draw can decide. */
  compare: (a: number, k: number, b: number, l: number) => number;
}

/** What decides between units that stand equal by the rule's figure; 0 leaves it to the draw. */
export type AmongEquals = (a: number, k: number, b: number, l: number) => number;

function products(left: Float64Array, right: Float64Array): Float64Array {
  const found = new Float64Array(left.length);
  for (let i = 0; i < found.length; i++) found[i] = left[i]! * right[i]!;
  return found;
}

function areAllSafe(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= Number.MAX_SAFE_INTEGER)) return false;
  return true;
}

/** What shares stand in proportion to: claim times weight, or the weight alone where `claims` is null. */
export class Votes {
  /** Exact up to 2^53, the nearest double beyond. */
  readonly about: Float64Array;
  readonly areSafe: boolean;

  constructor(
    private readonly claims: Float64Array | null,
    private readonly weights: Float64Array,
  ) {
    this.about = claims === null ? weights : products(weights, claims);
    this.areSafe = areAllSafe(this.about);
  }

  exact(claimant: number): bigint {
    const weight = BigInt(this.weights[claimant]!);
    return this.claims === null ? weight : weight * BigInt(this.claims[claimant]!);
  }

  compare(a: number, b: number): number {
    const left = this.about[a]!;
    const right = this.about[b]!;
    if (this.areSafe || isCertain(left, right)) return left - right;
    return signOf(this.exact(a) - this.exact(b));
  }

  /** Compares the quotients s / votes of a and u / votes of b. */
  compareQuotients(s: number, a: number, u: number, b: number): number {
    const votesOfA = this.about[a]!;
    const votesOfB = this.about[b]!;
    if (this.areSafe) return votesOfA === votesOfB ? s - u : compareProducts(s, votesOfB, u, votesOfA);
    const left = s * votesOfB;
    const right = u * votesOfA;
    if (isCertain(left, right)) return left - right;
    return signOf(BigInt(s) * this.exact(b) - BigInt(u) * this.exact(a));
  }
}

/** Twice the distance of the signpost above k - 1: at the start, in the middle or at the end of the unit. */
export type Signpost = 0 | 1 | 2;

/** Unit `k` stands at (k - 1 + signpost / 2) / votes: Adams 0, Webster 1, Jefferson 2. */
export class QuotientOrder implements UnitOrder {
  constructor(
    private readonly votes: Votes,
    private readonly signpost: Signpost,
    private readonly amongEquals: AmongEquals,
  ) {}

  level(claimant: number, k: number): number {
    return (2 * k - 2 + this.signpost) / this.votes.about[claimant]!;
  }

  unitsAt(claimant: number, level: number): number {
    return Math.floor((level * this.votes.about[claimant]! - this.signpost) / 2) + 1;
  }

  compare(a: number, k: number, b: number, l: number): number {
    const order = this.votes.compareQuotients(2 * k - 2 + this.signpost, a, 2 * l - 2 + this.signpost, b);
    return order === 0 ? this.amongEquals(a, k, b, l) : order;
  }
}

/** Unit `k` stands at the geometric mean of k - 1 and k over the votes (Huntington-Hill); compared by squares. */
export class GeometricOrder implements UnitOrder {
  constructor(
    private readonly votes: Votes,
    private readonly amongEquals: AmongEquals,
  ) {}

  level(claimant: number, k: number): number {
    return Math.sqrt(k * (k - 1)) / this.votes.about[claimant]!;
  }

  unitsAt(claimant: number, level: number): number {
    const mean = level * this.votes.about[claimant]!;
    return mean < 0 ? 0 : Math.floor((1 + Math.sqrt(1 + 4 * mean * mean)) / 2);
  }

  compare(a: number, k: number, b: number, l: number): number {
    const order = this.#compareSquares(a, k, b, l);
    return order === 0 ? this.amongEquals(a, k, b, l) : order;
  }

  #compareSquares(a: number, k: number, b: number, l: number): number {
    const { about, areSafe } = this.votes;
    const votesOfA = about[a]!;
    const votesOfB = about[b]!;
    if (areSafe && votesOfA === votesOfB) return k - l;
    const left = k * (k - 1) * votesOfB * votesOfB;
    const right = l * (l - 1) * votesOfA * votesOfA;
    const areExact = areSafe && left <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER;
    if (areExact || isCertain(left, right)) return left - right;
    const [wholeA, wholeB] = [this.votes.exact(a), this.votes.exact(b)];
    return signOf(BigInt(k) * BigInt(k - 1) * wholeB * wholeB - BigInt(l) * BigInt(l - 1) * wholeA * wholeA);
  }
}

/** The next unit goes to whoever is without most, counted as units lacking times weight. */
export class LossOrder implements UnitOrder {
  constructor(
    private readonly claims: Float64Array,
    private readonly weights: Float64Array,
    private readonly amongEquals: AmongEquals,
  ) {}

  level(claimant: number, k: number): number {
    return -(this.claims[claimant]! - k + 1) * this.weights[claimant]!;
  }

  unitsAt(claimant: number, level: number): number {
    return Math.floor(this.claims[claimant]! + 1 + level / this.weights[claimant]!);
  }

  compare(a: number, k: number, b: number, l: number): number {
    const lackOfA = this.claims[a]! - k + 1;
    const lackOfB = this.claims[b]! - l + 1;
    const order = compareProducts(lackOfB, this.weights[b]!, lackOfA, this.weights[a]!);
    return order === 0 ? this.amongEquals(a, k, b, l) : order;
  }
}
