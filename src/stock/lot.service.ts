import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Reader, type Tx } from '../platform/database.js';
import { listLoaderOf, loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import type { DiscrepancyReason } from './ledger.rules.js';
import { notFound } from '../platform/rejection.js';
import { type CameIn, IntakeRepository } from './intake.repository.js';
import { differences, type LotFacts } from './lot.rules.js';
import type { Lot } from './stock.entity.js';
import { type AvailableLot, LotRepository, type LotUnits, type StockFilter } from './lot.repository.js';
import { absentFrom } from '../platform/known.js';

@Injectable()
export class LotService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotRepository,
    private readonly intakes: IntakeRepository,
  ) {}

  readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.lots.byIds(reader, ids));
  private readonly unitsByIds = (ids: readonly string[]) =>
    this.database.read((reader) => this.lots.units(reader, ids));
  private readonly ofLines = (ids: readonly string[]) =>
    this.database.read((reader) => this.lots.ofShipmentLines(reader, ids));

  /** A lot by id, or null, read together with the others that the same request needs. */
  load(context: RequestContext, id: string): Promise<Lot | null> {
    return loaderOf(context, this.byIds, (lot) => lot.id).load(id);
  }

  /** A lot as it is after a change: what the request has read before may not be so any more. */
  async fresh(context: RequestContext, id: string): Promise<Lot> {
    context.loaders.clear();
    return (await this.load(context, id))!;
  }

  /** Where a lot's units are. */
  async units(context: RequestContext, lotId: string): Promise<LotUnits> {
    const units = await loaderOf(context, this.unitsByIds, (row) => row.lotId).load(lotId);
    return units ?? { lotId, onHandUnits: 0, availableUnits: 0, allocatedUnits: 0, quarantinedUnits: 0 };
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
   * Locks the one lot that a request names, for whoever changes it or what stands of it.
   * @throws NOT_FOUND with the field `input.lotId`
   */
  async lockOne(tx: Tx, id: string): Promise<Lot> {
    const [lot] = await this.lots.lock(tx, [id], 'ALONE');
    if (!lot) throw notFound('input.lotId', 'lot');
    return lot;
  }

  /**
   * Writes down that lots are otherwise than was known, with what was known before. They are locked `ALONE` by the caller.
   * Units stay where they are.
   * @param reasonCode the reason as a code, where what was known was wrong
   * @returns the lots that differ now
   */
  change(
    tx: Tx,
    lots: readonly Lot[],
    facts: Partial<LotFacts>,
    reason: string,
    reasonCode: DiscrepancyReason | null = null,
  ): Promise<Lot[]> {
    const changes = lots.map((lot) => ({ lot, facts }));
    return this.changeEach(tx, changes, reason, reasonCode);
  }

  /** As {@link change}, each lot in its own way. */
  async changeEach(
    tx: Tx,
    changes: readonly { readonly lot: Lot; readonly facts: Partial<LotFacts> }[],
    reason: string,
    reasonCode: DiscrepancyReason | null = null,
  ): Promise<Lot[]> {
    const changed = changes.filter(({ lot, facts }) => differences(lot, facts).length > 0);
    if (changed.length === 0) return [];
    const now = changed.map(({ lot, facts }) => ({ ...lot, ...facts }));
    await this.lots.update(tx, now);
    const rows = changed.flatMap(({ lot, facts }) =>
      differences(lot, facts).map((difference) => ({ ...difference, id: newId(), lotId: lot.id, reason, reasonCode })),
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

  /** Lots as they are now; not locked. */
  find(reader: Reader, ids: readonly string[]): Promise<Lot[]> {
    return this.lots.byIds(reader, ids);
  }

  /** What came in of a lot, as corrected so far, and what counts found beyond. */
  async cameIn(reader: Reader, lotId: string): Promise<CameIn> {
    const [row] = await this.intakes.ofLots(reader, [lotId]);
    return row ?? { lotId, receivedUnits: 0, foundUnits: 0 };
  }

  /** Which of these ids name no lot. */
  async unknown(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return absentFrom(await this.lots.byIds(tx, ids), ids);
  }
}
