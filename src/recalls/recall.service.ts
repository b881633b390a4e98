import { Injectable } from '@nestjs/common';
import { onlyOwn, seesEverything, type Viewer } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import type { Delivery } from '../deliveries/delivery.entity.js';
import { DeliveryService } from '../deliveries/delivery.service.js';
import { Database } from '../platform/database.js';
import {
  connect,
  type Connection,
  type Page,
  pageOf,
  type PageArgs,
  type Rows,
} from '../platform/graphql/connection.js';
import { listLoaderOf, loaderOf, pageLoaderOf } from '../platform/graphql/loader.js';
import { forbidden } from '../platform/rejection.js';
import { LotService } from '../stock/lot.service.js';
import type { Lot } from '../stock/stock.entity.js';
import type { Recall } from './recall.entity.js';
import { type RecallFigures, RecallRepository, type Seen } from './recall.repository.js';

/** Donors see what became of lots of theirs, recipients what they have notices of. */
function seenBy(viewer: Viewer): Seen {
  if (seesEverything(viewer)) return {};
  const own = onlyOwn(viewer.subjectId, null);
  return viewer.role === 'DONOR' ? { donorIds: own } : { recipientIds: own };
}

/** What was called back, and what it came to. */
@Injectable()
export class RecallService {
  constructor(
    private readonly database: Database,
    private readonly recalls: RecallRepository,
    private readonly deliveries: DeliveryService,
    private readonly lots: LotService,
  ) {}

  private readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.recalls.byIds(reader, ids));
  private readonly ofLots = (ids: readonly string[]) =>
    this.database.read((reader) => this.recalls.ofLots(reader, ids));

  async get(id: string): Promise<Recall> {
    return (await this.byIds([id]))[0]!;
  }

  /** A recall that a row names, read together with the others that the same request needs. */
  async load(context: RequestContext, id: string): Promise<Recall> {
    return (await loaderOf(context, this.byIds, (recall) => recall.id).load(id))!;
  }

  /** One recall, for whoever may read the whole chain, and for donors of whom it stopped lots. */
  async find(context: RequestContext, id: string): Promise<Recall | null> {
    const isHers = async (): Promise<boolean> =>
      (await this.pageOfLots(context, id, { limit: 1, after: null })).rows.length > 0;
    return seesEverything(context.viewer) || (await isHers())
      ? loaderOf(context, this.byIds, (recall) => recall.id).load(id)
      : null;
  }

  /** Recalls, the newest first; a donor sees those of lots of hers. */
  async list({ viewer }: RequestContext, open: boolean | null, args: PageArgs): Promise<Connection<Recall>> {
    const page = pageOf(args, 'recalls');
    const found = await this.database.read((reader) => this.recalls.page(reader, open, seenBy(viewer), page));
    return connect('recalls', page, found);
  }

  /** The lots that a recall stopped, as far as they are the viewer's to see; asked for many in one turn, one statement reads them all. */
  async lotsOf(context: RequestContext, recallId: string, args: PageArgs): Promise<Connection<Lot>> {
    const page = pageOf(args, 'recall lots');
    const found = await this.pageOfLots(context, recallId, page);
    const lots = await Promise.all(found.rows.map(({ id }) => this.lots.load(context, id)));
    const rows = lots.map((lot) => lot!);
    return connect('recall lots', page, { ...found, rows, keyOf: (lot) => [lot.id] });
  }

  private pageOfLots(context: RequestContext, recallId: string, page: Page): Promise<Rows<{ id: string }>> {
    const seen = seenBy(context.viewer);
    return pageLoaderOf<Rows<{ id: string }>>(context, this.lotsOf, page, (ids) =>
      this.database.read((reader) => this.recalls.pageOfLotsOfEach(reader, ids, seen, page)),
    ).load(recallId);
  }

  /** What a recall came to, over the lots that the viewer may see; null for recipients. */
  async figures(context: RequestContext, recallId: string): Promise<RecallFigures | null> {
    const seen = seenBy(context.viewer);
    if (seen.recipientIds) return null;
    return pageLoaderOf<RecallFigures>(context, this.figures, {}, async (ids) => {
      const rows = await this.database.read((reader) => this.recalls.figures(reader, ids, seen));
      return new Map(rows.map((row) => [row.recallId, row]));
    }).load(recallId);
  }

  /** Every recall that a lot is or was under, the newest first. */
  ofLot(context: RequestContext, lotId: string): Promise<Recall[]> {
    return listLoaderOf(context, this.ofLots, (row) => row.lotId).load(lotId);
  }

  /** The parcels that a recall took lines out of. */
  async takenOutOf(context: RequestContext, recallId: string, args: PageArgs): Promise<Connection<Delivery>> {
    if (!seesEverything(context.viewer)) throw forbidden('Whose parcels were opened is not yours to see.');
    const name = `recall ${recallId} deliveries`;
    const page = pageOf(args, name);
    const found = await this.database.read((reader) => this.recalls.takenOutOf(reader, recallId, page));
    const rows = await Promise.all(found.rows.map(({ id }) => this.deliveries.load(context, id)));
    return connect(name, page, { ...found, rows, keyOf: (row) => [row.id] });
  }
}
