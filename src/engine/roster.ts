import { orderOfTexts } from './ordering.js';
import type { RecipientClaim } from './problem.js';

/** The recipients in id order. Inside the engine a recipient is her position here, so the input's order is forgotten. */
export interface Roster {
  ids: readonly string[];
  recipients: readonly RecipientClaim[];
  weights: Float64Array;
  /** A figure of everybody, in id order. */
  figures: (figureOf: (recipient: RecipientClaim) => number) => Float64Array;
}

/**
 * Recipients are read in the order in which they were given, which is how they lie in memory: a million of them out of
 * order take three times as long. What was read is then put in order.
 */
export function rosterOf(recipients: readonly RecipientClaim[]): Roster {
  const weightsAsGiven = new Float64Array(recipients.length);
  const names = recipients.map(({ id, weight }, position) => {
    weightsAsGiven[position] = weight ?? 1;
    return id;
  });
  const order = orderOfTexts(names);
  // Copies to write over: lists that grow to a million are moved many times on the way.
  const sorted = recipients.slice();
  const ids = names.slice();
  for (let place = 0; place < order.length; place++) {
    sorted[place] = recipients[order[place]!]!;
    ids[place] = names[order[place]!]!;
  }
  return {
    ids,
    recipients: sorted,
    weights: inOrder(weightsAsGiven, order),
    figures(figureOf) {
      const asGiven = new Float64Array(recipients.length);
      for (let position = 0; position < asGiven.length; position++) {
        asGiven[position] = figureOf(recipients[position]!);
      }
      return inOrder(asGiven, order);
    },
  };
}

function inOrder(asGiven: Float64Array, order: Uint32Array): Float64Array {
  if (areAllSame(asGiven)) return asGiven;
  const values = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) values[place] = asGiven[order[place]!]!;
  return values;
}

/** Weights mostly are. */
function areAllSame(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
