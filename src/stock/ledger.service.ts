import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import { LedgerRepository, type Why } from './ledger.repository.js';
import { deltasOf, sumMoves, type Move } from './ledger.rules.js';
import type { Lot } from './stock.entity.js';
import { LotRepository } from './lot.repository.js';

/** Units that came in: a lot, new or known, and how many. */
export interface Receipt {
  /** The lot that gets more; absent: a new one is made. */
  readonly lotId?: string;
  readonly lot: Omit<Lot, 'id' | 'condition'>;
  readonly units: number;
  /** What brought it, where one act takes in for several. */
  readonly causeId?: string;
}

/** Moves units, and writes down why. Nothing else in the house does. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly lots: LotRepository,
  ) {}

  /**
   * Moves units between places, all or none, each lot's lines summed before they are checked.
   * The callers decide beforehand, under lock, whether there is enough: too few here is a bug and an error.
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
    await this.ledger.addToBalances(tx, deltas);
    await this.ledger.appendEntries(tx, why, summed);
  }

  /** Takes units in from outside, at the default site. */
  async receive(tx: Tx, why: Why, receipts: readonly Receipt[]): Promise<void> {
    const arrived = receipts.map((receipt) => ({ ...receipt, id: receipt.lotId ?? newId() }));
    const fresh = arrived.filter((receipt) => receipt.lotId === undefined);
    if (fresh.length > 0)
      await this.lots.insert(
        tx,
        fresh.map(({ id, lot }) => ({ ...lot, id, condition: 'GOOD' })),
      );
    const siteId = await this.ledger.defaultSite(tx);
    const movesOf = (some: typeof arrived): Move[] =>
      some.map(({ id, units, causeId }) => {
        const move = { lotId: id, siteId, from: 'SOURCE', to: 'AVAILABLE', units } as const;
        return causeId === undefined ? move : { ...move, causeId };
      });
    await this.arrive(tx, why, movesOf(fresh));
    await this.move(tx, why, movesOf(arrived.filter((receipt) => receipt.lotId !== undefined)));
  }

  /** The first units of lots that this transaction made: nobody else can hold their balances, so that nothing is locked. */
  private async arrive(tx: Tx, why: Why, moves: readonly Move[]): Promise<void> {
    const summed = sumMoves(moves);
    if (summed.length === 0) return;
    await this.ledger.insertBalances(tx, deltasOf(summed));
    await this.ledger.appendEntries(tx, why, summed);
  }
}
