import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';

export interface Impact {
  readonly receivedUnits: number;
  readonly allocatedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly recipients: number;
  readonly countries: string[];
}

@Injectable()
export class ImpactRepository {
  async impact(reader: Reader, donorId: string): Promise<Impact> {
    const [impact] = await reader.rows<Impact>(
      `select (select coalesce(sum(l.accepted_units), 0)::bigint from shipment s join shipment_line l on l.shipment_id = s.id where s.donor_id = $1) as "receivedUnits",
         coalesce(sum(units), 0)::bigint as "allocatedUnits",
         coalesce(sum(coalesce(confirmed_units, units)) filter (where status in ('DELIVERED', 'CONFIRMED')), 0)::bigint as "deliveredUnits",
         coalesce(sum(confirmed_units), 0)::bigint as "confirmedUnits", count(distinct recipient_id) as recipients,
         coalesce(array_agg(distinct country order by country) filter (where country is not null), '{}') as countries
       from distribution where donor_id = $1 and status not in ('CANCELLED', 'RETURNED')`,
      [donorId],
    );
    return impact!;
  }
}
