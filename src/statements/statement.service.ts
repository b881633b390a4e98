import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { grouped } from '../engine/grouping.js';
import { Clock, dayOf } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { GroupService } from '../recipients/group.service.js';
import { RecipientService } from '../recipients/recipient.service.js';
import type { Period } from './period.rules.js';
import { StatementRepository } from './statement.repository.js';
import type {
  GroupStatementType,
  MemberStatementType,
  RecipientStatementType,
  StatementItemType,
  StatementNeedType,
} from './statement.types.js';

/** What people and circles were promised, sent and handed in a period. */
@Injectable()
export class StatementService {
  constructor(
    private readonly database: Database,
    private readonly statements: StatementRepository,
    private readonly recipients: RecipientService,
    private readonly groups: GroupService,
    private readonly clock: Clock,
  ) {}

  /** A clinician's statement, for whoever may read the whole chain and for herself. Its parts are read when asked for. */
  async ofRecipient(
    context: RequestContext,
    recipientId: string,
    period: Period,
  ): Promise<RecipientStatementType | null> {
    const person = await this.recipients.find(context, recipientId);
    return person && { recipientId, period, ...period };
  }

  /** The statement of a circle; of one that there is not, nothing. */
  async ofGroup(groupId: string, period: Period): Promise<GroupStatementType | null> {
    const [group] = await this.groups.byIds([groupId]);
    return group ? { groupId, period, ...period } : null;
  }

  /** What a clinician was promised, sent and handed, item by item. */
  items({ recipientId, period }: RecipientStatementType): Promise<StatementItemType[]> {
    return this.database.read((reader) => this.statements.ofRecipients(reader, [recipientId], period));
  }

  /** What she asked for in the period, as it stands today. */
  needs({ recipientId, period }: RecipientStatementType): Promise<StatementNeedType[]> {
    const today = dayOf(this.clock.now());
    return this.database.read((reader) => this.statements.needs(reader, recipientId, period, today));
  }

  /** The same sums over all members of a circle, each person once. */
  groupItems({ groupId, period }: GroupStatementType): Promise<StatementItemType[]> {
    return this.database.read((reader) => this.statements.ofGroup(reader, groupId, period));
  }

  /** One page of the members of a circle, each with her sums: two statements, however many they are. */
  async members({ groupId, period }: GroupStatementType, args: PageArgs): Promise<Connection<MemberStatementType>> {
    const page = pageOf(args, 'groupStatement');
    return this.database.read(async (reader) => {
      const found = await this.statements.members(reader, groupId, page);
      const ids = found.rows.map(({ id }) => id);
      const itemsOf = grouped(await this.statements.ofRecipients(reader, ids, period), (row) => row.recipientId);
      const rows = ids.map((id) => ({ id, items: itemsOf.get(id) ?? [] }));
      return connect('groupStatement', page, { ...found, rows });
    });
  }
}
