import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs, type Rows } from '../platform/graphql/connection.js';
import { listLoaderOf, pageLoaderOf } from '../platform/graphql/loader.js';
import type { ShipmentChange, ShipmentCount, ShipmentEvent } from './shipment.entity.js';
import { ShipmentLogRepository } from './shipment-log.repository.js';

/** Shows what happened to shipments, what each visit counted, and what was corrected. */
@Injectable()
export class ShipmentLogService {
  constructor(
    private readonly database: Database,
    private readonly log: ShipmentLogRepository,
  ) {}

  private readonly ofShipments = (ids: readonly string[]) =>
    this.database.read((reader) => this.log.eventsOf(reader, ids));

  /** What happened to a shipment, in that order. */
  eventsOf(context: RequestContext, shipmentId: string): Promise<ShipmentEvent[]> {
    return listLoaderOf(context, this.ofShipments, (event) => event.shipmentId).load(shipmentId);
  }

  /** What each visit counted of a line, the first first; asked for many in one turn, one statement reads them all. */
  async countsOf(context: RequestContext, lineId: string, args: PageArgs): Promise<Connection<ShipmentCount>> {
    const page = pageOf(args, 'counts');
    const found = await pageLoaderOf<Rows<ShipmentCount>>(context, this.countsOf, page, (ids) =>
      this.database.read((reader) => this.log.countsOfEach(reader, ids, page)),
    ).load(lineId);
    return connect('counts', page, found);
  }

  /** What was corrected of a shipment, the first first. */
  async correctionsOf(
    context: RequestContext,
    shipmentId: string,
    args: PageArgs,
  ): Promise<Connection<ShipmentChange>> {
    const page = pageOf(args, 'corrections');
    const found = await pageLoaderOf<Rows<ShipmentChange>>(context, this.correctionsOf, page, (ids) =>
      this.database.read((reader) => this.log.changesOfEach(reader, ids, page)),
    ).load(shipmentId);
    return connect('corrections', page, found);
  }
}
