import { Injectable } from '@nestjs/common';
import { seesEverything, type Viewer } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Reader } from '../platform/database.js';
import { forbidden, RequestFault } from '../platform/rejection.js';
import { FEWEST_SHOWN, mergeSmall } from './cells.rules.js';
import type { DistributionFilter } from './distribution.rules.js';
import { DistributionService } from './distribution.service.js';
import { keptTotalFor } from './kept.rules.js';
import { MOST_SUMMARY_ROWS, SummaryRepository, type PeopledRow, type SumRow } from './summary.repository.js';
import {
  added,
  dimensionThatNamesPeople,
  narrowsToPeople,
  NO_DIMENSIONS,
  STANDING,
  type DistributionDimension,
} from './summary.rules.js';
import type { DistributionSummaryRowType } from './summary.types.js';
import { TotalRepository } from './total.repository.js';

/** A question to history: sums by these dimensions, and whether people are to be counted. */
export interface SumQuestion {
  readonly filter: DistributionFilter;
  readonly by: readonly DistributionDimension[];
  readonly people: boolean;
}

/** Sums over history. */
@Injectable()
export class SummaryService {
  constructor(
    private readonly database: Database,
    private readonly summaries: SummaryRepository,
    private readonly totals: TotalRepository,
    private readonly distributions: DistributionService,
  ) {}

  /**
   * Sums of what the viewer may see.
   * @param people whether `recipients` is wanted: to tell people apart costs more than to add up
   * @throws FORBIDDEN for a donor who asks by what names people, or picks out fewer than three; TOO_COMPLEX for too many rows
   */
  async summary(
    context: RequestContext,
    asked: DistributionFilter | null | undefined,
    by: readonly DistributionDimension[],
    people: boolean,
  ): Promise<DistributionSummaryRowType[]> {
    const { viewer } = context;
    const personal = seesPeople(viewer) ? undefined : dimensionThatNamesPeople(by);
    if (personal) throw forbidden(`Donors cannot sum by ${personal}: it would name people.`);
    const filter = await this.distributions.seenBy(context, asked ?? {});
    const counted = filter.statuses != null || by.includes('STATUS') ? filter : { ...filter, statuses: STANDING };
    if (seesPeople(viewer)) return this.sums(counted, by, people);
    return this.withoutSmall(counted, by, narrowsToPeople(asked ?? {}));
  }

  /**
   * Sums as this viewer may see them: for donors, those of fewer than three people are merged. The caller has narrowed the
   * filter to what is hers.
   */
  sumsFor(
    { viewer }: RequestContext,
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
  ): Promise<DistributionSummaryRowType[]> {
    return seesPeople(viewer) ? this.sums(filter, by) : this.withoutSmall(filter, by, false);
  }

  /** Sums by these dimensions, whoever asks: the caller has seen to it that they are hers to see. */
  async sums(
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
    people = true,
  ): Promise<DistributionSummaryRowType[]> {
    const rows = await this.database.read((reader) => this.read(reader, { filter, by, people }));
    return bounded(rows).map((row) => ({ ...row, merged: false, mergedRows: 0 }));
  }

  /** From what is kept where that answers the question, else from the lines. */
  private async read(reader: Reader, { filter, by, people }: SumQuestion): Promise<SumRow[]> {
    const kept = keptTotalFor(by, filter);
    if (!people) return kept ? this.totals.sums(reader, kept, filter, by) : this.summaries.sums(reader, filter, by);
    // People of the whole of history are found one by one; those of its parts are in the lines, and so is the rest then.
    if (kept === undefined || by.length > 0 || !isByStateAlone(filter)) {
      return (await this.summaries.peopled(reader, filter, by)).map(({ few: _few, ...row }) => row);
    }
    const [sum] = await this.totals.sums(reader, kept, filter, by);
    return [{ ...sum!, recipients: await this.summaries.people(reader, filter) }];
  }

  private withoutSmall(
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
    isNarrow: boolean,
  ): Promise<DistributionSummaryRowType[]> {
    return this.database.snapshot(async (reader) => {
      const cells = bounded(await this.summaries.peopled(reader, filter, by));
      const { shown, merged, few, cover } = mergeSmall(cells);
      const areTooFew = shown.length === 0 && cover === null && few.size > 0 && few.size < FEWEST_SHOWN;
      if (areTooFew && isNarrow) {
        throw forbidden(
          `This filter leaves fewer than ${FEWEST_SHOWN} people, and their sum would say who got what: let it leave more, or ask by gift or item alone.`,
        );
      }
      // Whose gifts they are parts nobody from anybody where they are all of one donor: the asker.
      const donorId = new Set(cells.map((cell) => cell.donorId)).size === 1 ? cells[0]!.donorId : null;
      const areParted = by.some((dimension) => dimension !== 'DONOR' || donorId === null);
      if (!areParted || merged.length === 0) return cells.map(asRow);
      const both = cover ? await this.summaries.among(reader, filter, by, { cell: cover, people: [...few] }) : 0;
      const recipients = few.size + (cover?.recipients ?? 0) - both;
      const rest = { ...NO_DIMENSIONS, donorId, ...added(merged), recipients, merged: true, mergedRows: merged.length };
      return [...shown.map(asRow), rest];
    });
  }
}

/** Those who check the chain see everybody; a recipient sees nobody but herself. */
function seesPeople(viewer: Viewer): boolean {
  return seesEverything(viewer) || viewer.role === 'RECIPIENT';
}

function isByStateAlone(filter: DistributionFilter): boolean {
  return Object.entries(filter).every(([name, value]) => value == null || name === 'statuses' || name === 'timeZone');
}

function asRow({ few: _few, ...row }: PeopledRow): DistributionSummaryRowType {
  return { ...row, merged: false, mergedRows: 0 };
}

function bounded<T>(rows: readonly T[]): readonly T[] {
  if (rows.length <= MOST_SUMMARY_ROWS) return rows;
  throw new RequestFault(
    'TOO_COMPLEX',
    `The sum has more than ${MOST_SUMMARY_ROWS} rows: filter it, or ask for fewer dimensions.`,
  );
}
