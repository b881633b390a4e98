import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionFilter } from './distribution.rules.js';
import { KEPT_TOTALS, type KeptTotal } from './kept.rules.js';
import { groupedAndBounded, type SumRow } from './summary.repository.js';
import { NO_DIMENSIONS, type DimensionValues, type DistributionDimension } from './summary.rules.js';

/** Where each is kept, and by which columns. */
const TABLE: Readonly<Record<KeptTotal, { table: string; key: readonly string[] }>> = {
  MONTH: { table: 'distribution_month_total', key: ['month', 'item_id', 'status'] },
  DONOR: { table: 'distribution_donor_total', key: ['donor_id', 'item_id', 'status'] },
  COUNTRY: { table: 'distribution_country_total', key: ['month', 'item_id', 'status', 'country', 'exposure_tier'] },
};

/** The dimensions that something is kept by. */
const DIMENSION: Partial<Record<DistributionDimension, { column: keyof DimensionValues; sql: string }>> = {
  ITEM: { column: 'itemId', sql: 't.item_id' },
  CATEGORY: { column: 'category', sql: 'i.category' },
  DONOR: { column: 'donorId', sql: 't.donor_id' },
  COUNTRY: { column: 'country', sql: `nullif(t.country, '')` },
  TIER: { column: 'exposureTier', sql: 't.exposure_tier' },
  MONTH: { column: 'month', sql: `to_char(t.month, 'YYYY-MM')` },
  QUARTER: { column: 'quarter', sql: `to_char(t.month, 'YYYY-"Q"Q')` },
  STATUS: { column: 'status', sql: 't.status' },
};

const SUMS = ['units', 'confirmed_units', 'distributions'];
const ADDED = SUMS.map((column) => `sum(${column})::bigint as ${column}`).join(', ');

/** What the lines come to, by all that anything is kept by. A country that is not known is kept as ''. */
const BY_ALL = 'month, item_id, status, country, exposure_tier, donor_id';
const LINES = `line as materialized (
  select date_trunc('month', allocated_at at time zone 'UTC')::date as month, item_id, status, coalesce(country, '') as country, exposure_tier, donor_id,
    sum(units)::bigint as units, coalesce(sum(confirmed_units), 0)::bigint as confirmed_units, count(*) as distributions
  from distribution group by ${BY_ALL})`;

function breachesOf({ table, key }: (typeof TABLE)[KeptTotal]): string {
  const keys = key.join(', ');
  const told = (alias: string): string => SUMS.map((column) => `coalesce(${alias}.${column}, 0)`).join(', ');
  return `select format('${table} of ${key.map(() => '%s').join(', ')}: %s units, %s confirmed, %s lines; the lines say %s, %s, %s', ${keys}, ${told('k')}, ${told('l')}) as broken
    from (select ${keys}, ${ADDED} from ${table} group by ${keys}) as k
    full join (select ${keys}, ${ADDED} from line group by ${keys}) as l using (${keys})
    where (${told('k')}) is distinct from (${told('l')})`;
}

/** The law of the kept totals, as a query for what breaks it. */
export const TOTALS_LAW = {
  name: 'the kept totals are the sums of the lines',
  breaches: `with ${LINES} ${KEPT_TOTALS.map((kept) => breachesOf(TABLE[kept])).join(' union all ')}`,
};

/** What a rebuilding found. */
export interface Rebuilt {
  /** The first sums that were wrong, in words. */
  readonly named: readonly string[];
  readonly wrong: number;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

const MOST_NAMED = 20;
const ROWS = `select (${KEPT_TOTALS.map((kept) => `(select count(*) from ${TABLE[kept].table})`).join(' + ')}) as rows`;

/** Sums over history that triggers keep in the transaction that changes it. */
@Injectable()
export class TotalRepository {
  /** Sums from what is kept. The rules have said that it answers this question. */
  async sums(
    reader: Reader,
    kept: KeptTotal,
    { allocatedOn, timeZone: _utc, ...filter }: DistributionFilter,
    by: readonly DistributionDimension[],
  ): Promise<SumRow[]> {
    const conditions = conditionsOf(filter)
      .addIfGiven('t.month >= $::date', allocatedOn?.from)
      .addIfGiven('t.month <= $::date', allocatedOn?.to);
    const dimensions = [...new Set(by)].map((dimension) => DIMENSION[dimension]!);
    const columns = dimensions.map(({ column, sql }) => `${sql} as "${column}", `).join('');
    const where = conditions.where.length > 0 ? `where ${conditions.where.join(' and ')}` : '';
    const rows = await reader.rows<Partial<SumRow>>(
      `select ${columns} coalesce(sum(t.units), 0)::bigint as units, coalesce(sum(t.confirmed_units), 0)::bigint as "confirmedUnits",
         coalesce(sum(t.distributions), 0)::bigint as distributions
       from ${TABLE[kept].table} t ${by.includes('CATEGORY') ? 'join item i on i.id = t.item_id' : ''} ${where}
       ${groupedAndBounded(dimensions.length, 'having sum(t.distributions) <> 0')}`,
      conditions.parameters,
    );
    return rows.map((row) => ({ ...NO_DIMENSIONS, recipients: null, ...row }) as SumRow);
  }

  /**
   * Makes all kept totals anew from the lines, one row a key. Whoever writes lines waits until this transaction has ended,
   * whoever reads does not. For the owner of the tables alone.
   */
  async rebuild(tx: Tx): Promise<Rebuilt> {
    await tx.rows('lock table distribution in share row exclusive mode');
    const wrong = await tx.rows<{ broken: string }>(`select broken from (${TOTALS_LAW.breaches}) as b order by broken`);
    const [before] = await tx.rows<{ rows: number }>(ROWS);
    for (const { table, key } of KEPT_TOTALS.map((kept) => TABLE[kept])) {
      const keys = key.join(', ');
      // oxlint-disable-next-line no-await-in-loop -- one transaction, one connection
      await tx.rows(`delete from ${table}`);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await tx.rows(
        `with ${LINES} insert into ${table} (${keys}, slot, ${SUMS.join(', ')}) select ${keys}, 0, ${ADDED} from line group by ${keys}`,
      );
    }
    const [after] = await tx.rows<{ rows: number }>(ROWS);
    return {
      named: wrong.slice(0, MOST_NAMED).map(({ broken }) => broken),
      wrong: wrong.length,
      rowsBefore: before!.rows,
      rowsAfter: after!.rows,
    };
  }
}
