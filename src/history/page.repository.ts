import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Rows } from '../platform/graphql/connection.js';
import { countRows } from '../platform/keyset.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionType } from './distribution.types.js';
import { linesOf, type PageOfHistory } from './page-lines.repository.js';
import { RELATIONS, type Relation } from './page.rules.js';

/**
 * The columns of a line and of each row beside it. Those that are selected are read, and those marked `!`: other fields are
 * worked out from them, or nobody may see the row without them. `at:` marks instants, of which JSON has none.
 */
const LINE = `!id delivery_id !units confirmed_units status country exposure_tier !at:allocated_at at:dispatched_at at:delivered_at`;
const BESIDE: Readonly<Record<Relation, string>> = {
  item: `!id code name category standard size`,
  lot: `!id !item_id !donor_id !shipment_id !shipment_line_id lot_number !expires_on units_per_pack earmark condition at:received_at`,
  donor: `!id name kind country email phone !anonymous at:created_at`,
  shipment: `!id reference !donor_id status carrier tracking_number expected_on discrepancy_reason at:received_at !at:created_at`,
  recipient: `!id name profession specialty facility country subdivision email phone exposure_tier headcount status at:created_at`,
  plan: `!id status rule claims !policy_id !policy_version seed seed_hash fingerprint engine_version !substitutes unallocated metrics
    stale_because at:created_at !at:committed_at`,
  site: `!id name address country note is_default closed_because at:opened_at at:closed_at`,
};

interface Column {
  /** As it stands in the table, and as the row is known by. */
  readonly column: string;
  readonly name: string;
  readonly isAlways: boolean;
  readonly isInstant: boolean;
}

function columnsOf(list: string): Column[] {
  return list.split(/\s+/).map((text) => {
    const column = text.replace(/^!?(at:)?/, '');
    const name = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    return { column, name, isAlways: text.startsWith('!'), isInstant: text.includes('at:') };
  });
}

const LINE_COLUMNS = columnsOf(LINE);
const COLUMNS = Object.fromEntries(RELATIONS.map((table) => [table, columnsOf(BESIDE[table])]));

/** What is read of a row, as SQL. */
function selected(alias: string, columns: readonly Column[], names: ReadonlySet<string>): string {
  return columns
    .filter(({ name, isAlways }) => isAlways || names.has(name))
    .map(({ column, name }) => `${alias}.${column} as "${name}"`)
    .join(', ');
}

function joined(table: Relation, names: ReadonlySet<string>): string {
  const columns = selected('x', COLUMNS[table]!, names);
  return `join lateral (select ${columns} from ${table} x where x.id = t.${table}_id) as ${table} on true`;
}

/** Statements that connections keep parsed. Clients ask the same few; whoever asks thousands is served without. */
const MOST_NAMED = 200;
const statements = new Map<string, string>();

/** The name under which connections keep a statement; none when there are enough. */
function nameOf(sql: string): string | undefined {
  const name = statements.get(sql);
  if (name !== undefined || statements.size >= MOST_NAMED) return name;
  const made = `history ${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
  statements.set(sql, made);
  return made;
}

function readInstants(row: Record<string, unknown>, columns: readonly Column[]): void {
  for (const { name, isInstant } of columns)
    if (isInstant && row[name] != null) row[name] = new Date(row[name] as string);
}

/** A page as the database writes it. */
interface Written {
  readonly lines: Record<string, unknown>[] | null;
  readonly known: number;
}

@Injectable()
export class PageRepository {
  /**
   * One page by (order key, id) with all the rows beside its lines, in one statement; the last page costs what the first
   * costs. `strange` says that not all item codes of the filter are known.
   */
  async page(reader: Reader, asked: PageOfHistory): Promise<Rows<DistributionType> & { readonly strange: boolean }> {
    const { filter, order, reading } = asked;
    const { relations, names } = reading;
    const parameters: unknown[] = [];
    const lines = linesOf(asked, parameters);
    const codes = filter.itemCodes
      ? `(select count(*) from item where code = any($${parameters.push(filter.itemCodes)}))`
      : '0';
    const sql = `select (select json_agg(p) from (select ${[selected('t', LINE_COLUMNS, names), ...relations].join(', ')}
      from (${lines.sql}) as t ${relations.map((relation) => joined(relation, names)).join(' ')} ${lines.order}) as p) as lines, ${codes} as known`;
    const [written] = await reader.rows<Written>(sql, parameters, lines.steady ? nameOf(sql) : undefined);
    const rows = written!.lines ?? [];
    for (const row of rows) {
      readInstants(row, LINE_COLUMNS);
      for (const relation of relations) readInstants(row[relation] as Record<string, unknown>, COLUMNS[relation]!);
    }
    const keyOf = (row: DistributionType): [string | number, string] => [
      order.field === 'UNITS' ? row.units : row.allocatedAt.toISOString(),
      row.id,
    ];
    return {
      rows: rows as unknown as DistributionType[],
      keyOf,
      strange: written!.known < new Set(filter.itemCodes).size,
      count: () => countRows(reader, { from: 'distribution t', ...conditionsOf(filter) }),
    };
  }
}
