import { orderOfTexts } from './ordering.js';
import type { RecipientClaim } from './problem.js';

/** The recipients in id order. Inside the engine a recipient is her position here, so the input's order is forgotten. */
export interface Roster {
  ids: readonly string[];
  recipients: readonly RecipientClaim[];
  weights: Float64Array;
}

/** Reads every recipient once, in the order in which they lie in memory: out of order it takes three times as long. */
export function rosterOf(recipients: readonly RecipientClaim[]): Roster {
  const names = recipients.map(({ id }) => id);
  const weightsAsRead = new Float64Array(names.length);
  for (let i = 0; i < names.length; i++) weightsAsRead[i] = recipients[i]!.weight ?? 1;
  const order = orderOfTexts(names);
  // Copies to write over: lists that grow to a million are moved many times on the way.
  const sorted = recipients.slice();
  const ids = names.slice();
  const weights = new Float64Array(names.length);
  for (let place = 0; place < order.length; place++) {
    const position = order[place]!;
    sorted[place] = recipients[position]!;
    ids[place] = names[position]!;
    weights[place] = weightsAsRead[position]!;
  }
  return { ids, recipients: sorted, weights };
}
