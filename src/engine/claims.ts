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
  weights: Float64Array;
  /** Units received before that count as if this plan gave them; null where earlier plans do not count. */
  received: Float64Array | null;
  /** The policy's figures for the item; null when it has none. */
  guarantee: number | null;
  minimumLot: number | null;
  cap: number | null;
}

/** What recipients with claims that several items can meet still want of each, by their position in the roster. */
export class OpenClaims {
  readonly #left = new Map<number, number[]>();

  constructor(private readonly roster: Roster) {
    roster.recipients.forEach(({ anyOf }, position) => {
      if (anyOf?.length)
        this.#left.set(
          position,
          anyOf.map(({ units }) => units),
        );
    });
  }

  /** Units of the item that claims on any of several items leave to be met. */
  on(item: string, position: number): number {
    const left = this.#left.get(position);
    if (left === undefined) return 0;
    return this.roster.recipients[position]!.anyOf!.reduce(
      (sum, { items }, i) => (items.includes(item) ? sum + left[i]! : sum),
      0,
    );
  }

  /** Counts what an item gave: first towards the claim on this very item, then towards the others in their order. */
  meet(item: string, position: number, units: number): void {
    const left = this.#left.get(position);
    if (left === undefined) return;
    const { claims, anyOf } = this.roster.recipients[position]!;
    let more = units - (unitsFor(claims, item) ?? 0);
    anyOf!.forEach(({ items }, i) => {
      if (more <= 0 || !items.includes(item)) return;
      const met = Math.min(more, left[i]!);
      left[i]! -= met;
      more -= met;
    });
  }

  get isEmpty(): boolean {
    return this.#left.size === 0;
  }
}

/** Everyone who wants the item: whoever states no claims at all, and whoever claims at least one unit of it. */
export function claimantsOf(roster: Roster, item: string, policy: Policy, open: OpenClaims): Claimants {
  const claimed = roster.figures((recipient) => claimOn(item, recipient));
  const recipients = new Uint32Array(claimed.length);
  const claims = new Float64Array(claimed.length);
  const weights = new Float64Array(claimed.length);
  let count = 0;
  for (let position = 0; position < claimed.length; position++) {
    const claim = open.isEmpty ? claimed[position]! : claimed[position]! + open.on(item, position);
    if (claim === 0) continue;
    recipients[count] = position;
    claims[count] = claim;
    weights[count] = roster.weights[position]!;
    count++;
  }
  const cap = unitsFor(policy.cap, item) ?? null;
  const wanting = recipients.subarray(0, count);
  return {
    recipients: wanting,
    claims: claims.subarray(0, count),
    bounds: boundsOf(claims.slice(0, count), cap),
    weights: weights.subarray(0, count),
    received: policy.memory?.by === 'CUMULATIVE' ? receivedBy(wanting, roster, item) : null,
    guarantee: unitsFor(policy.guarantee, item) || null,
    minimumLot: unitsFor(policy.minimumLot, item) || null,
    cap,
  };
}

function boundsOf(claims: Float64Array, cap: number | null): Float64Array {
  if (cap !== null) for (let i = 0; i < claims.length; i++) if (claims[i]! > cap) claims[i] = cap;
  return claims;
}

function claimOn(item: string, { claims, anyOf }: RecipientClaim): number {
  if (claims === undefined) return anyOf?.length ? 0 : Infinity;
  return unitsFor(claims, item) ?? 0;
}

/**
 * What each received before. Newcomers, who have no table, start at the mean per weight of the others, rounded down:
 * from nothing they would be served first until they had caught up with years of history.
 */
function receivedBy(recipients: Uint32Array, { recipients: everyone, weights }: Roster, item: string): Float64Array {
  let [units, weight] = [0n, 0n];
  for (const position of recipients) {
    const table = everyone[position]!.received;
    if (table === undefined) continue;
    units += BigInt(unitsFor(table, item) ?? 0);
    weight += BigInt(weights[position]!);
  }
  const mean = (position: number) => (weight === 0n ? 0 : Number((units * BigInt(weights[position]!)) / weight));
  return Float64Array.from(recipients, (position) => {
    const table = everyone[position]!.received;
    return table === undefined ? mean(position) : (unitsFor(table, item) ?? 0);
  });
}

/** The claimants in some places. */
export function someOf(claimants: Claimants, kept: Uint32Array): Claimants {
  const { recipients, received } = claimants;
  return {
    ...claimants,
    recipients: Uint32Array.from(kept, (claimant) => recipients[claimant]!),
    claims: valuesAt(claimants.claims, kept),
    bounds: valuesAt(claimants.bounds, kept),
    weights: valuesAt(claimants.weights, kept),
    received: received && valuesAt(received, kept),
  };
}

export function valuesAt(values: Float64Array, places: Uint32Array): Float64Array {
  const found = new Float64Array(places.length);
  for (let i = 0; i < found.length; i++) found[i] = values[places[i]!]!;
  return found;
}
