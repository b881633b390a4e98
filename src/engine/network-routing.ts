/**
 * Amounts `whole + rest / unit` with `0 <= rest < unit`, exact: the real-valued split of many units has numerators that
 * pass 2^53 where neither part does. Whole units have `unit` 1 and no rests.
 */
export interface Amounts {
  whole: Float64Array;
  rest: Float64Array;
  unit: number;
}

/** Edges between lots and classes, both numbered from 0; an edge is where a class may draw on a lot. */
export interface Edges {
  /** The lot of each edge; the edges of class `c` stand from `starts[c]` up to `starts[c + 1]`. */
  lots: Uint32Array;
  starts: Uint32Array;
}

/**
 * Routes what the classes want from the lots that may supply them: a maximal flow by blocking flows (Dinic 1970).
 *
 * Lots are emptied one after the other in their order, and no later path gives a unit back to an earlier lot. So of all
 * ways to satisfy the same wants this one leaves as little as possible in the first lot, then in the second, and so on.
 */
export class Routing {
  readonly #classOfEdge: Uint32Array;
  readonly #edgesOfLots: Uint32Array;
  readonly #lotStarts: Uint32Array;
  readonly #flow: Amounts;
  readonly #supply: Amounts;
  readonly #wanted: Amounts;
  readonly #lotLevels: Int32Array;
  readonly #classLevels: Int32Array;
  readonly #nextOfLot: Uint32Array;
  readonly #nextOfClass: Uint32Array;
  /** A path found, from its end to its beginning: a draw, then by turns an edge that yields units and another draw. */
  #path: number[] = [];
  #end = 0;

  /** @param supply whole units per lot   @param wanted per class, together at most the supply */
  constructor(
    private readonly edges: Edges,
    supply: Float64Array,
    wanted: Amounts,
  ) {
    const { unit } = wanted;
    const count = edges.lots.length;
    this.#classOfEdge = new Uint32Array(count);
    for (let c = 0; c < wanted.whole.length; c++) this.#classOfEdge.fill(c, edges.starts[c]!, edges.starts[c + 1]!);
    this.#lotStarts = new Uint32Array(supply.length + 1);
    for (const lot of edges.lots) this.#lotStarts[lot + 1]!++;
    for (let lot = 0; lot < supply.length; lot++) this.#lotStarts[lot + 1]! += this.#lotStarts[lot]!;
    this.#edgesOfLots = new Uint32Array(count);
    this.#nextOfLot = this.#lotStarts.slice();
    for (let edge = 0; edge < count; edge++) this.#edgesOfLots[this.#nextOfLot[edges.lots[edge]!]!++] = edge;
    this.#nextOfClass = edges.starts.slice();
    this.#flow = { whole: new Float64Array(count), rest: new Float64Array(count), unit };
    this.#supply = { whole: supply.slice(), rest: new Float64Array(supply.length), unit };
    this.#wanted = { whole: wanted.whole.slice(), rest: wanted.rest.slice(), unit };
    this.#lotLevels = new Int32Array(supply.length);
    this.#classLevels = new Int32Array(wanted.whole.length);
    for (let lot = 0; lot < supply.length; lot++) this.#empty(lot);
  }

  /** Whole units drawn along an edge. */
  flowAlong(edge: number): number {
    return this.#flow.whole[edge]!;
  }

  /**
   * The lots from which units could come to those who want more, directly or by others giving way. They are all used up,
   * and only by classes that can draw on no lots but these: a minimal cut (Ford & Fulkerson 1956). Null when everyone is
   * served.
   */
  scarceLots(): Uint8Array | null {
    const scarce = new Uint8Array(this.#lotLevels.length);
    const seen = new Uint8Array(this.#classLevels.length);
    const open: number[] = [];
    for (let c = 0; c < seen.length; c++) {
      if (isPositive(this.#wanted, c)) open.push(c);
    }
    if (open.length === 0) return null;
    for (const c of open) seen[c] = 1;
    for (let c = open.pop(); c !== undefined; c = open.pop()) {
      for (let edge = this.edges.starts[c]!; edge < this.edges.starts[c + 1]!; edge++) {
        const lot = this.edges.lots[edge]!;
        if (scarce[lot]) continue;
        scarce[lot] = 1;
        for (const other of this.#drawersOn(lot)) {
          if (seen[other]) continue;
          seen[other] = 1;
          open.push(other);
        }
      }
    }
    return scarce;
  }

  #drawersOn(lot: number): number[] {
    return Array.from(this.#edgesOfLots.subarray(this.#lotStarts[lot]!, this.#lotStarts[lot + 1]!))
      .filter((edge) => isPositive(this.#flow, edge))
      .map((edge) => this.#classOfEdge[edge]!);
  }

  /** Draws as much as possible on one lot. */
  #empty(lot: number): void {
    while (isPositive(this.#supply, lot) && this.#setLevels(lot)) {
      this.#nextOfLot.set(this.#lotStarts);
      this.#nextOfClass.set(this.edges.starts);
      while (isPositive(this.#supply, lot) && this.#leadsFromLot(lot)) this.#drawAlongPath(lot);
    }
  }

  /** Distances from `lot` along edges with room; false when nobody who wants more is reached. */
  #setLevels(lot: number): boolean {
    this.#lotLevels.fill(-1);
    this.#classLevels.fill(-1);
    this.#lotLevels[lot] = 0;
    const queue = [lot];
    let reached = false;
    for (const from of queue) {
      const level = this.#lotLevels[from]! + 1;
      for (let i = this.#lotStarts[from]!; i < this.#lotStarts[from + 1]!; i++) {
        const c = this.#classOfEdge[this.#edgesOfLots[i]!]!;
        if (this.#classLevels[c] !== -1) continue;
        this.#classLevels[c] = level;
        if (isPositive(this.#wanted, c)) reached = true;
        else this.#reachLotsOf(c, level + 1, queue);
      }
    }
    return reached;
  }

  #reachLotsOf(c: number, level: number, queue: number[]): void {
    for (let edge = this.edges.starts[c]!; edge < this.edges.starts[c + 1]!; edge++) {
      const lot = this.edges.lots[edge]!;
      if (this.#lotLevels[lot] !== -1 || !isPositive(this.#flow, edge)) continue;
      this.#lotLevels[lot] = level;
      queue.push(lot);
    }
  }

  #leadsFromLot(lot: number): boolean {
    const level = this.#lotLevels[lot]! + 1;
    for (; this.#nextOfLot[lot]! < this.#lotStarts[lot + 1]!; this.#nextOfLot[lot]!++) {
      const edge = this.#edgesOfLots[this.#nextOfLot[lot]!]!;
      const c = this.#classOfEdge[edge]!;
      if (this.#classLevels[c] === level && this.#leadsFromClass(c)) {
        this.#path.push(edge);
        return true;
      }
    }
    return false;
  }

  #leadsFromClass(c: number): boolean {
    if (isPositive(this.#wanted, c)) {
      this.#path.length = 0;
      this.#end = c;
      return true;
    }
    const level = this.#classLevels[c]! + 1;
    for (; this.#nextOfClass[c]! < this.edges.starts[c + 1]!; this.#nextOfClass[c]!++) {
      const edge = this.#nextOfClass[c]!;
      const lot = this.edges.lots[edge]!;
      if (this.#lotLevels[lot] === level && isPositive(this.#flow, edge) && this.#leadsFromLot(lot)) {
        this.#path.push(edge);
        return true;
      }
    }
    return false;
  }

  #drawAlongPath(lot: number): void {
    const path = this.#path;
    let [amounts, least]: [Amounts, number] = [this.#supply, lot];
    if (isLess(this.#wanted, this.#end, amounts, least)) [amounts, least] = [this.#wanted, this.#end];
    for (let i = 1; i < path.length; i += 2) {
      if (isLess(this.#flow, path[i]!, amounts, least)) [amounts, least] = [this.#flow, path[i]!];
    }
    const whole = amounts.whole[least]!;
    const rest = amounts.rest[least]!;
    subtract(this.#supply, lot, whole, rest);
    subtract(this.#wanted, this.#end, whole, rest);
    for (let i = 0; i < path.length; i++) {
      if (i % 2 === 0) add(this.#flow, path[i]!, whole, rest);
      else subtract(this.#flow, path[i]!, whole, rest);
    }
  }
}

function isPositive({ whole, rest }: Amounts, at: number): boolean {
  return whole[at]! > 0 || rest[at]! > 0;
}

function isLess(a: Amounts, atA: number, b: Amounts, atB: number): boolean {
  const difference = a.whole[atA]! - b.whole[atB]!;
  return difference === 0 ? a.rest[atA]! < b.rest[atB]! : difference < 0;
}

function add(amounts: Amounts, at: number, whole: number, rest: number): void {
  // The sum of two rests may pass 2^53; what is missing from the unit does not.
  const missing = amounts.unit - rest;
  const carries = amounts.rest[at]! >= missing;
  amounts.rest[at] = carries ? amounts.rest[at]! - missing : amounts.rest[at]! + rest;
  amounts.whole[at]! += carries ? whole + 1 : whole;
}

function subtract(amounts: Amounts, at: number, whole: number, rest: number): void {
  const borrows = amounts.rest[at]! < rest;
  amounts.rest[at] = borrows ? amounts.unit - (rest - amounts.rest[at]!) : amounts.rest[at]! - rest;
  amounts.whole[at]! -= borrows ? whole + 1 : whole;
}
