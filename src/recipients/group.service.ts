import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { listLoaderOf, loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { absentFrom, assertKnown } from '../platform/known.js';
import { isRefusal, notFound, Rejected, unrefused, type Refusal } from '../platform/rejection.js';
import { type Group, GroupRepository } from './group.repository.js';
import { groupNameKey, groupNameTaken } from './group.rules.js';
import type { ChangeGroupMembersInput, FormGroupInput } from './group.types.js';
import { RecipientService } from './recipient.service.js';

@Injectable()
export class GroupService {
  constructor(
    private readonly database: Database,
    private readonly groups: GroupRepository,
    private readonly recipients: RecipientService,
  ) {}

  async form(context: RequestContext, input: FormGroupInput): Promise<Group | Refusal> {
    const command = { actor: context.actor, action: 'formGroup', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const nameKey = groupNameKey(input.name);
      const taken = await this.groups.idByName(tx, nameKey);
      if (taken) throw new Rejected(groupNameTaken(input.name.trim(), taken));
      const memberIds = [...new Set(input.memberIds)];
      await assertKnown('input.memberIds', 'recipient', memberIds, (ids) => this.recipients.unknown(tx, ids));
      const id = newId();
      await this.groups.insert(tx, {
        id,
        name: input.name.trim(),
        nameKey,
        description: input.description ?? null,
        createdAt: tx.now,
      });
      await this.groups.addMembers(tx, [id], memberIds);
      return { groupId: id };
    });
    return isRefusal(done) ? done : this.get(done.groupId);
  }

  async changeMembers(context: RequestContext, input: ChangeGroupMembersInput): Promise<Group> {
    const command = { actor: context.actor, action: 'changeGroupMembers', key: input.idempotencyKey, input };
    const { groupId } = unrefused(
      await this.database.write(command, async (tx) => {
        if ((await this.groups.byIds(tx, [input.groupId])).length === 0) throw notFound('input.groupId', 'group');
        const joining = [...new Set(input.join)];
        await assertKnown('input.join', 'recipient', joining, (ids) => this.recipients.unknown(tx, ids));
        await this.groups.removeMembers(tx, input.groupId, input.leave ?? []);
        await this.groups.addMembers(tx, [input.groupId], joining);
        return { groupId: input.groupId };
      }),
    );
    return this.get(groupId);
  }

  /** The groups that people mean by these names. @returns ids by the name as it was given */
  async idsOfNames(tx: Tx, names: readonly string[]): Promise<Map<string, string>> {
    if (names.length === 0) return new Map();
    const found = await this.groups.idsByNames(tx, [...new Set(names.map(groupNameKey))]);
    return new Map(
      names.flatMap((name) => {
        const id = found.get(groupNameKey(name));
        return id === undefined ? [] : [[name, id] as const];
      }),
    );
  }

  /** Has recipients join groups inside the caller's transaction, each pair of its own. */
  async join(tx: Tx, pairs: readonly { readonly groupId: string; readonly recipientId: string }[]): Promise<void> {
    if (pairs.length > 0) await this.groups.addPairs(tx, pairs);
  }

  private async get(id: string): Promise<Group> {
    return (await this.byIds([id]))[0]!;
  }

  /** Which of these ids name no group. */
  async unknown(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return absentFrom(await this.groups.byIds(tx, ids), ids);
  }

  /** Which of these recipients belong to which of these groups. */
  async memberships(
    tx: Tx,
    groupIds: readonly string[],
    recipientIds: readonly string[],
  ): Promise<{ recipientId: string; groupId: string }[]> {
    return groupIds.length === 0 ? [] : this.groups.memberships(tx, groupIds, recipientIds);
  }

  readonly byIds = (ids: readonly string[]): Promise<Group[]> =>
    this.database.read((reader) => this.groups.byIds(reader, ids));

  private readonly ofRecipients = (ids: readonly string[]) =>
    this.database.read((reader) => this.groups.ofRecipients(reader, ids));
  private readonly memberCounts = (ids: readonly string[]) =>
    this.database.read((reader) => this.groups.memberCounts(reader, ids));

  /** The groups of one recipient, read together with those of the others on the page. */
  groupsOf(context: RequestContext, recipientId: string): Promise<Group[]> {
    return listLoaderOf(context, this.ofRecipients, (row) => row.recipientId).load(recipientId);
  }

  /**
   * Groups that a gift names, as far as the viewer may know of them: whoever reads the whole chain and the donor, who
   * sees none but her own gifts, all of them; a recipient those she belongs to.
   */
  async named(context: RequestContext, ids: readonly string[]): Promise<Group[]> {
    const { viewer } = context;
    if (seesEverything(viewer) || viewer.role === 'DONOR') {
      const found = await Promise.all(ids.map((id) => loaderOf(context, this.byIds, (group) => group.id).load(id)));
      return found.filter((group) => group !== null);
    }
    const hers = viewer.subjectId === null ? [] : await this.groupsOf(context, viewer.subjectId);
    return hers.filter((group) => ids.includes(group.id));
  }

  async memberCount(context: RequestContext, groupId: string): Promise<number> {
    return (await loaderOf(context, this.memberCounts, (row) => row.id).load(groupId))?.members ?? 0;
  }

  async list(args: PageArgs): Promise<Connection<Group>> {
    const page = pageOf(args, 'groups');
    return connect('groups', page, await this.database.read((reader) => this.groups.page(reader, page)));
  }
}
