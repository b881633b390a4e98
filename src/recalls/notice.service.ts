import { Injectable } from '@nestjs/common';
import { mayKnowRecipient, onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs, type Rows } from '../platform/graphql/connection.js';
import { pageLoaderOf } from '../platform/graphql/loader.js';
import { badInput, forbidden, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { type NoticeFilter, type NoticeParent, NoticeRepository } from './notice.repository.js';
import type { RecallNotice } from './recall.entity.js';
import { alreadyAcknowledged } from './recall.rules.js';
import type { AcknowledgeRecallInput } from './recall.types.js';

/** Who has to be told that something is called back, and what they answered. */
@Injectable()
export class NoticeService {
  constructor(
    private readonly database: Database,
    private readonly notices: NoticeRepository,
  ) {}

  /** Notices, the newest first; a recipient sees her own. */
  async list({ viewer }: RequestContext, filter: NoticeFilter, args: PageArgs): Promise<Connection<RecallNotice>> {
    const page = pageOf(args, 'recall notices');
    const own = { ...filter, recipientIds: onlyOwn(viewer.subjectId, filter.recipientIds) };
    const seen = seesEverything(viewer) ? filter : own;
    const found = await this.database.read((reader) => this.notices.page(reader, seen, page));
    return connect('recall notices', page, found);
  }

  /** The notices of a recall. */
  ofRecall(
    context: RequestContext,
    recallId: string,
    acknowledged: boolean | null,
    args: PageArgs,
  ): Promise<Connection<RecallNotice>> {
    const { viewer } = context;
    if (viewer.role === 'DONOR') throw forbidden('Who has units of a lot is not for donors to see.');
    const own = seesEverything(viewer) ? {} : { recipientIds: onlyOwn(viewer.subjectId, null) };
    return this.of(context, 'recall', recallId, { ...own, acknowledged }, args);
  }

  /** The notices of a recipient, for whoever may read the whole chain and for herself. */
  ofRecipient(context: RequestContext, recipientId: string, args: PageArgs): Promise<Connection<RecallNotice>> {
    if (!seesEverything(context.viewer) && !mayKnowRecipient(context.viewer, recipientId))
      throw forbidden("Another recipient's notices are not yours to see.");
    return this.of(context, 'recipient', recipientId, {}, args);
  }

  /** Asked for many in one turn, one statement reads them all. */
  private async of(
    context: RequestContext,
    parent: NoticeParent,
    id: string,
    filter: NoticeFilter,
    args: PageArgs,
  ): Promise<Connection<RecallNotice>> {
    const page = pageOf(args, 'recall notices');
    const found = await pageLoaderOf<Rows<RecallNotice>>(context, this.of, { parent, filter, page }, (ids) =>
      this.database.read((reader) => this.notices.pageOfEach(reader, parent, ids, filter, page)),
    ).load(id);
    return connect('recall notices', page, found);
  }

  /** Writes down what a recipient still has, as she says herself or a coordinator heard from her. Once. */
  async acknowledge(context: RequestContext, input: AcknowledgeRecallInput): Promise<RecallNotice | Refusal> {
    const { viewer } = context;
    const command = { actor: context.actor, action: 'acknowledgeRecall', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const notice = await this.notices.lock(tx, input.noticeId);
      if (!notice || !mayKnowRecipient(viewer, notice.recipientId)) throw notFound('input.noticeId', 'notice');
      if (notice.acknowledgedAt !== null) throw new Rejected(alreadyAcknowledged(notice));
      if (input.heldUnits > notice.units)
        throw badInput('input.heldUnits', `input.heldUnits: the notice is about ${notice.units}`);
      await this.notices.acknowledge(tx, notice.id, input.heldUnits, input.note?.trim() || null);
      return { noticeId: notice.id };
    });
    if (isRefusal(done)) return done;
    return (await this.database.read((reader) => this.notices.byIds(reader, [done.noticeId])))[0]!;
  }
}
