import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionFilter } from './distribution.rules.js';
import type { DistributionDimension } from './summary.rules.js';
import type { DistributionSummaryRowType } from './summary.types.js';

/** A sum over history may have this many rows; more is a question for an export. */
export const MOST_SUMMARY_ROWS = 5000;

/** How each dimension is grouped: the column of the answer and its expression. `$tz` stands for the time zone. */
const DIMENSION: Readonly<Record<DistributionDimension, { column: string; sql: string; join?: string }>> = {
  ITEM: { column: 'itemId', sql: 't.item_id' },
  CATEGORY: { column: 'category', sql: 'i.category', join: 'join item i on i.id = t.item_id' },
  DONOR: { column: 'donorId', sql: 't.donor_id' },
  RECIPIENT: { column: 'recipientId', sql: 't.recipient_id' },
  GROUP: { column: 'groupId', sql: 'm.group_id', join: 'join group_member m on m.recipient_id = t.recipient_id' },
  COUNTRY: { column: 'country', sql: 't.country' },
  MONTH: { column: 'month', sql: `to_char(t.allocated_at at time zone $tz, 'YYYY-MM')` },
  STATUS: { column: 'status', sql: 't.status' },
};

@Injectable()
export class SummaryRepository {
  /** Sums by any set of dimensions, the largest first; one row more than may be shown says that there are too many. */
  async summary(
    reader: Reader,
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
  ): Promise<DistributionSummaryRowType[]> {
    const { where, parameters } = conditionsOf(filter);
    const dimensions = [...new Set(by)].map((dimension) => DIMENSION[dimension]);
    if (by.includes('MONTH')) parameters.push(filter.timeZone ?? 'UTC');
    const zone = `$${parameters.length}::text`;
    const columns = dimensions.map(({ column, sql }) => `${sql.replace('$tz', zone)} as "${column}"`);
    const places = dimensions.map((_, i) => i + 1).join(', ');
    const rows = await reader.rows<Partial<DistributionSummaryRowType>>(
      `select ${[...columns, ''].join(', ')} coalesce(sum(t.units), 0)::bigint as units, coalesce(sum(t.confirmed_units), 0)::bigint as "confirmedUnits",
         count(distinct t.recipient_id) as recipients, count(*) as distributions
       from distribution t ${dimensions.flatMap(({ join }) => join ?? []).join(' ')}
       ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       ${places === '' ? '' : `group by ${places}`} order by units desc${places === '' ? '' : `, ${places}`} limit ${MOST_SUMMARY_ROWS + 1}`,
      parameters,
    );
    const nothing = {
      itemId: null,
      category: null,
      donorId: null,
      recipientId: null,
      groupId: null,
      country: null,
      month: null,
      status: null,
    };
    return rows.map((row) => ({ ...nothing, ...row }) as DistributionSummaryRowType);
  }
}
