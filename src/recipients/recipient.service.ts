import { Injectable } from '@nestjs/common';
import { mayKnowRecipient, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { newId } from '../platform/ids.js';
import { notFound, RequestFault, unrefused } from '../platform/rejection.js';
import { GroupRepository } from './group.repository.js';
import type { Recipient } from './recipient.entity.js';
import {
  type Candidate,
  type Lock,
  type RecipientFilter,
  RecipientRepository,
  type Standing,
} from './recipient.repository.js';
import { DEFAULT_TIER, type RecipientStatus } from './recipient.rules.js';
import type { ChangeRecipientStatusInput, RecipientInput, RegisterRecipientsInput } from './recipient.types.js';
import { absentFrom, assertKnown } from '../platform/known.js';

function personOf(input: RecipientInput, createdAt: Date): Recipient {
  return {
    id: newId(),
    name: input.name.trim(),
    profession: input.profession ?? null,
    specialty: input.specialty ?? null,
    facility: input.facility ?? null,
    country: input.country ?? null,
    subdivision: input.subdivision ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    exposureTier: input.exposureTier ?? DEFAULT_TIER,
    headcount: input.headcount ?? 1,
    status: 'ACTIVE',
    createdAt,
  };
}

@Injectable()
export class RecipientService {
  constructor(
    private readonly database: Database,
    private readonly recipients: RecipientRepository,
    private readonly groups: GroupRepository,
  ) {}

  /** Registers people, all or none, active at once: it is a coordinator who registers them. */
  async register(context: RequestContext, input: RegisterRecipientsInput): Promise<Recipient[]> {
    const command = { actor: context.actor, action: 'registerRecipients', key: input.idempotencyKey, input };
    const { recipientIds } = unrefused(
      await this.database.write(command, async (tx) => {
        await this.assertNobodyTwice(tx, input.recipients);
        const people = input.recipients.map((person) => personOf(person, tx.now));
        await this.recipients.insert(tx, people);
        const ids = people.map((person) => person.id);
        const groupIds = [...new Set(input.groupIds)];
        await assertKnown('input.groupIds', 'group', groupIds, async (unsure) =>
          absentFrom(await this.groups.byIds(tx, unsure), unsure),
        );
        await this.groups.addMembers(tx, groupIds, ids);
        return { recipientIds: ids };
      }),
    );
    const found = new Map((await this.byIds(recipientIds)).map((person) => [person.id, person]));
    return recipientIds.map((id) => found.get(id)!);
  }

  /** A person registered twice would be given twice: the e-mail address tells. */
  private async assertNobodyTwice(tx: Tx, people: readonly RecipientInput[]): Promise<void> {
    const emails = people.flatMap((person) => person.email ?? []);
    if (emails.length === 0) return;
    const taken = await this.recipients.takenEmails(tx, emails);
    for (const [i, { email }] of people.entries()) {
      if (email == null) continue;
      // The address itself is personal data and stays out of the message.
      if (taken.has(email))
        throw new RequestFault('CONFLICT', 'Somebody is registered with this address already.', {
          field: `input.recipients.${i}.email`,
        });
      taken.add(email);
    }
  }

  /** Registers people inside the caller's transaction, in one statement. @returns their ids, in the same order */
  async createMany(tx: Tx, inputs: readonly RecipientInput[]): Promise<string[]> {
    const people = inputs.map((input) => personOf(input, tx.now));
    if (people.length > 0) await this.recipients.insert(tx, people);
    return people.map((person) => person.id);
  }

  /** Which of these addresses, in lower case, belong to somebody already. */
  async takenEmails(tx: Tx, emails: readonly string[]): Promise<Set<string>> {
    return emails.length === 0 ? new Set() : this.recipients.takenEmails(tx, emails);
  }

  /** Who is meant by these ids and addresses, and where each stands; addresses of those who have left are nobody's. */
  async among(tx: Tx, ids: readonly string[], emails: readonly string[]): Promise<Standing[]> {
    return ids.length + emails.length === 0 ? [] : this.recipients.among(tx, ids, emails);
  }

  /** Where these people stand, kept so until the transaction ends. */
  lockStatuses(tx: Tx, ids: readonly string[]): Promise<{ id: string; status: RecipientStatus }[]> {
    return this.recipients.lockStatuses(tx, ids);
  }

  async changeStatus(context: RequestContext, input: ChangeRecipientStatusInput): Promise<Recipient> {
    const command = {
      actor: context.actor,
      action: 'changeRecipientStatus',
      key: input.idempotencyKey,
      input,
      reason: input.reason,
    };
    const { recipientId } = unrefused(
      await this.database.write(command, async (tx) => {
        const changed = await this.recipients.setStatus(tx, input.recipientId, input.status);
        if (!changed) throw notFound('input.recipientId', 'recipient');
        return { recipientId: input.recipientId };
      }),
    );
    return (await this.byIds([recipientId]))[0]!;
  }

  /** Recipients by id, those that exist, in any order. */
  readonly byIds = (ids: readonly string[]): Promise<Recipient[]> =>
    this.database.read((reader) => this.recipients.byIds(reader, ids));

  /** Which of these ids name nobody. */
  async unknown(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return absentFrom(await this.recipients.byIds(tx, ids), ids);
  }

  /** Where a recipient stands, kept so until the transaction ends; nothing when there is none. */
  lockStatus(tx: Tx, id: string): Promise<RecipientStatus | undefined> {
    return this.recipients.lockStatus(tx, id);
  }

  /** One recipient, for whoever may read the whole chain and for herself. */
  async find(context: RequestContext, id: string): Promise<Recipient | null> {
    if (!seesEverything(context.viewer) && !mayKnowRecipient(context.viewer, id)) return null;
    return (await this.byIds([id]))[0] ?? null;
  }

  async list(filter: RecipientFilter, args: PageArgs): Promise<Connection<Recipient>> {
    const page = pageOf(args, 'recipients');
    return connect(
      'recipients',
      page,
      await this.database.read((reader) => this.recipients.page(reader, filter, page)),
    );
  }

  /** Who takes part in a split; a lock keeps it so until the transaction ends. */
  candidates(tx: Tx, choice: RecipientFilter, lock: Lock | null): Promise<Candidate[]> {
    return this.recipients.candidates(tx, choice, lock);
  }
}
