import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { kindOf } from '../history/entry.rules.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { LotService } from '../stock/lot.service.js';
import type { Lot } from '../stock/stock.entity.js';
import { LotTraceRepository, type StepRow } from './lot-trace.repository.js';
import type { LotOriginType, LotStateUnitsType, LotStepType, LotTraceType } from './lot-trace.types.js';

/** An entry as it is shown. */
export function stepOf(entry: StepRow): LotStepType {
  return { ...entry, causeKind: kindOf(entry.cause) };
}

/** Where a lot came from. */
export function originOf({ id, donorId, shipmentId, shipmentLineId, receivedAt }: Lot): LotOriginType {
  return { lotId: id, donorId, shipmentId, shipmentLineId, receivedAt };
}

/** Where lots went, and where they came from. */
@Injectable()
export class LotTraceService {
  constructor(
    private readonly database: Database,
    private readonly traces: LotTraceRepository,
    private readonly lots: LotService,
  ) {}

  /** Where a lot's units are, for whoever may read the whole chain and for its donor. */
  async trace(context: RequestContext, lotId: string): Promise<LotTraceType | null> {
    const lot = await this.lots.load(context, lotId);
    if (!lot || (!seesEverything(context.viewer) && context.viewer.subjectId !== lot.donorId)) return null;
    const places = await this.database.read((reader) => this.traces.places(reader, lotId));
    const { receivedUnits, foundUnits } = await this.database.read((reader) => this.lots.cameIn(reader, lotId));
    return { lotId, receivedUnits, foundUnits, places: places.filter(({ place }) => place !== 'SOURCE') };
  }

  /** Where a lot came from. */
  async origin(context: RequestContext, lotId: string): Promise<LotOriginType> {
    return originOf((await this.lots.load(context, lotId))!);
  }

  /** What was given of a lot, by the state of the parcels. */
  states(lotId: string): Promise<LotStateUnitsType[]> {
    return this.database.read((reader) => this.traces.states(reader, lotId));
  }

  /** Every move of a lot, the first first. */
  async steps(lotId: string, args: PageArgs): Promise<Connection<LotStepType>> {
    const page = pageOf(args, 'lotSteps', ['instant', 'id']);
    const { rows, count } = await this.database.read((reader) => this.traces.steps(reader, lotId, page));
    const keyOf = ({ at, id }: LotStepType) => [at.toISOString(), id];
    return connect('lotSteps', page, { rows: rows.map(stepOf), keyOf, count });
  }
}
