import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { AwardService } from '../allocations/award.service.js';
import { Database, type Tx } from '../platform/database.js';
import { badInput, isRefusal, notFound, Rejected, RequestFault, type Refusal } from '../platform/rejection.js';
import { type Move, placeOfMissing } from '../stock/ledger.rules.js';
import { LedgerService } from '../stock/ledger.service.js';
import type { Delivery } from './delivery.entity.js';
import { DeliveryRepository, type Line } from './delivery.repository.js';
import { counted, standing, transition, type CountedLine, type Transition } from './delivery.rules.js';
import { DeliveryService } from './delivery.service.js';
import type { ConfirmationLinkType, ConfirmDeliveryInput, IssueConfirmationLinkInput } from './delivery.types.js';

const LINK_LIVES_DAYS = 30;
const DAY_MS = 86_400_000;

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Where the units of a confirmed parcel go: what was counted is delivered, the rest is lost or discarded. */
function movesOf(lines: readonly Line[], counts: readonly CountedLine[], { from, to }: Transition): Move[] {
  return lines.flatMap(({ lotId, siteId }, i) => {
    const { sentUnits, confirmedUnits, reason } = counts[i]!;
    const arrived = { lotId, siteId, from, to, units: confirmedUnits };
    const units = sentUnits - confirmedUnits;
    const missing = { lotId, siteId, from, to: placeOfMissing(reason), units, reasonCode: reason };
    return from === to ? [missing] : [arrived, missing];
  });
}

/** What did not arrive fit for use, line by line. */
function missingOf(lines: readonly Line[], counts: readonly CountedLine[]): Line[] {
  return lines.map((line, i) => ({ ...line, units: line.units - counts[i]!.confirmedUnits }));
}

/** Has recipients count what arrived, signed in or by a one-time link. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly deliveryService: DeliveryService,
    private readonly awards: AwardService,
    private readonly ledger: LedgerService,
  ) {}

  /** Counts a parcel, in whole or short. */
  async confirm(context: RequestContext, input: ConfirmDeliveryInput): Promise<Delivery | Refusal> {
    if ((input.deliveryId == null) === (input.token == null)) {
      throw badInput('input.deliveryId', 'input.deliveryId: give exactly one of deliveryId and token');
    }
    const scope = input.token == null ? {} : { scope: `link ${hashOf(input.token)}` };
    const command = { actor: context.actor, action: 'confirmDelivery', key: input.idempotencyKey, input, ...scope };
    const done = await this.database.write(command, async (tx) => {
      const delivery = await this.lock(tx, context, input);
      const next = transition(delivery.status, 'confirm');
      if (isRefusal(next)) throw new Rejected(next);
      const all = await this.deliveries.linesOf(tx, [delivery.id]);
      assertCountsFit(input, all);
      const lines = standing(all);
      const counts = counted(lines, input.counts ?? []);
      await this.deliveries.setStatus(tx, [delivery.id], next.status);
      await this.deliveries.setCounts(tx, counts);
      await this.awards.notReceived(tx, delivery.planId, missingOf(lines, counts));
      const why = { cause: 'DELIVERY_CONFIRMED', causeId: delivery.id } as const;
      await this.ledger.move(tx, why, movesOf(lines, counts, next));
      return { deliveryId: delivery.id };
    });
    return isRefusal(done) ? done : this.deliveryService.get(done.deliveryId);
  }

  /** The parcel to be counted; a recipient may count her own, a link opens the one it was made for. */
  private async lock(tx: Tx, { viewer }: RequestContext, input: ConfirmDeliveryInput): Promise<Delivery> {
    if (viewer.role === 'LINK' && input.token == null)
      throw new RequestFault('UNAUTHENTICATED', 'Send a bearer token, or the token of a link.');
    const id = input.token == null ? input.deliveryId! : await this.deliveries.idByLink(tx, hashOf(input.token));
    if (id === undefined)
      throw new RequestFault('NOT_FOUND', 'This link is not valid: it was used, replaced, or is too old.', {
        field: 'input.token',
      });
    const delivery = await this.deliveries.lock(tx, id);
    const hers = viewer.role !== 'RECIPIENT' || input.token != null || delivery?.recipientId === viewer.subjectId;
    if (!delivery || !hers) throw notFound('input.deliveryId', 'delivery');
    return delivery;
  }

  /** Makes a one-time link. Its secret is shown once; we keep a hash. */
  async issueLink(context: RequestContext, input: IssueConfirmationLinkInput): Promise<ConfirmationLinkType | Refusal> {
    const command = { actor: context.actor, action: 'issueConfirmationLink', key: input.idempotencyKey, input };
    let token: string | null = null;
    const done = await this.database.write(command, async (tx) => {
      const delivery = await this.deliveries.lock(tx, input.deliveryId);
      if (!delivery) throw notFound('input.deliveryId', 'delivery');
      const confirmable = transition(delivery.status, 'confirm');
      if (isRefusal(confirmable)) throw new Rejected(confirmable);
      token = randomBytes(24).toString('base64url');
      await this.deliveries.setLink(
        tx,
        delivery.id,
        hashOf(token),
        new Date(tx.now.getTime() + LINK_LIVES_DAYS * DAY_MS),
      );
      return { deliveryId: delivery.id };
    });
    if (isRefusal(done)) return done;
    const delivery = await this.deliveryService.get(done.deliveryId);
    return { delivery, token, expiresAt: delivery.linkExpiresAt! };
  }
}

function assertCountsFit({ counts }: ConfirmDeliveryInput, lines: readonly Line[]): void {
  const seen = new Set<string>();
  for (const [i, { lineId, units }] of (counts ?? []).entries()) {
    const line = lines.find(({ id }) => id === lineId);
    if (!line) throw notFound(`input.counts.${i}.lineId`, 'line of this delivery');
    if (line.status === 'CANCELLED')
      throw badInput(`input.counts.${i}.lineId`, `input.counts.${i}.lineId: this line was taken out before it left`);
    if (seen.has(lineId))
      throw badInput(`input.counts.${i}.lineId`, `input.counts.${i}.lineId: this line is counted twice`);
    if (units > line.units)
      throw badInput(`input.counts.${i}.units`, `input.counts.${i}.units: ${line.units} were sent`);
    seen.add(lineId);
  }
}
