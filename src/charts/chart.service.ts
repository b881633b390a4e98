import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import type { DistributionFilter } from '../history/distribution.rules.js';
import { DistributionService } from '../history/distribution.service.js';
import { FairnessService } from '../history/fairness.service.js';
import { STANDING } from '../history/summary.rules.js';
import { SummaryService } from '../history/summary.service.js';
import { fairnessPicture } from './fairness-picture.rules.js';
import { monthsPicture } from './months-picture.rules.js';
import type { MonthUnits } from './months.rules.js';
import { daysOf } from './picture.rules.js';
import { withoutSmallCells } from './small-cells.rules.js';
import { type Kind, WORDS } from './words.rules.js';

/** Draws sums over history. Reads only. */
@Injectable()
export class ChartService {
  constructor(
    private readonly distributions: DistributionService,
    private readonly summaries: SummaryService,
    private readonly fairness: FairnessService,
  ) {}

  /** Units by month and category, as SVG; for a donor of her own gifts, small cells merged. */
  async months(context: RequestContext, asked: DistributionFilter): Promise<string> {
    const words = WORDS[context.language];
    const filter = await this.distributions.seenBy(context, asked);
    const counted = filter.statuses == null ? { ...filter, statuses: STANDING } : filter;
    // Dated by when they were committed, months are few: no sum is cut off.
    const merges = context.viewer.role === 'DONOR';
    // People are counted only where it matters how few they are: the rest is kept as sums.
    const sums = await this.summaries.sums(counted, ['MONTH', 'CATEGORY'], merges);
    const cells = sums.map(({ month, category, units, recipients }) => ({
      whole: month!,
      part: category as string,
      units,
      recipients: recipients ?? 0,
    }));
    const rows: MonthUnits[] = (merges ? withoutSmallCells(cells) : cells).map(({ whole, part, units }) => ({
      month: whole,
      kind: part as Kind,
      units,
    }));
    return monthsPicture(words, { rows, zone: filter.timeZone ?? 'UTC', days: daysOf(words, filter), merges });
  }

  /** The Lorenz curve of what people received, as SVG; for those who may read the whole chain. */
  async lorenz(context: RequestContext, asked: DistributionFilter): Promise<string> {
    const words = WORDS[context.language];
    const { filter } = await this.fairness.of(context, asked);
    const totals = await this.fairness.totals(filter);
    const points = await this.fairness.curve(filter);
    return fairnessPicture(words, {
      points,
      people: totals.people,
      units: totals.receivedUnits,
      gini: totals.received?.gini ?? 0,
      days: daysOf(words, filter),
    });
  }
}
