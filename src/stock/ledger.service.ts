import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { newId } from '../platform/ids.js';
import { badInput } from '../platform/rejection.js';
import { LedgerRepository, type Why } from './ledger.repository.js';
import {
  deltasOf,
  doneMoves,
  MOST_UNITS_IN_A_PLACE,
  shelfOf,
  sumMoves,
  tooManyInAPlace,
  type Move,
  type Place,
} from './ledger.rules.js';
import type { Lot } from './stock.entity.js';
import { LotRepository } from './lot.repository.js';
import { SiteService } from './site.service.js';

/** Units that came in: a lot, new or known, and how many. */
export interface Receipt {
  /** The lot that gets more; absent: a new one is made. */
  readonly lotId?: string;
  readonly lot: Omit<Lot, 'id' | 'condition'>;
  readonly units: number;
  /** What brought it, where one act takes in for several. */
  readonly causeId?: string;
}

/** Told in the transaction that takes new lots in, before their units come to a shelf: a listener may set a lot aside. */
export interface LotsReceived {
  readonly lots: readonly (Pick<Lot, 'id' | 'itemId' | 'lotNumber'> & { readonly units: number })[];
}

/** Moves units, and writes down why. Nothing else in the house does. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly lots: LotRepository,
    private readonly sites: SiteService,
    private readonly facts: Facts,
  ) {}

  /**
   * Moves units between places, all or none, each lot's lines summed before they are checked.
   * The callers decide beforehand, under lock, whether there is enough: too few here is a bug and an error.
   * @throws BAD_USER_INPUT where a place would come to hold more than anything can be
   */
  async move(tx: Tx, why: Why, moves: readonly Move[]): Promise<void> {
    const summed = sumMoves(moves);
    if (summed.length === 0) return;
    const deltas = deltasOf(summed);
    const held = await this.ledger.lockBalances(tx, deltas);
    for (const [i, { place, units, lotId }] of deltas.entries()) {
      if (place !== 'SOURCE' && held[i]! + units < 0) {
        throw new Error(`lot ${lotId} has ${held[i]} units ${place}, ${-units} are to leave`);
      }
    }
    const overfull = deltas.find(({ units }, i) => Math.abs(held[i]! + units) > MOST_UNITS_IN_A_PLACE);
    if (overfull) throw badInput('input', `input: ${tooManyInAPlace(overfull.place)}`);
    await this.ledger.addToBalances(tx, deltas);
    await this.ledger.appendEntries(tx, why, doneMoves(summed, deltas, held));
  }

  /**
   * Locks all balances that moves would change, so that a caller can refuse before anything is moved.
   * @param moves no two of the same units: each is told what its lot has there for it alone
   * @returns how many units each would find, in the order of the moves
   */
  async held(tx: Tx, moves: readonly Move[]): Promise<number[]> {
    const deltas = deltasOf(moves);
    const held = await this.ledger.lockBalances(tx, deltas);
    const keyOf = (lotId: string, siteId: string, place: Place): string => `${lotId} ${siteId} ${place}`;
    const unitsOf = new Map(deltas.map(({ lotId, siteId, place }, i) => [keyOf(lotId, siteId, place), held[i]!]));
    return moves.map(({ lotId, siteId, from }) => unitsOf.get(keyOf(lotId, siteId, from)) ?? 0);
  }

  /**
   * Puts units on the shelf, for the first time or again: free to be split where their lot is good, set aside where it is
   * not. The lots stay in the condition they are in until the transaction ends; they are locked here, before any balance.
   */
  async shelve(tx: Tx, why: Why, moves: readonly Omit<Move, 'to'>[]): Promise<void> {
    await this.move(tx, why, await this.toShelves(tx, moves));
  }

  private async toShelves(tx: Tx, moves: readonly Omit<Move, 'to'>[]): Promise<Move[]> {
    const lots = await this.lots.lock(tx, [...new Set(moves.map(({ lotId }) => lotId))], 'SHARED');
    const shelfFor = new Map<string, Place>(lots.map((lot) => [lot.id, shelfOf(lot.condition)]));
    return moves.map((move) => ({ ...move, to: shelfFor.get(move.lotId)! }));
  }

  /**
   * Takes units in from outside, at the site that `input.siteId` of the request names, or else at the default one.
   * @returns the lots they are in, in the order of the receipts
   */
  async receive(
    tx: Tx,
    why: Why,
    askedSiteId: string | null | undefined,
    receipts: readonly Receipt[],
  ): Promise<string[]> {
    const siteId = await this.sites.idOf(tx, 'input.siteId', askedSiteId);
    const arrived = receipts.map((receipt) => ({ ...receipt, id: receipt.lotId ?? newId() }));
    const fresh = arrived.filter((receipt) => receipt.lotId === undefined);
    if (fresh.length > 0) {
      await this.lots.insert(
        tx,
        fresh.map(({ id, lot }) => ({ ...lot, id, condition: 'GOOD' })),
      );
      const lots = fresh.map(({ id, units, lot: { itemId, lotNumber } }) => ({ id, units, itemId, lotNumber }));
      await this.facts.tell(tx, 'lots.received', { lots } satisfies LotsReceived);
    }
    const movesOf = (some: typeof arrived): Omit<Move, 'to'>[] =>
      some.map(({ id, units, causeId }) => {
        const move = { lotId: id, siteId, from: 'SOURCE', units } as const;
        return causeId === undefined ? move : { ...move, causeId };
      });
    await this.arrive(tx, why, await this.toShelves(tx, movesOf(fresh)));
    await this.shelve(tx, why, movesOf(arrived.filter((receipt) => receipt.lotId !== undefined)));
    return arrived.map(({ id }) => id);
  }

  /** The first units of lots that this transaction made: nobody else can hold their balances, so that nothing is locked. */
  private async arrive(tx: Tx, why: Why, moves: readonly Move[]): Promise<void> {
    const summed = sumMoves(moves);
    if (summed.length === 0) return;
    const deltas = deltasOf(summed);
    await this.ledger.insertBalances(tx, deltas);
    const nothing = deltas.map(() => 0);
    await this.ledger.appendEntries(tx, why, doneMoves(summed, deltas, nothing));
  }
}
