import type { Policy, RecipientClaim } from './problem.js';
import type { Roster } from './roster.js';
import { unitsFor } from './stock.js';

/** Those eligible for one item, in id order; entry `i` of every list is about the same claimant. */
export interface Claimants {
  /** Positions in the roster. */
  recipients: Uint32Array;
  /** Units asked for; Infinity without bound. */
  claims: Float64Array;
  /** The most units the claimant can be given: the claim, or the cap when that is less. */
  bounds: Float64Array;
  /** The fewest units the claimant is guaranteed: the guarantee, or the bound when that is less. */
  lows: Float64Array;
  weights: Float64Array;
  /** The policy's guarantee; null when it has none for the item. */
  guarantee: number | null;
  /** The policy's cap; null when it has none for the item. */
  cap: number | null;
}

/** Everyone who wants the item: whoever states no claims at all, and whoever claims at least one unit of it. */
export function claimantsOf(roster: Roster, item: string, policy: Policy): Claimants {
  const { recipients: everyone } = roster;
  const recipients = new Uint32Array(everyone.length);
  const claims = new Float64Array(everyone.length);
  const weights = new Float64Array(everyone.length);
  let count = 0;
  for (let position = 0; position < everyone.length; position++) {
    const claim = claimOn(item, everyone[position]!);
    if (claim === 0) continue;
    recipients[count] = position;
    claims[count] = claim;
    weights[count] = roster.weights[position]!;
    count++;
  }
  const cap = unitsFor(policy.cap, item) ?? null;
  const guarantee = unitsFor(policy.guarantee, item) || null;
  const bounds = claims.slice(0, count).map((claim) => (cap === null ? claim : Math.min(claim, cap)));
  return {
    recipients: recipients.subarray(0, count),
    claims: claims.subarray(0, count),
    bounds,
    lows: bounds.map((bound) => Math.min(bound, guarantee ?? 0)),
    guarantee,
    weights: weights.subarray(0, count),
    cap,
  };
}

function claimOn(item: string, recipient: RecipientClaim): number {
  return recipient.claims === undefined ? Infinity : (unitsFor(recipient.claims, item) ?? 0);
}
