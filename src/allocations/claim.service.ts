import { Injectable } from '@nestjs/common';
import { dayOf } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { assertKnown } from '../platform/known.js';
import { isByNeed } from '../policies/policy.rules.js';
import { GroupService } from '../recipients/group.service.js';
import { NeedService } from '../recipients/need.service.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { type Circumstances, hasMemory, memorySince, readsDeficits, type Terms } from './claim.rules.js';
import { MemoryRepository } from './memory.repository.js';
import type { Choice } from './plan.entity.js';

/** Reads what the recipients of a split bring: what they need, what they had, what rounding owes them. */
@Injectable()
export class ClaimService {
  constructor(
    private readonly recipients: RecipientService,
    private readonly groups: GroupService,
    private readonly needs: NeedService,
    private readonly memory: MemoryRepository,
  ) {}

  /** @throws NOT_FOUND for an id that names nobody */
  async assertKnown(tx: Tx, { groupIds, recipientIds }: Choice['recipients']): Promise<void> {
    await assertKnown('input.recipients.groupIds', 'group', groupIds, (ids) => this.groups.unknown(tx, ids));
    await assertKnown('input.recipients.recipientIds', 'recipient', recipientIds, (ids) =>
      this.recipients.unknown(tx, ids),
    );
  }

  /**
   * What the chosen recipients bring at this moment, their groups apart.
   *
   * With `lock` none of it changes until the transaction ends: people and then their open needs are locked, each in id
   * order, and all before any stock, as everybody does who locks both. The needs are locked whatever claims come from,
   * since every award counts towards them.
   */
  async gather(tx: Tx, choice: Choice['recipients'], terms: Terms, lock: boolean): Promise<Circumstances> {
    const { policy, claims } = terms;
    const day = dayOf(tx.now);
    // Plans that remember come one after the other, so that none overlooks what another is giving.
    const people = await this.recipients.candidates(tx, choice, lock ? (hasMemory(policy) ? 'ALONE' : 'SHARED') : null);
    const ids = people.map(({ id }) => id);
    if (lock && !isByNeed(claims)) await this.needs.lockWanted(tx, ids, day);
    const since = memorySince(policy, day);
    return {
      people,
      memberships: [],
      substitutes: null,
      wanted: isByNeed(claims) ? await this.needs.openClaims(tx, ids, day, claims, lock) : [],
      since,
      received: policy.memory?.by === 'CUMULATIVE' ? await this.memory.received(tx, ids, since) : [],
      deficits: readsDeficits(policy) ? await this.memory.deficits(tx, ids) : [],
    };
  }

  /** The same, with who belongs to which of these groups. */
  async withGroups(tx: Tx, circumstances: Circumstances, groupIds: readonly string[]): Promise<Circumstances> {
    const ids = circumstances.people.map(({ id }) => id);
    return { ...circumstances, memberships: await this.groups.memberships(tx, groupIds, ids) };
  }
}
