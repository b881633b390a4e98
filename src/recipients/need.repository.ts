import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage, readPageOfEach } from '../platform/keyset.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import type { Need } from './need.entity.js';
import type { ClosureReason, CountedUnits, NeedStatus, NeedUnits, OpenNeed } from './need.rules.js';

const COLUMNS = `n.id, n.recipient_id as "recipientId", n.item_id as "itemId", n.category, n.accepts_substitutes as "acceptsSubstitutes", n.units, n.met_units as "metUnits",
  n.met_at as "metAt", n.units_per_day as "unitsPerDay", n.on_hand_units as "onHandUnits", n.horizon_days as "horizonDays",
  n.needed_by as "neededBy", n.valid_until as "validUntil", n.supply_state as "supplyState", n.stated_at as "statedAt",
  n.withdrawn_at as "withdrawnAt", n.closure_reason as "closureReason"`;

/** Needs that are claims on the day `$2`, or will be again once something is given back. */
const VALID = `n.withdrawn_at is null and n.valid_until >= $2`;

/** What `needStatus` says, in SQL. */
function statusOn(day: string): string {
  return `case when n.withdrawn_at is not null then 'WITHDRAWN' when n.met_units = n.units then 'MET'
    when n.valid_until < ${day} then 'EXPIRED' when n.met_units > 0 then 'PARTLY_MET' else 'OPEN' end`;
}

/** Which needs; what is left out does not restrict. */
export interface NeedFilter {
  readonly recipientIds?: readonly string[] | null;
  readonly itemIds?: readonly string[] | null;
  readonly categories?: readonly ItemCategory[] | null;
  readonly statuses?: readonly NeedStatus[] | null;
}

/** Units that a recipient still wants, of an item or of any item of a category, all her needs of it that accept alike together. */
export interface OpenClaim {
  readonly recipientId: string;
  readonly itemId: string | null;
  readonly category: ItemCategory | null;
  readonly acceptsSubstitutes: boolean;
  readonly units: number;
}

/** Units of an award that are given in the place of another item. */
export interface SubstitutedUnits {
  readonly planId: string;
  readonly recipientId: string;
  /** What was given. */
  readonly itemId: string;
  /** What was asked for. */
  readonly insteadOfId: string;
  readonly units: number;
}

/** Units of a plan's award that count towards a need. */
export type NeedUnitsOfPlan = NeedUnits & { readonly planId: string };
type CountedOfPlan = CountedUnits & { readonly planId: string };

@Injectable()
export class NeedRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Need[]> {
    return reader.rows<Need>(`select ${COLUMNS} from need n where n.id = any($1)`, [ids]);
  }

  /** Locks the need's row until the transaction ends: it is not met while it is withdrawn. */
  async lock(tx: Tx, id: string): Promise<Need | undefined> {
    return (await tx.rows<Need>(`select ${COLUMNS} from need n where n.id = $1 for update`, [id]))[0];
  }

  /** The newest first. @param today the day on which the filter's statuses are meant */
  page(reader: Reader, filter: NeedFilter, today: string, page: Page): Promise<Rows<Need>> {
    const conditions = new Conditions()
      .addIfGiven('n.recipient_id = any($)', filter.recipientIds)
      .addIfGiven('n.item_id = any($)', filter.itemIds)
      .addIfGiven('n.category = any($)', filter.categories);
    if (filter.statuses != null) {
      const day = `$${conditions.parameters.push(today)}::date`;
      conditions.where.push(`${statusOn(day)} = any($${conditions.parameters.push(filter.statuses)})`);
    }
    const { where, parameters } = conditions;
    return readPage<Need>(
      reader,
      { columns: COLUMNS, from: 'need n', of: 'n', where, parameters, newestFirst: true },
      page,
    );
  }

  /** The same page of what each of these recipients needs. */
  pageOfEach(reader: Reader, recipientIds: readonly string[], page: Page): Promise<Map<string, Rows<Need>>> {
    const list = { columns: COLUMNS, from: 'need n', of: 'n', where: [], parameters: [], newestFirst: true };
    return readPageOfEach<Need>(reader, list, { column: 'n.recipient_id', ids: recipientIds }, page);
  }

  async insert(tx: Tx, need: Need): Promise<void> {
    await tx.rows(
      `insert into need (id, recipient_id, item_id, category, units, units_per_day, on_hand_units, horizon_days, needed_by,
         valid_until, supply_state, stated_at, accepts_substitutes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        need.id,
        need.recipientId,
        need.itemId,
        need.category,
        need.units,
        need.unitsPerDay,
        need.onHandUnits,
        need.horizonDays,
        need.neededBy,
        need.validUntil,
        need.supplyState,
        need.statedAt,
        need.acceptsSubstitutes,
      ],
    );
  }

  /** Writes many needs in one statement; none of them is met or withdrawn. */
  async insertMany(tx: Tx, needs: readonly Need[]): Promise<void> {
    await tx.rows(
      `insert into need (id, recipient_id, item_id, category, units, units_per_day, on_hand_units, horizon_days, needed_by,
         valid_until, supply_state, stated_at)
       select * from jsonb_to_recordset($1::jsonb) as n (id uuid, "recipientId" uuid, "itemId" uuid, category text, units integer,
         "unitsPerDay" integer, "onHandUnits" integer, "horizonDays" integer, "neededBy" date, "validUntil" date,
         "supplyState" text, "statedAt" timestamptz)`,
      [JSON.stringify(needs)],
    );
  }

  async withdraw(tx: Tx, id: string, reason: ClosureReason): Promise<void> {
    await tx.rows(`update need set withdrawn_at = $2, closure_reason = $3 where id = $1`, [id, tx.now, reason]);
  }

  /**
   * Locks the needs of these recipients that are neither withdrawn nor expired until the transaction ends, in id order.
   * Those that are met are locked, too: else a transaction that asks twice could find, between needs that it holds, one
   * that was opened meanwhile, and would wait for it out of turn.
   * @returns them all, those that are met with no open units
   */
  lockValid(tx: Tx, recipientIds: readonly string[], day: string): Promise<OpenNeed[]> {
    return tx.rows<OpenNeed>(
      `select n.id, n.recipient_id as "recipientId", n.item_id as "itemId", n.category, n.accepts_substitutes as "acceptsSubstitutes",
         n.needed_by as "neededBy", n.units - n.met_units as "openUnits"
       from need n where n.recipient_id = any($1) and ${VALID} order by n.id for update`,
      [recipientIds, day],
    );
  }

  /** What these recipients want on a day, by recipient and item or category. Locks nothing. */
  openClaims(tx: Tx, recipientIds: readonly string[], day: string, fromUseAlone: boolean): Promise<OpenClaim[]> {
    return tx.rows<OpenClaim>(
      `select n.recipient_id as "recipientId", n.item_id as "itemId", n.category, n.accepts_substitutes as "acceptsSubstitutes",
         sum(n.units - n.met_units)::bigint as units
       from need n where n.recipient_id = any($1) and ${VALID} and n.met_at is null ${fromUseAlone ? 'and n.units_per_day is not null' : ''}
       group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      [recipientIds, day],
    );
  }

  /** The category of each of these items. */
  async categoriesOf(tx: Tx, itemIds: readonly string[]): Promise<Map<string, ItemCategory>> {
    const rows = await tx.rows<{ id: string; category: ItemCategory }>(
      `select id, category from item where id = any($1)`,
      [itemIds],
    );
    return new Map(rows.map(({ id, category }) => [id, category]));
  }

  /** Locks the needs towards which anything of these plans counts, in id order. */
  async lockCountedOf(tx: Tx, planIds: readonly string[]): Promise<void> {
    await tx.rows(
      `select 1 from need where id in (select need_id from need_award where plan_id = any($1) and units > 0) order by id for update`,
      [planIds],
    );
  }

  /**
   * Locks all needs of these recipients until the transaction ends, in id order.
   * @param how whether to wait for whoever holds one, or to have the whole transaction tried again
   */
  async lockOf(tx: Tx, recipientIds: readonly string[], how: 'WAITING' | 'AT ONCE'): Promise<void> {
    await tx.rows(
      `select 1 from need where recipient_id = any($1) order by id for update ${how === 'AT ONCE' ? 'nowait' : ''}`,
      [recipientIds],
    );
  }

  /** What of plans counts towards needs of these recipients. Locks those needs, in id order. */
  async lockCounted(tx: Tx, planIds: readonly string[], recipientIds: readonly string[]): Promise<CountedOfPlan[]> {
    const of = `from need_award w join need n on n.id = w.need_id where w.plan_id = any($1) and n.recipient_id = any($2) and w.units > 0`;
    await tx.rows(`select 1 from need where id in (select w.need_id ${of}) order by id for update`, [
      planIds,
      recipientIds,
    ]);
    return tx.rows<CountedOfPlan>(
      `select w.plan_id as "planId", w.need_id as "needId", w.item_id as "itemId", w.units, n.recipient_id as "recipientId", n.category,
         coalesce(n.item_id <> w.item_id, false) as "isSubstitute", n.needed_by as "neededBy" ${of} order by w.plan_id, w.need_id, w.item_id`,
      [planIds, recipientIds],
    );
  }

  /** What of these awards counts towards needs of other items, whose place they take. */
  substituted(
    reader: Reader,
    awards: readonly Pick<SubstitutedUnits, 'planId' | 'recipientId' | 'itemId'>[],
  ): Promise<SubstitutedUnits[]> {
    return reader.rows<SubstitutedUnits>(
      `select a."planId", a."recipientId", a."itemId", n.item_id as "insteadOfId", sum(w.units)::bigint as units
       from jsonb_to_recordset($1::jsonb) as a ("planId" uuid, "recipientId" uuid, "itemId" uuid)
       join need n on n.recipient_id = a."recipientId" and n.item_id <> a."itemId"
       join need_award w on w.need_id = n.id and w.plan_id = a."planId" and w.item_id = a."itemId" and w.units > 0
       group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      [JSON.stringify(awards)],
    );
  }

  /** Has units of plans count towards needs that are locked, also those that counted before and were taken off. */
  async count(tx: Tx, rows: readonly NeedUnitsOfPlan[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.rows(
      `with counted as (
         insert into need_award (need_id, plan_id, item_id, units)
         select c."needId", c."planId", c."itemId", c.units
         from jsonb_to_recordset($1::jsonb) as c ("needId" uuid, "planId" uuid, "itemId" uuid, units integer)
         on conflict (need_id, plan_id, item_id) do update set units = need_award.units + excluded.units)
       update need n set met_units = n.met_units + c.units, met_at = case when n.met_units + c.units = n.units then $2::timestamptz end
       from (select c."needId" as id, sum(c.units) as units
         from jsonb_to_recordset($1::jsonb) as c ("needId" uuid, units integer) group by 1) as c
       where n.id = c.id`,
      [JSON.stringify(rows), tx.now],
    );
  }

  /** Has units that counted towards needs count no longer. The needs are locked. */
  async uncount(tx: Tx, rows: readonly NeedUnitsOfPlan[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.rows(
      `with back as (
         update need_award w set units = w.units - c.units
         from jsonb_to_recordset($1::jsonb) as c ("needId" uuid, "planId" uuid, "itemId" uuid, units integer)
         where w.plan_id = c."planId" and w.need_id = c."needId" and w.item_id = c."itemId")
       update need n set met_units = n.met_units - c.units, met_at = null
       from (select c."needId" as id, sum(c.units) as units
         from jsonb_to_recordset($1::jsonb) as c ("needId" uuid, units integer) group by 1) as c
       where n.id = c.id`,
      [JSON.stringify(rows)],
    );
  }
}
