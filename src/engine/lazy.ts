import type { Award, LotUnits, Split, Why, WithoutAward } from './problem.js';

/**
 * Answers whose reasons are made when they are read. A million reasons take more time and memory than deciding a
 * million awards, and whoever looks for one person's award reads one of them.
 *
 * Reader and writer of JSON see plain awards: `why` and `sentence` are own, enumerable fields, so `{ ...award }`,
 * `Object.keys`, `JSON.stringify` and `structuredClone` have them. Only their values are computed, anew at every
 * reading, so whoever reads a `why` twice gets two equal objects. All answers share two getters, which V8 keeps with
 * their shape: an answer takes 80 bytes, where one with its reasons takes 500.
 */

/** Says why, for the claimants of one item. */
export interface Reasons {
  whyOf: (claimant: number) => Why;
  sentenceFor: (why: Why) => string;
}

/** What was decided about one item; entry `i` of every list is about the same claimant. */
export interface ItemAnswers extends Reasons {
  item: string;
  ids: readonly string[];
  units: ArrayLike<number>;
  /** Asked for once, when the awards are first read. */
  lotsOf: () => readonly (readonly LotUnits[])[];
}

/** The lists of a split, each made when it is first read. */
export function listsOf(items: readonly ItemAnswers[]): Pick<Split, 'awards' | 'withoutAward'> {
  let awards: Award[] | undefined;
  let withoutAward: WithoutAward[] | undefined;
  return {
    get awards() {
      awards ??= awardsOf(items);
      return awards;
    },
    get withoutAward() {
      withoutAward ??= withoutAwardOf(items);
      return withoutAward;
    },
  };
}

function awardsOf(items: readonly ItemAnswers[]): Award[] {
  const awards: Award[] = [];
  for (const answers of items) {
    const { item, ids, units } = answers;
    const lotsOf = answers.lotsOf();
    for (let claimant = 0; claimant < ids.length; claimant++) {
      const given = units[claimant]!;
      if (given === 0) continue;
      const award = new Answer(ids[claimant]!, item, answers, claimant) as Answer & Pick<Award, 'units' | 'lots'>;
      award.units = given;
      award.lots = lotsOf[claimant]!;
      awards.push(withReasons(award));
    }
  }
  return awards;
}

function withoutAwardOf(items: readonly ItemAnswers[]): WithoutAward[] {
  const withoutAward: WithoutAward[] = [];
  for (const answers of items) {
    const { item, ids, units } = answers;
    for (let claimant = 0; claimant < ids.length; claimant++) {
      if (units[claimant] === 0) withoutAward.push(withReasons(new Answer(ids[claimant]!, item, answers, claimant)));
    }
  }
  return withoutAward;
}

class Answer {
  readonly recipient: string;
  readonly item: string;
  readonly #reasons: Reasons;
  readonly #claimant: number;

  constructor(recipient: string, item: string, reasons: Reasons, claimant: number) {
    this.#reasons = reasons;
    this.#claimant = claimant;
    this.recipient = recipient;
    this.item = item;
  }

  static whyOf(answer: Answer): Why {
    return answer.#reasons.whyOf(answer.#claimant);
  }

  static sentenceOf(answer: Answer): string {
    return answer.#reasons.sentenceFor(Answer.whyOf(answer));
  }
}

const WHY = {
  enumerable: true,
  configurable: true,
  get(this: Answer): Why {
    return Answer.whyOf(this);
  },
};

const SENTENCE = {
  enumerable: true,
  configurable: true,
  get(this: Answer): string {
    return Answer.sentenceOf(this);
  },
};

/** One by one and last: V8 is twice as slow with `defineProperties`, and the fields stand in the order defined. */
function withReasons<T extends Answer>(answer: T): T & Pick<WithoutAward, 'why' | 'sentence'> {
  Object.defineProperty(answer, 'why', WHY);
  Object.defineProperty(answer, 'sentence', SENTENCE);
  return answer as T & Pick<WithoutAward, 'why' | 'sentence'>;
}
