/**
 * The claimants grouped by weight, classes in ascending order of weight. A layer of a class is the k-th unit of all its
 * members who can use it: of those whose bound is at least k.
 */
export class WeightClasses {
  /** The weight of each class. */
  readonly weights: Float64Array;
  readonly #members: Uint32Array;
  /** Class `c` has the members from `starts[c]` up to `starts[c + 1]`. */
  readonly #starts: Uint32Array;
  /** The bounds of a class in ascending order, or null after it was counted once: see `sizeOfLayer`. */
  readonly #sortedBounds = new Map<number, Float64Array | null>();

  constructor(
    private readonly bounds: Float64Array,
    weights: Float64Array,
  ) {
    this.weights = distinct(weights);
    const classOf = new Map(Array.from(this.weights, (weight, c) => [weight, c]));
    const starts = new Uint32Array(this.weights.length + 2);
    for (const weight of weights) starts[classOf.get(weight)! + 2]!++;
    for (let c = 2; c < starts.length; c++) starts[c]! += starts[c - 1]!;
    this.#members = new Uint32Array(weights.length);
    for (let claimant = 0; claimant < weights.length; claimant++) {
      this.#members[starts[classOf.get(weights[claimant]!)! + 1]!++] = claimant;
    }
    this.#starts = starts.subarray(0, this.weights.length + 1);
  }

  /** The claimants of a class, ascending. */
  members(c: number): Uint32Array {
    return this.#members.subarray(this.#starts[c]!, this.#starts[c + 1]!);
  }

  largestBound(c: number): number {
    let largest = 0;
    for (let i = this.#starts[c]!; i < this.#starts[c + 1]!; i++) {
      largest = Math.max(largest, this.bounds[this.#members[i]!]!);
    }
    return largest;
  }

  /** What the class gets when everybody has up to `ceiling` units. */
  unitsUpTo(c: number, ceiling: number): number {
    let sum = 0;
    for (let i = this.#starts[c]!; i < this.#starts[c + 1]!; i++) {
      sum += Math.min(ceiling, this.bounds[this.#members[i]!]!);
    }
    return sum;
  }

  /** Nearly always one layer of a class is asked for, and counting does; sorting the bounds pays from the second on. */
  sizeOfLayer(c: number, layer: number): number {
    const known = this.#sortedBounds.get(c);
    if (known === undefined) {
      this.#sortedBounds.set(c, null);
      return this.#countReaching(c, layer);
    }
    const sorted = known ?? this.#sortBounds(c);
    return sorted.length - firstAtLeast(sorted, layer);
  }

  /** The members who can use a unit of this layer, ascending. */
  membersReaching(c: number, layer: number): Uint32Array {
    const found = new Uint32Array(this.#countReaching(c, layer));
    let count = 0;
    for (const member of this.members(c)) {
      if (this.bounds[member]! >= layer) found[count++] = member;
    }
    return found;
  }

  #countReaching(c: number, layer: number): number {
    let count = 0;
    for (let i = this.#starts[c]!; i < this.#starts[c + 1]!; i++) {
      if (this.bounds[this.#members[i]!]! >= layer) count++;
    }
    return count;
  }

  #sortBounds(c: number): Float64Array {
    const sorted = Float64Array.from(this.members(c), (member) => this.bounds[member]!).sort();
    this.#sortedBounds.set(c, sorted);
    return sorted;
  }
}

function distinct(values: Float64Array): Float64Array {
  if (values.every((value) => value === values[0])) return values.slice(0, 1);
  const ascending = values.toSorted();
  let count = 0;
  for (let i = 0; i < ascending.length; i++) {
    if (i === 0 || ascending[i] !== ascending[count - 1]) ascending[count++] = ascending[i]!;
  }
  return ascending.slice(0, count);
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
