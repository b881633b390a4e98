/** A supply node: units that only the recipients it names may get; `null` names everyone. */
export interface NetworkLot {
  units: number;
  eligible: readonly number[] | null;
}

/**
 * The recipients grouped by the lots they may draw on. Whoever may draw on the same lots stands in the same place of the
 * network, so that routing needs one node a class instead of one a recipient. Empty lots do not count.
 */
export class LotClasses {
  readonly count: number;
  /** All lots, the empty ones too. */
  readonly lotCount: number;
  readonly #members: Uint32Array;
  /** Class `c` has the members from `starts[c]` up to `starts[c + 1]`. */
  readonly #starts: Uint32Array;
  readonly #lots: readonly number[][];

  constructor(lots: readonly NetworkLot[], people: number) {
    this.lotCount = lots.length;
    const stocked = Array.from(lots.keys()).filter((lot) => lots[lot]!.units > 0);
    const { classOf, firstMembers } = renumbered(separated(lots, stocked, people));
    this.count = firstMembers.length;
    this.#starts = new Uint32Array(this.count + 1);
    for (const c of classOf) this.#starts[c + 1]!++;
    for (let c = 0; c < this.count; c++) this.#starts[c + 1]! += this.#starts[c]!;
    this.#members = new Uint32Array(people);
    const next = this.#starts.slice();
    for (let recipient = 0; recipient < people; recipient++) this.#members[next[classOf[recipient]!]!++] = recipient;
    this.#lots = lotsOfClasses(lots, stocked, classOf, firstMembers);
  }

  /** The recipients of a class, ascending. */
  members(c: number): Uint32Array {
    return this.#members.subarray(this.#starts[c]!, this.#starts[c + 1]!);
  }

  size(c: number): number {
    return this.#starts[c + 1]! - this.#starts[c]!;
  }

  /** The lots a class may draw on, ascending; none of them is empty. */
  lots(c: number): readonly number[] {
    return this.#lots[c]!;
  }
}

/** Lot after lot, those whom it names are parted from those of their class whom it does not. */
function separated(lots: readonly NetworkLot[], stocked: readonly number[], people: number): Uint32Array {
  const classOf = new Uint32Array(people);
  const lastNamedBy = new Int32Array(people).fill(-1);
  let classes = 1;
  for (const lot of stocked) {
    const parted = new Map<number, number>();
    for (const recipient of lots[lot]!.eligible ?? []) {
      if (lastNamedBy[recipient] === lot) continue;
      lastNamedBy[recipient] = lot;
      const before = classOf[recipient]!;
      let after = parted.get(before);
      if (after === undefined) {
        after = classes++;
        parted.set(before, after);
      }
      classOf[recipient] = after;
    }
  }
  return classOf;
}

/** Numbers the classes in the order of their first members, without gaps. */
function renumbered(classOf: Uint32Array): { classOf: Uint32Array; firstMembers: number[] } {
  const numbers = new Map<number, number>();
  const firstMembers: number[] = [];
  classOf.forEach((c, recipient) => {
    if (!numbers.has(c)) numbers.set(c, firstMembers.push(recipient) - 1);
  });
  return { classOf: classOf.map((c) => numbers.get(c)!), firstMembers };
}

function lotsOfClasses(
  lots: readonly NetworkLot[],
  stocked: readonly number[],
  classOf: Uint32Array,
  firstMembers: readonly number[],
): number[][] {
  const found = firstMembers.map((): number[] => []);
  for (const lot of stocked) {
    for (const recipient of lots[lot]!.eligible ?? firstMembers) {
      const c = classOf[recipient]!;
      if (firstMembers[c] === recipient && found[c]!.at(-1) !== lot) found[c]!.push(lot);
    }
  }
  return found;
}
