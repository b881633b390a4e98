import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { listLoaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { type Move, placeOfMissing, shelfOf } from '../stock/ledger.rules.js';
import { LedgerService } from '../stock/ledger.service.js';
import { LotService } from '../stock/lot.service.js';
import { SiteService } from '../stock/site.service.js';
import type { Transfer, TransferLine } from './transfer.entity.js';
import { type TransferFilter, TransferRepository } from './transfer.repository.js';
import { countedTransfer, enoughOf, type LotUnitsSent, mayEnd, summedByLot } from './transfer.rules.js';
import type {
  CancelTransferInput,
  DispatchTransferInput,
  ReceiveTransferInput,
  ReportTransferLostInput,
} from './transfer.types.js';

/** Moves goods from one of our sites to another. On the way they count as in transit, at the site they left. */
@Injectable()
export class TransferService {
  constructor(
    private readonly database: Database,
    private readonly transfers: TransferRepository,
    private readonly sites: SiteService,
    private readonly lots: LotService,
    private readonly ledger: LedgerService,
  ) {}

  /** Sends units of lots off: what is free of good ones, what is set aside of the others. All of it, or nothing. */
  async dispatch(context: RequestContext, input: DispatchTransferInput): Promise<Transfer | Refusal> {
    const { fromSiteId, toSiteId } = input;
    if (fromSiteId === toSiteId) throw badInput('input.toSiteId', 'input.toSiteId: is the site they stand at');
    const command = { actor: context.actor, action: 'dispatchTransfer', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      await this.sites.keepOpen(tx, [
        { field: 'input.fromSiteId', id: fromSiteId },
        { field: 'input.toSiteId', id: toSiteId },
      ]);
      const lines = summedByLot(input.lines);
      const moves = await this.leaving(tx, input, lines);
      const tooFew = enoughOf(lines, await this.ledger.held(tx, moves));
      if (tooFew) throw new Rejected(tooFew);
      const transfer: Transfer = {
        id: newId(),
        fromSiteId,
        toSiteId,
        status: 'DISPATCHED',
        carrier: input.carrier ?? null,
        trackingNumber: input.trackingNumber ?? null,
        note: input.note ?? null,
        dispatchedAt: tx.now,
        endedAt: null,
        reason: null,
      };
      await this.transfers.insert(tx, transfer, lines);
      await this.ledger.move(tx, { cause: 'TRANSFER_DISPATCHED', causeId: transfer.id }, moves);
      return { transferId: transfer.id };
    });
    return isRefusal(done) ? done : this.get(done.transferId);
  }

  /** The moves that load each lot, from the shelf it stands on; the lots stay in their condition until the end. */
  private async leaving(tx: Tx, input: DispatchTransferInput, lines: readonly LotUnitsSent[]): Promise<Move[]> {
    const ids = lines.map(({ lotId }) => lotId);
    const found = new Map((await this.lots.lock(tx, ids, 'SHARED')).map((lot) => [lot.id, lot]));
    return lines.map(({ lotId, units }) => {
      const lot = found.get(lotId);
      if (!lot) throw notFound(`input.lines.${input.lines.findIndex((line) => line.lotId === lotId)}.lotId`, 'lot');
      return { lotId, siteId: input.fromSiteId, from: shelfOf(lot.condition), to: 'IN_TRANSIT', units };
    });
  }

  /** Counts what arrived: it goes on the shelf of the other site. What is missing is lost or discarded where it left. */
  async receive(context: RequestContext, input: ReceiveTransferInput): Promise<Transfer | Refusal> {
    const command = { actor: context.actor, action: 'receiveTransfer', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const transfer = await this.underWay(tx, input.transferId, 'RECEIVED');
      const lines = await this.transfers.linesOf(tx, [transfer.id]);
      assertCountsFit(input, lines);
      const counts = countedTransfer(lines, input.counts ?? []);
      if (isRefusal(counts)) throw new Rejected(counts);
      await this.transfers.end(tx, transfer.id, 'RECEIVED', null);
      await this.transfers.setCounts(tx, transfer.id, counts);
      const why = { cause: 'TRANSFER_RECEIVED', causeId: transfer.id } as const;
      const { fromSiteId: siteId, toSiteId } = transfer;
      const arrived = counts.map(({ lotId, receivedUnits: units }) => ({ lotId, units }));
      await this.ledger.shelve(
        tx,
        why,
        arrived.map((line) => ({ ...line, siteId, toSiteId, from: 'IN_TRANSIT' })),
      );
      const missing = counts.map(({ lotId, units, receivedUnits, reason }): Move => {
        const gone = { lotId, siteId, from: 'IN_TRANSIT', units: units - receivedUnits } as const;
        return { ...gone, to: placeOfMissing(reason), reasonCode: reason };
      });
      await this.ledger.move(tx, why, missing);
      return { transferId: transfer.id };
    });
    return isRefusal(done) ? done : this.get(done.transferId);
  }

  /** Takes a transfer back: all of it is on the shelf again that it left. */
  async cancel(context: RequestContext, input: CancelTransferInput): Promise<Transfer | Refusal> {
    const { idempotencyKey: key, reason } = input;
    const command = { actor: context.actor, action: 'cancelTransfer', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const transfer = await this.underWay(tx, input.transferId, 'CANCELLED');
      await this.transfers.end(tx, transfer.id, 'CANCELLED', reason);
      const why = { cause: 'TRANSFER_CANCELLED', causeId: transfer.id, reason } as const;
      await this.ledger.shelve(tx, why, await this.loadOf(tx, transfer));
      return { transferId: transfer.id };
    });
    return isRefusal(done) ? done : this.get(done.transferId);
  }

  /** Gives a transfer up: all of it is lost. */
  async lose(context: RequestContext, input: ReportTransferLostInput): Promise<Transfer | Refusal> {
    const { idempotencyKey: key, reason = null } = input;
    const command = { actor: context.actor, action: 'reportTransferLost', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const transfer = await this.underWay(tx, input.transferId, 'LOST');
      await this.transfers.end(tx, transfer.id, 'LOST', reason);
      const why = { cause: 'TRANSFER_LOST', causeId: transfer.id, reason } as const;
      const load = await this.loadOf(tx, transfer);
      await this.ledger.move(
        tx,
        why,
        load.map((line) => ({ ...line, to: 'LOST' })),
      );
      return { transferId: transfer.id };
    });
    return isRefusal(done) ? done : this.get(done.transferId);
  }

  /** The transfer, locked, if it may end so. */
  private async underWay(tx: Tx, id: string, to: 'RECEIVED' | 'CANCELLED' | 'LOST'): Promise<Transfer> {
    const transfer = await this.transfers.lock(tx, id);
    if (!transfer) throw notFound('input.transferId', 'transfer');
    const refusal = mayEnd(transfer.status, to);
    if (refusal) throw new Rejected(refusal);
    return transfer;
  }

  private async loadOf(tx: Tx, { id, fromSiteId: siteId }: Transfer): Promise<Omit<Move, 'to'>[]> {
    const lines = await this.transfers.linesOf(tx, [id]);
    return lines.map(({ lotId, units }) => ({ lotId, siteId, from: 'IN_TRANSIT', units }));
  }

  private readonly linesByIds = (ids: readonly string[]) =>
    this.database.read((reader) => this.transfers.linesOf(reader, ids));

  linesOf(context: RequestContext, transferId: string): Promise<TransferLine[]> {
    return listLoaderOf(context, this.linesByIds, (line) => line.transferId).load(transferId);
  }

  /** One transfer, or null. */
  async find(id: string): Promise<Transfer | null> {
    return (await this.database.read((reader) => this.transfers.byIds(reader, [id])))[0] ?? null;
  }

  private async get(id: string): Promise<Transfer> {
    return (await this.find(id))!;
  }

  /** Transfers, the newest first. */
  async list(filter: TransferFilter, args: PageArgs): Promise<Connection<Transfer>> {
    const page = pageOf(args, 'transfers');
    return connect('transfers', page, await this.database.read((reader) => this.transfers.page(reader, filter, page)));
  }
}

/** Every count is of a line that was sent, once, and of no more than was sent. */
function assertCountsFit({ counts }: ReceiveTransferInput, lines: readonly TransferLine[]): void {
  const seen = new Set<string>();
  for (const [i, { lotId, units }] of (counts ?? []).entries()) {
    const line = lines.find((sent) => sent.lotId === lotId);
    if (!line) throw notFound(`input.counts.${i}.lotId`, 'lot in this transfer');
    if (seen.has(lotId))
      throw badInput(`input.counts.${i}.lotId`, `input.counts.${i}.lotId: this lot is counted twice`);
    if (units > line.units)
      throw badInput(`input.counts.${i}.units`, `input.counts.${i}.units: ${line.units} were sent`);
    seen.add(lotId);
  }
}
