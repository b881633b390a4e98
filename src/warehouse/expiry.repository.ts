import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows } from '../platform/keyset.js';
import type { ExpiringLotType } from './expiry.types.js';

/** Which lots: what is left out does not restrict. */
export interface ExpiryFilter {
  /** The last day that counts, `YYYY-MM-DD`. */
  readonly until: string;
  readonly siteIds: readonly string[] | null;
  readonly itemIds: readonly string[] | null;
}

@Injectable()
export class ExpiryRepository {
  /** Lots with units in our hands whose last day is `until` or before, the first to expire first. */
  async page(
    reader: Reader,
    { until, siteIds, itemIds }: ExpiryFilter,
    page: Page,
  ): Promise<Rows<ExpiringLotType & { id: string }>> {
    const { where, parameters } = new Conditions()
      .add('l.expires_on <= $::date', until)
      .addIfGiven('l.item_id = any($)', itemIds);
    const site = siteIds === null ? '' : `and b.site_id = any($${parameters.push(siteIds)}::uuid[])`;
    const unitsIn = (places: string): string =>
      `coalesce(sum(b.units) filter (where b.place in (${places}) ${site}), 0)`;
    const from = `lot l cross join lateral (
      select ${unitsIn(`'AVAILABLE', 'ALLOCATED', 'QUARANTINED'`)} as on_hand, ${unitsIn(`'AVAILABLE'`)} as available,
        ${unitsIn(`'ALLOCATED'`)} as allocated, ${unitsIn(`'QUARANTINED'`)} as quarantined,
        coalesce(sum(b.units) filter (where b.place = 'IN_TRANSIT'), 0) as in_transit
      from lot_balance b where b.lot_id = l.id) as u`;
    const counted = { from, where: [...where, 'u.on_hand > 0'], parameters: [...parameters] };
    const keyset = page.after
      ? `and (l.expires_on, l.id) > ($${parameters.push(page.after[0])}::date, $${parameters.push(page.after[1])}::uuid)`
      : '';
    const rows = await reader.rows<ExpiringLotType & { id: string }>(
      `select l.id, l.id as "lotId", l.expires_on as "expiresOn", u.on_hand as "onHandUnits", u.available as "availableUnits",
         u.allocated as "allocatedUnits", u.quarantined as "quarantinedUnits", u.in_transit as "inTransitUnits",
         u.allocated + u.in_transit > 0 as "atRisk"
       from ${from} where ${counted.where.join(' and ')} ${keyset}
       order by l.expires_on, l.id limit ${page.limit + 1}`,
      parameters,
    );
    return { rows, keyOf: (row) => [row.expiresOn, row.id], count: () => countRows(reader, counted) };
  }
}
