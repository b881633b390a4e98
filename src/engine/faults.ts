export type FaultCode =
  | 'UNKNOWN_KEY'
  | 'INVALID'
  | 'MISSING'
  | 'DUPLICATE'
  | 'TOO_LARGE'
  /** The last of a long list: how many more there are. */
  | 'MORE_FAULTS';

/** One thing wrong with a problem, and where: `lots[2].units`; the whole is called `problem`. */
export interface Fault {
  path: string;
  code: FaultCode;
  message: string;
}

const MOST_REPORTED = 100;

/** Collects faults, and past a hundred only counts them. */
export class FaultList {
  readonly #reported: Fault[] = [];
  #count = 0;

  /** @param path a function where building it for every sound value would cost time */
  add(path: string | (() => string), code: FaultCode, message: string): void {
    this.#count++;
    if (this.#reported.length < MOST_REPORTED) {
      this.#reported.push({ path: typeof path === 'string' ? path : path(), code, message });
    }
  }

  all(): Fault[] {
    const more = this.#count - this.#reported.length;
    if (more === 0) return this.#reported;
    return [
      ...this.#reported,
      { path: 'problem', code: 'MORE_FAULTS', message: `${more} more ${more === 1 ? 'fault' : 'faults'}` },
    ];
  }
}
