import { Injectable } from '@nestjs/common';
import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPage } from '../platform/keyset.js';
import type { Period } from './period.rules.js';
import type { StatementSums } from './statement.rules.js';

/** The sums of one item, for one recipient or for all of them together. */
export interface StatementRow extends StatementSums {
  readonly itemId: string;
}

/** What was asked for of one item or category, as it stands. */
export interface NeedRow {
  readonly itemId: string | null;
  readonly category: ItemCategory | null;
  readonly needs: number;
  readonly statedUnits: number;
  readonly metUnits: number;
  readonly openUnits: number;
  readonly unmetUnits: number;
}

/** Days become instants where they begin in the zone: `$2` the first, `$3` the last, `$4` the zone. */
const START = `($2::date::timestamp at time zone $4::text)`;
const END = `(($3::date + 1)::timestamp at time zone $4::text)`;

const within = (instant: string): string => `${instant} >= ${START} and ${instant} < ${END}`;
const sum = (units: string, when: string): string => `coalesce(sum(${units}) filter (where ${when}), 0)::bigint`;

/** When a line left its parcel otherwise than into a hand. */
const ENTRY_OF_PARCEL = `(select max(e.at) from stock_entry e where e.cause_id = t.delivery_id and e.lot_id = t.lot_id and e.from_site_id = t.site_id
          and e.cause in ('DELIVERY_RETURNED', 'DELIVERY_LOST', 'DELIVERY_LINES_TAKEN_OUT'))`;

/**
 * Lines of recipients, each with the instant at which it was counted, and the one at which it ended otherwise: what came
 * back, was lost, or was taken out has an entry of its own in the ledger; of a whole award that was taken back the award
 * says when, and of what a recall took out the entry of the recall. Materialized where it is used: it is looked for once.
 */
function lines(recipients: string): string {
  return `select t.recipient_id, t.item_id, t.status, t.units, t.confirmed_units, t.allocated_at, t.dispatched_at, t.delivered_at, d.confirmed_at,
      case when t.status in ('RETURNED', 'LOST') then ${ENTRY_OF_PARCEL} when t.status = 'CANCELLED' then coalesce(least(${ENTRY_OF_PARCEL},
        (select min(a.cancelled_at) from award a where a.plan_id = t.plan_id and a.recipient_id = t.recipient_id),
        (select min(e.at) from stock_entry e join recall r on r.id = e.cause_id where e.lot_id = t.lot_id and e.at >= t.allocated_at
          and e.cause = 'DELIVERY_LINES_TAKEN_OUT' and e.from_site_id = t.site_id)), t.allocated_at) end as ended_at
    from distribution t join delivery d on d.id = t.delivery_id where ${recipients} and t.allocated_at < ${END}`;
}

const SETTLED = `coalesce(l.delivered_at, l.ended_at)`;
const SUMS = `
  ${sum('l.units', `l.allocated_at < ${START} and (${SETTLED} is null or ${SETTLED} >= ${START})`)} as "openingUnits",
  ${sum('l.units', within('l.allocated_at'))} as "promisedUnits",
  ${sum('l.units', within('l.dispatched_at'))} as "sentUnits",
  ${sum('l.units', within('l.delivered_at'))} as "deliveredUnits",
  ${sum('l.units', `l.status = 'RETURNED' and ${within('l.ended_at')}`)} as "returnedUnits",
  ${sum('l.units', `l.status = 'LOST' and ${within('l.ended_at')}`)} as "lostUnits",
  ${sum('l.units', `l.status = 'CANCELLED' and ${within('l.ended_at')}`)} as "takenBackUnits",
  ${sum('l.units', `${SETTLED} is null or ${SETTLED} >= ${END}`)} as "closingUnits",
  ${sum('l.confirmed_units', within('l.confirmed_at'))} as "confirmedUnits",
  ${sum('l.units - l.confirmed_units', within('l.confirmed_at'))} as "missingUnits"`;
const BY_CATALOGUE = `array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category), i.code`;
/** An item of which nothing was open, promised or settled in the period says nothing. */
const SAYS_SOMETHING = `where s."openingUnits" + s."promisedUnits" + s."confirmedUnits" + s."missingUnits" > 0`;

@Injectable()
export class StatementRepository {
  /** The sums of each of these recipients, item by item in the order of the catalogue; in one statement. */
  ofRecipients(
    reader: Reader,
    recipientIds: readonly string[],
    { from, to, timeZone }: Period,
  ): Promise<(StatementRow & { recipientId: string })[]> {
    return reader.rows(
      `with line as materialized (${lines('t.recipient_id = any($1)')})
       select s.* from (select l.recipient_id as "recipientId", l.item_id as "itemId", ${SUMS} from line l group by 1, 2) as s
       join item i on i.id = s."itemId" ${SAYS_SOMETHING} order by s."recipientId", ${BY_CATALOGUE}`,
      [recipientIds, from, to, timeZone],
    );
  }

  /** The sums of all members of a group, as they are now, item by item. */
  ofGroup(reader: Reader, groupId: string, { from, to, timeZone }: Period): Promise<StatementRow[]> {
    const members = `t.recipient_id = any(array(select recipient_id from group_member where group_id = $1))`;
    return reader.rows<StatementRow>(
      `with line as materialized (${lines(members)})
       select s.* from (select l.item_id as "itemId", ${SUMS} from line l group by 1) as s
       join item i on i.id = s."itemId" ${SAYS_SOMETHING} order by ${BY_CATALOGUE}`,
      [groupId, from, to, timeZone],
    );
  }

  /** One page of the members of a group, in the order in which they were registered. */
  members(reader: Reader, groupId: string, page: Page): Promise<Rows<{ id: string }>> {
    const list = {
      columns: 'm.id',
      from: '(select recipient_id as id from group_member where group_id = $1) as m',
      of: 'm',
    };
    return readPage<{ id: string }>(reader, { ...list, where: [], parameters: [groupId] }, page);
  }

  /**
   * What a recipient asked for that was a claim on any day of the period, as it stands today, by item and category.
   * @param today `YYYY-MM-DD`: what is valid no longer is unmet, and not open
   */
  needs(reader: Reader, recipientId: string, { from, to, timeZone }: Period, today: string): Promise<NeedRow[]> {
    const isOver = `(n.withdrawn_at is not null or n.valid_until < $5::date)`;
    return reader.rows<NeedRow>(
      `select n.item_id as "itemId", n.category, count(*) as needs, sum(n.units)::bigint as "statedUnits", sum(n.met_units)::bigint as "metUnits",
         ${sum('n.units - n.met_units', `not ${isOver}`)} as "openUnits", ${sum('n.units - n.met_units', isOver)} as "unmetUnits"
       from need n left join item i on i.id = n.item_id
       where n.recipient_id = $1 and n.stated_at < ${END} and n.valid_until >= $2::date
         and (n.withdrawn_at is null or n.withdrawn_at >= ${START}) and (n.met_at is null or n.met_at >= ${START})
       group by n.item_id, n.category, i.category, i.code
       order by array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], coalesce(n.category, i.category)), i.code nulls first`,
      [recipientId, from, to, timeZone, today],
    );
  }
}
