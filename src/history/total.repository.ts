import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionFilter } from './distribution.rules.js';
import { KEPT_TOTALS, type KeptTotal } from './kept.rules.js';
import { groupedAndBounded, type SumRow } from './summary.repository.js';
import { NO_DIMENSIONS, type DimensionValues, type DistributionDimension } from './summary.rules.js';

/** Where each is kept, by which columns, and which of the sums over the lines it is held against. */
const TABLE: Readonly<Record<KeptTotal, { table: string; key: readonly string[]; lines: string }>> = {
  MONTH: { table: 'distribution_month_total', key: ['month', 'item_id', 'status'], lines: 'by_country' },
  DONOR: { table: 'distribution_donor_total', key: ['donor_id', 'item_id', 'status'], lines: 'by_donor' },
  COUNTRY: {
    table: 'distribution_country_total',
    key: ['month', 'item_id', 'status', 'country', 'exposure_tier'],
    lines: 'by_country',
  },
};
const TABLES = KEPT_TOTALS.map((kept) => TABLE[kept]);

/** The dimensions that something is kept by: the column it is kept in, and how it is told. */
const DIMENSION: Partial<Record<DistributionDimension, { column: keyof DimensionValues; kept: string; sql: string }>> =
  {
    ITEM: { column: 'itemId', kept: 'item_id', sql: 't.item_id' },
    CATEGORY: { column: 'category', kept: 'item_id', sql: 'i.category' },
    DONOR: { column: 'donorId', kept: 'donor_id', sql: 't.donor_id' },
    COUNTRY: { column: 'country', kept: 'country', sql: `nullif(t.country, '')` },
    TIER: { column: 'exposureTier', kept: 'exposure_tier', sql: 't.exposure_tier' },
    MONTH: { column: 'month', kept: 'month', sql: `to_char(t.month, 'YYYY-MM')` },
    QUARTER: { column: 'quarter', kept: 'month', sql: `to_char(t.month, 'YYYY-"Q"Q')` },
    STATUS: { column: 'status', kept: 'status', sql: 't.status' },
  };

const SUMS = ['units', 'confirmed_units', 'distributions'];
const ADDED = SUMS.map((column) => `sum(${column})::bigint as ${column}`).join(', ');

const OF_LINES =
  'sum(units)::bigint as units, coalesce(sum(confirmed_units), 0)::bigint as confirmed_units, count(*) as distributions';
const MONTH = `date_trunc('month', allocated_at at time zone 'UTC')::date`;

/** What the lines come to: two readings of all, so that neither has more groups than fit in memory. */
const LINES = `by_country as materialized (
    select ${MONTH} as month, item_id, status, coalesce(country, '') as country, exposure_tier, ${OF_LINES} from distribution group by 1, 2, 3, 4, 5),
  by_donor as materialized (select donor_id, item_id, status, ${OF_LINES} from distribution group by 1, 2, 3)`;

const told = (alias: string): string => SUMS.map((column) => `coalesce(${alias}.${column}, 0)`).join(', ');

/** The keys of a table whose kept sums are not those of the lines, with what has to be added to them. */
function wrongOf({ table, key, lines }: (typeof TABLES)[number]): string {
  const keys = key.join(', ');
  const missing = SUMS.map((column) => `coalesce(l.${column}, 0) - coalesce(k.${column}, 0) as ${column}`).join(', ');
  return `select ${keys}, ${missing},
      format('${table} of ${key.map(() => '%s').join(', ')}: %s units, %s confirmed, %s lines; the lines say %s, %s, %s', ${keys}, ${told('k')}, ${told('l')}) as broken
    from (select ${keys}, ${ADDED} from ${table} group by ${keys}) as k
    full join (select ${keys}, ${ADDED} from ${lines} group by ${keys}) as l using (${keys})
    where (${told('k')}) is distinct from (${told('l')})`;
}

/** The law of the kept totals, as a query for what breaks it. */
export const TOTALS_LAW = {
  name: 'the kept totals are the sums of the lines',
  breaches: `with ${LINES} ${TABLES.map((table) => `select broken from (${wrongOf(table)}) as w`).join(' union all ')}`,
};

/** Adds what is missing to rows of this process's own, and says what was wrong: one statement, one state of everything. */
const CORRECTED = `with ${LINES}, ${TABLES.map((of) => {
  const { table, key } = of;
  const columns = [...key, 'slot', ...SUMS].join(', ');
  return `wrong_${table} as materialized (${wrongOf(of)}),
    corrected_${table} as (insert into ${table} as kept (${columns})
      select ${key.join(', ')}, 16 + pg_backend_pid(), ${SUMS.join(', ')} from wrong_${table}
      on conflict (${key.join(', ')}, slot) do update set ${SUMS.map((column) => `${column} = kept.${column} + excluded.${column}`).join(', ')})`;
}).join(', ')}
  ${TABLES.map(({ table }) => `select broken from wrong_${table}`).join(' union all ')} order by broken`;

/** What a rebuilding found. */
export interface Rebuilt {
  /** The first sums that were wrong, in words. */
  readonly named: readonly string[];
  readonly wrong: number;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

const MOST_NAMED = 20;
const ROWS = `select ${TABLES.map(({ table }) => `(select count(*) from ${table})`).join(' + ')} as rows`;

/** One rebuilding at a time. The number is that of the slots' locks; the slots themselves count from 0. */
const REBUILDING = 'select pg_advisory_xact_lock(7240119, -1)';

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
    // Added up as it is kept first, and put into words after that: words for every row would take longer than the rest.
    const kepts = [...new Set(dimensions.map((dimension) => dimension.kept))];
    const rows = await reader.rows<Partial<SumRow>>(
      `select ${columns} coalesce(sum(t.units), 0)::bigint as units, coalesce(sum(t.confirmed_units), 0)::bigint as "confirmedUnits",
         coalesce(sum(t.distributions), 0)::bigint as distributions
       from (select ${[...kepts, ADDED].join(', ')} from ${TABLE[kept].table} t ${where} ${kepts.length === 0 ? '' : `group by ${kepts.join(', ')}`}) as t
       ${by.includes('CATEGORY') ? 'join item i on i.id = t.item_id' : ''}
       ${groupedAndBounded(dimensions.length, 'having sum(t.distributions) <> 0')}`,
      conditions.parameters,
    );
    return rows.map((row) => ({ ...NO_DIMENSIONS, recipients: null, ...row }) as SumRow);
  }

  /**
   * Has all kept totals say what the lines say, in one row a key. Whoever writes changes lines and totals alike, so what is
   * missing is the same at every moment: it is reckoned in one state of everything and added while others go on writing.
   * Only then are the rows of each key put together, for which writers wait a moment. For the owner of the tables alone.
   */
  async rebuild(tx: Tx): Promise<Rebuilt> {
    await tx.rows(REBUILDING);
    await tx.rows(`select set_config('work_mem', '128MB', true)`);
    const [before] = await tx.rows<{ rows: number }>(ROWS);
    const wrong = await tx.rows<{ broken: string }>(CORRECTED);
    await tx.rows('lock table distribution in share row exclusive mode');
    for (const { table, key } of TABLES) {
      const keys = key.join(', ');
      // oxlint-disable-next-line no-await-in-loop -- one transaction, one connection
      await tx.rows(
        `with taken as (delete from ${table} returning *)
         insert into ${table} (${keys}, slot, ${SUMS.join(', ')}) select ${keys}, 0, ${ADDED} from taken group by ${keys} having sum(distributions) <> 0`,
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
