import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page } from '../platform/graphql/connection.js';
import { Conditions, countRows } from '../platform/keyset.js';
import type { StockEntry } from '../stock/stock.entity.js';
import { addDays } from './distribution.repository.js';
import type { EntryFilter } from './entry.rules.js';

const COLUMNS = `e.id, e.lot_id as "lotId", e.from_site_id as "fromSiteId", e.from_place as "fromPlace", e.from_units_after as "fromUnitsAfter",
  e.to_site_id as "toSiteId", e.to_place as "toPlace", e.to_units_after as "toUnitsAfter", e.units, e.cause, e.cause_id as "causeId",
  e.reason, e.reason_code as "reasonCode", e.actor_id as "actorId", e.at`;

/**
 * The ways that units ever took: site, site, cause, place, place. There are a few dozen among millions of entries, so
 * each is found by one step into the index, from the one before.
 */
const WAYS = `way as (
  (select from_site_id, to_site_id, cause, from_place, to_place from stock_entry
   order by from_site_id, to_site_id, cause, from_place, to_place limit 1)
  union all
  select next.* from way w cross join lateral (
    select n.from_site_id, n.to_site_id, n.cause, n.from_place, n.to_place from stock_entry n
    where (n.from_site_id, n.to_site_id, n.cause, n.from_place, n.to_place) > (w.from_site_id, w.to_site_id, w.cause, w.from_place, w.to_place)
    order by n.from_site_id, n.to_site_id, n.cause, n.from_place, n.to_place limit 1) as next)`;
const IS_OF_WAY = `(e.from_site_id, e.to_site_id, e.cause, e.from_place, e.to_place)
  = (w.from_site_id, w.to_site_id, w.cause, w.from_place, w.to_place)`;

/** How many of the newest entries are looked at for those of an item, before its lots are. */
const GLANCE = 2000;
/** An item of more lots than this is common. */
const MANY_LOTS = 1000;

/** Entries in groups, each of which an index holds in the order of time. */
interface Groups {
  /** Common table expressions, without their `with`. */
  readonly given?: string;
  /** The groups, aliased `w`. */
  readonly from: string;
  /** Which entries are of the group. */
  readonly match: string;
}

/** A page of entries, up to one too many, and a way to count them all. */
export interface Entries {
  readonly rows: StockEntry[];
  readonly count: () => Promise<number>;
}

@Injectable()
export class EntryRepository {
  /** One page, the newest first, of the entries of a lot, a cause, a way or of all: whatever is narrowest. */
  async page(reader: Reader, filter: EntryFilter, page: Page): Promise<Entries> {
    const { where, parameters } = conditionsOf(filter);
    const counted = { from: 'stock_entry e', where: [...where], parameters: [...parameters] };
    const count = (): Promise<number> => countRows(reader, counted);
    const isByItem = filter.itemCodes && !filter.lotIds && !filter.causeIds;
    if (isByItem) {
      const rows = await this.glance(reader, filter, page);
      if (rows.length > page.limit) return { rows, count };
    }
    const groups = groupsOf(filter, parameters, isByItem ? await this.isWide(reader, filter.itemCodes) : false);
    where.push(...keysetOf(page, parameters));
    const rows = await reader.rows<StockEntry>(pageText(groups, where, page.limit + 1), parameters);
    return { rows, count };
  }

  /** A page of an item, as far as the newest entries of all items have it: of what is common, that is all of it. */
  private glance(reader: Reader, filter: EntryFilter, page: Page): Promise<StockEntry[]> {
    const { where, parameters } = conditionsOf(filter);
    const inside = new Conditions(parameters);
    addRecordedOn(inside, filter);
    const within = and([...inside.where, ...keysetOf(page, parameters)]);
    return reader.rows<StockEntry>(
      `select ${COLUMNS} from (select e.* from stock_entry e ${within} order by e.at desc, e.id desc limit ${GLANCE}) as e
       ${and(where)} order by e.at desc, e.id desc limit ${page.limit + 1}`,
      parameters,
    );
  }

  /** Whether items have so many lots that looking into each costs more than any way that units took. */
  private async isWide(reader: Reader, itemCodes: readonly string[]): Promise<boolean> {
    const rows = await reader.rows(
      `select 1 from lot l where l.item_id = any(array(select id from item where code = any($1))) offset ${MANY_LOTS} limit 1`,
      [itemCodes],
    );
    return rows.length > 0;
  }
}

/** Where the page goes on. */
function keysetOf({ after }: Page, parameters: unknown[]): string[] {
  if (!after) return [];
  return [`(e.at, e.id) < ($${parameters.push(after[0])}::timestamptz, $${parameters.push(after[1])}::uuid)`];
}

function and(conditions: readonly string[]): string {
  return conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
}

function addRecordedOn(conditions: Conditions, { recordedOn, timeZone }: EntryFilter): void {
  addDays(conditions, 'e.at', { allocatedOn: recordedOn ?? null, timeZone: timeZone ?? null });
}

/** The filter as conditions on `stock_entry e`. */
function conditionsOf(filter: EntryFilter): Conditions {
  const conditions = new Conditions()
    .addIfGiven('e.lot_id = any($)', filter.lotIds)
    .addIfGiven(
      'e.lot_id in (select l.id from lot l join item i on i.id = l.item_id where i.code = any($))',
      filter.itemCodes,
    )
    .addIfGiven('(e.from_site_id = any($) or e.to_site_id = any($))', filter.siteIds)
    .addIfGiven('(e.from_place = any($) or e.to_place = any($))', filter.places)
    .addIfGiven('e.cause = any($)', filter.causes)
    .addIfGiven('e.cause_id = any($)', filter.causeIds);
  addRecordedOn(conditions, filter);
  return conditions;
}

function groupsOf(filter: EntryFilter, parameters: unknown[], isWide: boolean): Groups | undefined {
  if (filter.causeIds)
    return {
      from: `(select distinct unnest($${parameters.push(filter.causeIds)}::uuid[]) as id) as w`,
      match: 'e.cause_id = w.id',
    };
  if (filter.lotIds)
    return {
      from: `(select distinct unnest($${parameters.push(filter.lotIds)}::uuid[]) as id) as w`,
      match: 'e.lot_id = w.id',
    };
  const isByWay = filter.siteIds ?? filter.places ?? filter.causes;
  if (filter.itemCodes && !(isWide && isByWay)) {
    const codes = `any($${parameters.push(filter.itemCodes)})`;
    return {
      from: `(select l.id from lot l where l.item_id = any(array(select id from item where code = ${codes}))) as w`,
      match: 'e.lot_id = w.id',
    };
  }
  if (!isByWay) return undefined;
  const { where } = new Conditions(parameters)
    .addIfGiven('(w.from_site_id = any($) or w.to_site_id = any($))', filter.siteIds)
    .addIfGiven('(w.from_place = any($) or w.to_place = any($))', filter.places)
    .addIfGiven('w.cause = any($)', filter.causes);
  return { given: WAYS, from: `(select * from way w ${and(where)}) as w`, match: IS_OF_WAY };
}

/**
 * The newest of all are among the newest of each group, and in no more groups than there are rows on a page: those whose
 * newest is newest. Nothing else is read, however many entries there are.
 */
function pageText(groups: Groups | undefined, where: readonly string[], rows: number): string {
  const newest = `order by e.at desc, e.id desc limit`;
  if (!groups) return `select ${COLUMNS} from stock_entry e ${and(where)} ${newest} ${rows}`;
  const of = [groups.match, ...where].join(' and ');
  return `with recursive ${groups.given ? `${groups.given}, ` : ''}
    head as materialized (
      select w.* from ${groups.from} cross join lateral (select e.at, e.id as newest_id from stock_entry e where ${of} ${newest} 1) as first
      order by first.at desc, first.newest_id desc limit ${rows}),
    chosen as materialized (
      select found.id from head w cross join lateral (select e.id, e.at from stock_entry e where ${of} ${newest} ${rows}) as found
      order by found.at desc, found.id desc limit ${rows})
    select ${COLUMNS} from stock_entry e join chosen using (id) order by e.at desc, e.id desc`;
}
