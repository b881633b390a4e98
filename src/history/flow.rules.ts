/** A column of a flow has at most so many entries: of more, the smallest are summed. */
export const MOST_IN_COLUMN = 12;

/** What stands for several, where an id or a country would stand for one. */
export const FLOW_KEYS = {
  /** The smallest of a column, summed. */
  OTHERS: 'OTHERS',
  /** Donors who wish to stay anonymous, for those who may not know them. */
  ANONYMOUS: 'ANONYMOUS',
  /** People who are in no group, or whose country is not known. */
  NONE: 'NONE',
  /** People who are in several groups: whichever of them were named, units would be counted twice or guessed at. */
  SEVERAL: 'SEVERAL',
} as const;

/** Where a flow ends. */
export type FlowEnd = 'GROUP' | 'COUNTRY';

/** What a flow may show to whom. */
export interface FlowQuestion {
  readonly to: FlowEnd;
  /** Whether donors who wish to stay anonymous are summed. */
  readonly hidesAnonymous: boolean;
}

/** Units of one donor, of one item, to one group or country; each by id or by one of {@link FLOW_KEYS}. */
export interface FlowCell {
  readonly donor: string;
  readonly item: string;
  readonly end: string;
  readonly units: number;
  /** At least so many people. */
  readonly recipients: number;
  /** How many donors, items and ends there are, those that are summed included. */
  readonly donors: number;
  readonly items: number;
  readonly ends: number;
}
