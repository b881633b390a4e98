import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Award, Plan } from './plan.entity.js';

/** A plan with the problem it was made from, and what is kept of the outcome beside the awards. */
export type KeptPlan = Pick<
  Plan,
  | 'id'
  | 'rule'
  | 'problem'
  | 'seed'
  | 'seedHash'
  | 'fingerprint'
  | 'engineVersion'
  | 'unallocated'
  | 'metrics'
  | 'breakdown'
  | 'notes'
>;

/** An award as it is kept, its lots with the sites where they stood. */
export interface KeptAward {
  readonly recipientId: string;
  readonly itemCode: string;
  readonly position: number;
  readonly units: number;
  readonly why: Award['why'];
  readonly lots: { lotId: string; siteId: string; units: number }[];
}

@Injectable()
export class ReplayRepository {
  async plan(reader: Reader, id: string): Promise<KeptPlan | undefined> {
    const [plan] = await reader.rows<KeptPlan>(
      `select id, rule, problem, seed, seed_hash as "seedHash", fingerprint, engine_version as "engineVersion", unallocated, metrics,
         breakdown, notes
       from plan where id = $1`,
      [id],
    );
    return plan;
  }

  /** All awards of a plan, cancelled or not, in its order, with their lots: one statement, however many there are. */
  awards(reader: Reader, planId: string): Promise<KeptAward[]> {
    return reader.rows<KeptAward>(
      `select a.recipient_id as "recipientId", i.code as "itemCode", a.position, a.units, a.why, coalesce(w.lots, '[]') as lots
       from award a
       join item i on i.id = a.item_id
       left join (
         select recipient_id, item_id,
           json_agg(json_build_object('lotId', lot_id, 'siteId', site_id, 'units', units)) as lots
         from award_lot where plan_id = $1 group by recipient_id, item_id
       ) w on w.recipient_id = a.recipient_id and w.item_id = a.item_id
       where a.plan_id = $1
       order by a.position`,
      [planId],
    );
  }
}
