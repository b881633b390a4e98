/** What hangs together: numbers joined pair by pair (union-find, Tarjan 1975). */
export class Bonds {
  readonly #above = new Map<number, number>();

  join(a: number, b: number): void {
    const rootOfA = this.rootOf(a);
    const rootOfB = this.rootOf(b);
    this.#above.set(rootOfA, rootOfA);
    this.#above.set(rootOfB, rootOfA);
  }

  /** True when the number was ever joined. */
  has(a: number): boolean {
    return this.#above.has(a);
  }

  /** The same number for all that hang together; a number never joined is its own. */
  rootOf(a: number): number {
    let at = a;
    for (let up = this.#above.get(at); up !== undefined && up !== at; up = this.#above.get(at)) {
      this.#above.set(at, this.#above.get(up)!);
      at = up;
    }
    return at;
  }
}
