import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows, readPage } from '../platform/keyset.js';
import type { PolicyRecord, PolicyVersion } from './policy.entity.js';

/** A policy, and which version of it is the newest. */
export type PolicyRow = Omit<PolicyRecord, 'nameKey'> & { readonly version: number };
export type VersionRow = Omit<PolicyVersion, 'adoptedBy'>;
/** One version of one policy. */
export type VersionKey = Pick<PolicyVersion, 'policyId' | 'version'>;

const COLUMNS = `p.id, p.name, p.description, p.built_in as "builtIn", p.created_at as "createdAt", p.retired_at as "retiredAt",
  (select max(n.version) from policy_version n where n.policy_id = p.id) as version`;
const VERSION_COLUMNS = `v.policy_id as "policyId", v.version, v.terms, v.adopted_at as "adoptedAt", v.note`;

@Injectable()
export class PolicyRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<PolicyRow[]> {
    return reader.rows<PolicyRow>(`select ${COLUMNS} from policy p where p.id = any($1)`, [ids]);
  }

  /** Locks the policy's row until the transaction ends: one revision, one retirement at a time. */
  async lock(tx: Tx, id: string): Promise<PolicyRow | undefined> {
    await tx.rows(`select id from policy where id = $1 for update`, [id]);
    // A statement of its own: the one that waited for the lock still sees the versions of before.
    return (await this.byIds(tx, [id]))[0];
  }

  /** The living policy of this name. */
  async idByName(tx: Tx, nameKey: string): Promise<string | undefined> {
    const [row] = await tx.rows<{ id: string }>(`select id from policy where name_key = $1 and retired_at is null`, [
      nameKey,
    ]);
    return row?.id;
  }

  page(reader: Reader, includeRetired: boolean, page: Page): Promise<Rows<PolicyRow>> {
    const where = includeRetired ? [] : ['p.retired_at is null'];
    return readPage<PolicyRow>(reader, { columns: COLUMNS, from: 'policy p', of: 'p', where, parameters: [] }, page);
  }

  /** Certain versions of certain policies. */
  versions(reader: Reader, keys: readonly VersionKey[]): Promise<VersionRow[]> {
    return reader.rows<VersionRow>(
      `select ${VERSION_COLUMNS} from policy_version v
       join unnest($1::uuid[], $2::integer[]) as k (policy_id, version) using (policy_id, version)`,
      [keys.map((key) => key.policyId), keys.map((key) => key.version)],
    );
  }

  /** The newest version of each of these policies. */
  newest(reader: Reader, policyIds: readonly string[]): Promise<VersionRow[]> {
    return reader.rows<VersionRow>(
      `select distinct on (v.policy_id) ${VERSION_COLUMNS} from policy_version v where v.policy_id = any($1)
       order by v.policy_id, v.version desc`,
      [policyIds],
    );
  }

  /** All versions of a policy, the newest first. */
  async versionPage(reader: Reader, policyId: string, page: Page): Promise<Rows<VersionRow>> {
    const all = new Conditions().add('v.policy_id = $', policyId);
    const counted = { from: 'policy_version v', where: [...all.where], parameters: [...all.parameters] };
    if (page.after) all.add('v.version < $', page.after[0]);
    const rows = await reader.rows<VersionRow>(
      `select ${VERSION_COLUMNS} from policy_version v where ${all.where.join(' and ')}
       order by v.version desc limit ${page.limit + 1}`,
      all.parameters,
    );
    return { rows, keyOf: (row) => [row.version], count: () => countRows(reader, counted) };
  }

  async insert(tx: Tx, policy: PolicyRecord): Promise<void> {
    await tx.rows(
      `insert into policy (id, name, name_key, description, built_in, created_at) values ($1, $2, $3, $4, $5, $6)`,
      [policy.id, policy.name, policy.nameKey, policy.description, policy.builtIn, policy.createdAt],
    );
  }

  async insertVersion(tx: Tx, { policyId, version, terms, note }: Omit<VersionRow, 'adoptedAt'>): Promise<void> {
    await tx.rows(
      `insert into policy_version (policy_id, version, terms, adopted_at, adopted_by, note) values ($1, $2, $3, $4, $5, $6)`,
      [policyId, version, JSON.stringify(terms), tx.now, tx.actor.id, note],
    );
  }

  async retire(tx: Tx, id: string): Promise<void> {
    await tx.rows(`update policy set retired_at = $2 where id = $1`, [id, tx.now]);
  }
}
