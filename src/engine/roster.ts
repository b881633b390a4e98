import { orderOfTexts } from './ordering.js';
import type { RecipientClaim } from './problem.js';

/** The recipients in id order. Inside the engine a recipient is her position here, so the input's order is forgotten. */
export interface Roster {
  ids: readonly string[];
  recipients: readonly RecipientClaim[];
  weights: Float64Array;
}

export function rosterOf(recipients: readonly RecipientClaim[]): Roster {
  const order = orderOfTexts(recipients.map(({ id }) => id));
  const sorted: RecipientClaim[] = [];
  const ids: string[] = [];
  const weights = new Float64Array(order.length);
  for (const position of order) {
    const recipient = recipients[position]!;
    weights[sorted.length] = recipient.weight ?? 1;
    sorted.push(recipient);
    ids.push(recipient.id);
  }
  return { ids, recipients: sorted, weights };
}
