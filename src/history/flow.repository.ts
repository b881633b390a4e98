import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionFilter } from './distribution.rules.js';
import { FLOW_KEYS, MOST_IN_COLUMN, type FlowCell, type FlowQuestion } from './flow.rules.js';

const { OTHERS, ANONYMOUS, NONE, SEVERAL } = FLOW_KEYS;

/** The entries of a column, the largest by their own key, the rest by that of others. Who is in no or several groups stays. */
function column(name: string): string {
  const order = `${name} in ('${NONE}', '${SEVERAL}') desc, sum(units) desc, ${name}`;
  return `select ${name} as key, count(*) over () as entries,
    case when count(*) over () <= ${MOST_IN_COLUMN} or row_number() over (order by ${order}) < ${MOST_IN_COLUMN} then ${name} else '${OTHERS}' end as shown
    from cells group by ${name}`;
}

@Injectable()
export class FlowRepository {
  /** Units from donors over items to groups or countries, in one statement; every unit in exactly one row, at most 12 x 12 x 12 rows. */
  cells(reader: Reader, filter: DistributionFilter, { to, hidesAnonymous }: FlowQuestion): Promise<FlowCell[]> {
    const { where, parameters } = conditionsOf(filter);
    const joins: string[] = [];
    if (hidesAnonymous) joins.push('join donor o on o.id = t.donor_id');
    if (to === 'GROUP') {
      // Where groups are asked for, others that somebody belongs to make no difference.
      const asked = filter.groupIds == null ? '' : `where group_id = any($${parameters.push(filter.groupIds)})`;
      joins.push(`left join (select recipient_id, case when count(*) > 1 then '${SEVERAL}' else min(group_id::text) end as groups
        from group_member ${asked} group by 1) as m on m.recipient_id = t.recipient_id`);
    }
    const donor = hidesAnonymous
      ? `case when o.anonymous then '${ANONYMOUS}' else t.donor_id::text end`
      : 't.donor_id::text';
    const end = `coalesce(${to === 'GROUP' ? 'm.groups' : 't.country'}, '${NONE}')`;
    return reader.rows<FlowCell>(
      `with cells as materialized (
         select ${donor} as donor, t.item_id::text as item, ${end} as "end", sum(t.units)::bigint as units,
           count(distinct t.recipient_id) as recipients
         from distribution t ${joins.join(' ')} ${where.length > 0 ? `where ${where.join(' and ')}` : ''} group by 1, 2, 3),
       donors as (${column('donor')}), items as (${column('item')}), ends as (${column('"end"')})
       select d.shown as donor, i.shown as item, e.shown as "end", sum(c.units)::bigint as units, max(c.recipients) as recipients,
         d.entries as donors, i.entries as items, e.entries as ends
       from cells c join donors d on d.key = c.donor join items i on i.key = c.item join ends e on e.key = c."end"
       group by 1, 2, 3, d.entries, i.entries, e.entries order by 1, 2, 3`,
      parameters,
    );
  }
}
