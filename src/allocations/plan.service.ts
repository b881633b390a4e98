import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { forbidden } from '../platform/rejection.js';
import { type AwardRow, type PlanFilter, PlanRepository, type PlanRow } from './plan.repository.js';

@Injectable()
export class PlanService {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
  ) {}

  private readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.plans.byIds(reader, ids));

  async get(id: string): Promise<PlanRow> {
    return (await this.byIds([id]))[0]!;
  }

  /**
   * The plan of a parcel or distribution that the viewer may see: a recipient reaches only her own, so that the plan
   * speaks of her. Null for donors and links, who may not see who else is in it.
   */
  async ofParcel(context: RequestContext, id: string): Promise<PlanRow | null> {
    const may = seesEverything(context.viewer) || context.viewer.role === 'RECIPIENT';
    return may ? loaderOf(context, this.byIds, (plan) => plan.id).load(id) : null;
  }

  /** A plan, for whoever may read the whole chain and, once it is committed, for those it speaks of. */
  async find(context: RequestContext, id: string): Promise<PlanRow | null> {
    const { viewer } = context;
    if (!seesEverything(viewer)) {
      const { subjectId } = viewer;
      const hers =
        viewer.role === 'RECIPIENT' &&
        subjectId !== null &&
        (await this.database.read((r) => this.plans.concerns(r, id, subjectId)));
      if (!hers) return null;
    }
    const plan = await loaderOf(context, this.byIds, (row) => row.id).load(id);
    // A preview reserves nothing: to whom it speaks of it would read like a promise.
    return plan === null || seesEverything(viewer) || plan.committedAt !== null ? plan : null;
  }

  async list(filter: PlanFilter, args: PageArgs): Promise<Connection<PlanRow>> {
    const page = pageOf(args, 'plans');
    return connect('plans', page, await this.database.read((reader) => this.plans.page(reader, filter, page)));
  }

  /** Awards with units or without, in the plan's order. A recipient sees her own. */
  async awards(
    { viewer }: RequestContext,
    planId: string,
    withUnits: boolean,
    args: PageArgs,
  ): Promise<Connection<AwardRow>> {
    if (!seesEverything(viewer) && viewer.role !== 'RECIPIENT')
      throw forbidden('The awards of a plan are not yours to see.');
    const recipientId = seesEverything(viewer) ? null : viewer.subjectId;
    const page = pageOf(args, `awards ${planId} ${withUnits}`, ['number']);
    const which = { withUnits, recipientId };
    return connect(
      `awards ${planId} ${withUnits}`,
      page,
      await this.database.read((reader) => this.plans.awards(reader, planId, which, page)),
    );
  }
}
