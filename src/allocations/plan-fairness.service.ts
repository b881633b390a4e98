import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import type { Note } from '../engine/problem.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs, type Rows } from '../platform/graphql/connection.js';
import { forbidden } from '../platform/rejection.js';
import { type Placed, PlanFairnessRepository } from './plan-fairness.repository.js';
import { type BreakdownRow, type Dimension, FEWEST_IN_A_SUM, figuresOf, namesPeople } from './plan-fairness.rules.js';
import type { PlanBreakdownType, PlanNoteType } from './plan-fairness.types.js';

const NOTHING: Rows<Placed<Note>> = { rows: [], keyOf: ({ place }) => [place], count: async () => 0 };

/** Tells what a plan keeps about its fairness, as it was computed. */
@Injectable()
export class PlanFairnessService {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanFairnessRepository,
  ) {}

  /** The metrics by one dimension. To recipients only sums that name nobody. */
  async breakdown(
    { viewer }: RequestContext,
    planId: string,
    by: Dimension,
    args: PageArgs,
  ): Promise<Connection<PlanBreakdownType>> {
    const all = seesEverything(viewer);
    if (!all && namesPeople(by))
      throw forbidden(`Only coordinators and auditors may ask by ${by}: it could name people.`);
    const name = `metricsBy ${planId} ${by}`;
    const page = pageOf(args, name, ['number']);
    const fewest = all ? 0 : FEWEST_IN_A_SUM;
    const found = await this.database.read((reader) => this.plans.breakdown(reader, planId, by, fewest, page));
    return connect(name, page, shown(found, breakdownOf));
  }

  /** What the engine noted, for those who may read the whole chain; nothing for others. */
  async notes({ viewer }: RequestContext, planId: string, args: PageArgs): Promise<Connection<PlanNoteType>> {
    const name = `notes ${planId}`;
    const page = pageOf(args, name, ['number']);
    const found = seesEverything(viewer)
      ? await this.database.read((reader) => this.plans.notes(reader, planId, page))
      : NOTHING;
    return connect(name, page, shown(found, noteOf));
  }
}

/** Rows as the API shows them, which still know their place. */
function shown<T, Shown>(found: Rows<Placed<T>>, show: (row: T) => Shown): Rows<Shown & { place: number }> {
  return {
    rows: found.rows.map(({ row, place }) => ({ ...show(row), place })),
    keyOf: ({ place }) => [place],
    count: found.count,
  };
}

function breakdownOf(row: BreakdownRow): PlanBreakdownType {
  return {
    itemCode: row.item,
    groupId: row.by === 'GROUP' ? row.key : null,
    tier: row.by === 'TIER' && row.key !== null ? Number(row.key) : null,
    country: row.by === 'COUNTRY' ? row.key : null,
    people: row.people,
    servedRecipients: row.served,
    claimedUnits: row.claimed,
    awardedUnits: row.awarded,
    fillMin: row.fillMin,
    fillMean: row.fillMean,
    fillP10: row.fillP10,
    gini: row.gini,
    jain: row.jain,
  };
}

function noteOf(note: Note): PlanNoteType {
  return { note, code: note.code, figures: figuresOf(note) };
}
