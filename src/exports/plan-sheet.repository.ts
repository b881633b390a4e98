import { Conditions } from '../platform/keyset.js';
import { personColumns } from './cell.repository.js';
import type { Column, Sheet } from './sheet.rules.js';
import type { Sight } from './sight.rules.js';

/** Which plans; what is left out does not restrict. */
export interface PlanSheetFilter {
  readonly statuses?: readonly string[] | null;
  readonly policyIds?: readonly string[] | null;
  /** Computed on these days, both included. */
  readonly createdOn?: { readonly from?: string | null; readonly to?: string | null } | null;
  readonly timeZone?: string | null;
}

const EXACT_SHARE = `a.why->>'exactShare'`;
const inFigures = (key: string): string => `(a.why->>'${key}')::numeric`;

/** Awards of plans, plan by plan and in each in its own order; who gets nothing has a row with no units. */
export function planSheet({ statuses, policyIds, createdOn, timeZone }: PlanSheetFilter, sight: Sight): Sheet {
  const conditions = new Conditions()
    .addIfGiven('p.status = any($)', statuses)
    .addIfGiven('p.policy_id = any($)', policyIds);
  const { where, parameters } = conditions;
  const bound = (value: unknown): string => `$${parameters.push(value)}`;
  const startOf = (day: string): string => `((${day})::timestamp at time zone ${bound(timeZone ?? 'UTC')}::text)`;
  if (createdOn?.from != null) where.push(`p.created_at >= ${startOf(`${bound(createdOn.from)}::date`)}`);
  if (createdOn?.to != null) where.push(`p.created_at < ${startOf(`${bound(createdOn.to)}::date + 1`)}`);
  const columns: Column[] = [
    { name: 'plan_id', kind: 'WORD', sql: 'p.id' },
    { name: 'status', kind: 'WORD', sql: 'p.status' },
    { name: 'created_at', kind: 'INSTANT', sql: 'p.created_at' },
    { name: 'committed_at', kind: 'INSTANT', sql: 'p.committed_at' },
    { name: 'rule', kind: 'WORD', sql: 'p.rule' },
    { name: 'claims', kind: 'WORD', sql: 'p.claims' },
    { name: 'policy_id', kind: 'WORD', sql: 'p.policy_id' },
    { name: 'policy', kind: 'TEXT', sql: 'y.name' },
    { name: 'policy_version', kind: 'NUMBER', sql: 'p.policy_version' },
    { name: 'item_code', kind: 'TEXT', sql: 'i.code' },
    { name: 'item_name', kind: 'TEXT', sql: 'i.name' },
    ...personColumns(sight, bound(sight.subjectId)),
    { name: 'country', kind: 'TEXT', sql: 'r.country' },
    { name: 'exposure_tier', kind: 'NUMBER', sql: 'r.exposure_tier' },
    { name: 'units', kind: 'NUMBER', sql: 'a.units' },
    { name: 'returned_units', kind: 'NUMBER', sql: 'a.returned_units' },
    { name: 'cancelled_at', kind: 'INSTANT', sql: 'a.cancelled_at' },
    { name: 'claim_units', kind: 'NUMBER', sql: inFigures('claim') },
    // A fraction such as 3/7 is a day in March to a spreadsheet.
    {
      name: 'exact_share',
      kind: 'NUMBER',
      sql: `round(split_part(${EXACT_SHARE}, '/', 1)::numeric / coalesce(nullif(split_part(${EXACT_SHARE}, '/', 2), '')::numeric, 1), 6)`,
    },
    { name: 'floor_units', kind: 'NUMBER', sql: inFigures('floor') },
    { name: 'extra_units', kind: 'NUMBER', sql: inFigures('extra') },
  ];
  const from = `(select p.* from plan p ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by p.id) as p
      join award a on a.plan_id = p.id join item i on i.id = a.item_id join recipient r on r.id = a.recipient_id
      left join policy y on y.id = p.policy_id`;
  return { columns, from, order: 'p.id, a.position', parameters };
}
