import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage } from '../platform/keyset.js';
import type { RecipientGroup } from './recipient.entity.js';

export type Group = Pick<RecipientGroup, 'id' | 'name' | 'description' | 'createdAt'>;

const COLUMNS = `g.id, g.name, g.description, g.created_at as "createdAt"`;

@Injectable()
export class GroupRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Group[]> {
    return reader.rows<Group>(`select ${COLUMNS} from recipient_group g where g.id = any($1)`, [ids]);
  }

  async idByName(tx: Tx, nameKey: string): Promise<string | undefined> {
    const [row] = await tx.rows<{ id: string }>(`select id from recipient_group where name_key = $1`, [nameKey]);
    return row?.id;
  }

  /** The groups of these names, as they are compared. */
  async idsByNames(tx: Tx, nameKeys: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.rows<{ id: string; nameKey: string }>(
      `select id, name_key as "nameKey" from recipient_group where name_key = any($1)`,
      [nameKeys],
    );
    return new Map(rows.map(({ id, nameKey }) => [nameKey, id]));
  }

  page(reader: Reader, page: Page): Promise<Rows<Group>> {
    const { where, parameters } = new Conditions();
    return readPage<Group>(reader, { columns: COLUMNS, from: 'recipient_group g', of: 'g', where, parameters }, page);
  }

  /** The groups of many recipients, each row naming its recipient. */
  ofRecipients(reader: Reader, recipientIds: readonly string[]): Promise<(Group & { recipientId: string })[]> {
    return reader.rows(
      `select m.recipient_id as "recipientId", ${COLUMNS} from group_member m join recipient_group g on g.id = m.group_id
       where m.recipient_id = any($1) order by g.id`,
      [recipientIds],
    );
  }

  /** Which of these recipients belong to which of these groups. */
  memberships(
    reader: Reader,
    groupIds: readonly string[],
    recipientIds: readonly string[],
  ): Promise<{ recipientId: string; groupId: string }[]> {
    return reader.rows(
      `select recipient_id as "recipientId", group_id as "groupId" from group_member
       where group_id = any($1) and recipient_id = any($2) order by recipient_id, group_id`,
      [groupIds, recipientIds],
    );
  }

  memberCounts(reader: Reader, groupIds: readonly string[]): Promise<{ id: string; members: number }[]> {
    return reader.rows(
      `select group_id as id, count(*) as members from group_member where group_id = any($1) group by group_id`,
      [groupIds],
    );
  }

  async insert(tx: Tx, group: RecipientGroup): Promise<void> {
    await tx.rows(
      `insert into recipient_group (id, name, name_key, description, created_at) values ($1, $2, $3, $4, $5)`,
      [group.id, group.name, group.nameKey, group.description, group.createdAt],
    );
  }

  /** Has every recipient join every group, in one statement. */
  async addMembers(tx: Tx, groupIds: readonly string[], recipientIds: readonly string[]): Promise<void> {
    if (groupIds.length === 0 || recipientIds.length === 0) return;
    await tx.rows(
      `insert into group_member (group_id, recipient_id, joined_at)
       select g, r, $3 from unnest($1::uuid[]) g cross join unnest($2::uuid[]) r order by g, r on conflict do nothing`,
      [groupIds, recipientIds, tx.now],
    );
  }

  /** Has recipients join groups, each pair of its own, in one statement. */
  async addPairs(tx: Tx, pairs: readonly { readonly groupId: string; readonly recipientId: string }[]): Promise<void> {
    await tx.rows(
      `insert into group_member (group_id, recipient_id, joined_at)
       select g, r, $3 from unnest($1::uuid[], $2::uuid[]) as m (g, r) order by g, r on conflict do nothing`,
      [pairs.map((pair) => pair.groupId), pairs.map((pair) => pair.recipientId), tx.now],
    );
  }

  async removeMembers(tx: Tx, groupId: string, recipientIds: readonly string[]): Promise<void> {
    await tx.rows(`delete from group_member where group_id = $1 and recipient_id = any($2)`, [groupId, recipientIds]);
  }
}
