import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { listLoaderOf, loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { differences, type LotFacts } from './lot.rules.js';
import type { Lot } from './stock.entity.js';
import { type AvailableLot, LotRepository, type LotUnits, type StockFilter } from './lot.repository.js';
import { absentFrom } from '../platform/known.js';

@Injectable()
export class LotService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotRepository,
  ) {}

  private readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.lots.byIds(reader, ids));
  private readonly unitsByIds = (ids: readonly string[]) =>
    this.database.read((reader) => this.lots.units(reader, ids));
  private readonly ofLines = (ids: readonly string[]) =>
    this.database.read((reader) => this.lots.ofShipmentLines(reader, ids));

  /** A lot by id, or null, read together with the others that the same request needs. */
  load(context: RequestContext, id: string): Promise<Lot | null> {
    return loaderOf(context, this.byIds, (lot) => lot.id).load(id);
  }

  /** Where a lot's units are. */
  async units(context: RequestContext, lotId: string): Promise<LotUnits> {
    const units = await loaderOf(context, this.unitsByIds, (row) => row.lotId).load(lotId);
    return units ?? { lotId, onHandUnits: 0, availableUnits: 0, allocatedUnits: 0 };
  }

  /** What a shipment line became. */
  ofLine(context: RequestContext, shipmentLineId: string): Promise<Lot[]> {
    return listLoaderOf(context, this.ofLines, (lot) => lot.shipmentLineId).load(shipmentLineId);
  }

  /** As {@link ofLine}, inside a transaction and for many lines. */
  ofLinesIn(tx: Tx, lineIds: readonly string[]): Promise<Lot[]> {
    return this.lots.ofShipmentLines(tx, lineIds);
  }

  /** Keeps lots as they are, or for oneself, until the transaction ends; those that exist, in id order. */
  lock(tx: Tx, ids: readonly string[], how: 'SHARED' | 'ALONE'): Promise<Lot[]> {
    return this.lots.lock(tx, ids, how);
  }

  /**
   * Writes down that lots are otherwise than was known, with what was known before. They are locked `ALONE` by the caller.
   * Units stay where they are.
   * @returns the lots that differ now
   */
  change(tx: Tx, lots: readonly Lot[], facts: Partial<LotFacts>, reason: string): Promise<Lot[]> {
    return this.changeEach(
      tx,
      lots.map((lot) => ({ lot, facts })),
      reason,
    );
  }

  /** As {@link change}, each lot in its own way. */
  async changeEach(
    tx: Tx,
    changes: readonly { readonly lot: Lot; readonly facts: Partial<LotFacts> }[],
    reason: string,
  ): Promise<Lot[]> {
    const changed = changes.filter(({ lot, facts }) => differences(lot, facts).length > 0);
    if (changed.length === 0) return [];
    const now = changed.map(({ lot, facts }) => ({ ...lot, ...facts }));
    await this.lots.update(tx, now);
    const rows = changed.flatMap(({ lot, facts }) =>
      differences(lot, facts).map((difference) => ({ ...difference, id: newId(), lotId: lot.id, reason })),
    );
    await this.lots.appendChanges(tx, rows);
    return now;
  }

  /**
   * Locks lots `ALONE`, then what of them is free to be split: a commit takes that without locking lots, and so reads them
   * either before they change or after.
   */
  async lockForChange(tx: Tx, ids: readonly string[]): Promise<Lot[]> {
    const lots = await this.lots.lock(tx, ids, 'ALONE');
    await this.lots.lockAvailable(tx, ids);
    return lots;
  }

  /** What could be split; `lock` keeps it so until the transaction ends. */
  available(tx: Tx, filter: StockFilter, lock: boolean): Promise<AvailableLot[]> {
    return this.lots.available(tx, filter, lock);
  }

  /** Which of these ids name no lot. */
  async unknown(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return absentFrom(await this.lots.byIds(tx, ids), ids);
  }
}
