import { Injectable } from '@nestjs/common';
import { onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { DonorService } from '../donors/donor.service.js';
import { dayOf } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs, type Rows } from '../platform/graphql/connection.js';
import { listLoaderOf, loaderOf, pageLoaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { badInput, forbidden, isRefusal, notFound, type Refusal } from '../platform/rejection.js';
import { IntakeService } from './intake.service.js';
import { LineService } from './line.service.js';
import type { Shipment, ShipmentLine } from './shipment.entity.js';
import { type ShipmentFilter, ShipmentRepository } from './shipment.repository.js';
import { referenceFor } from './shipment.rules.js';
import type { AnnounceShipmentInput, LogDonationInput } from './shipment.types.js';
import { absentFrom } from '../platform/known.js';

/** The instant a gift came in: now for today, the day's first instant for a day before. */
function instantOf(receivedOn: string | null | undefined, now: Date): Date {
  if (receivedOn == null || receivedOn === dayOf(now)) return now;
  if (receivedOn > dayOf(now)) throw badInput('input.receivedOn', 'input.receivedOn: must not be a day to come');
  return new Date(`${receivedOn}T00:00:00Z`);
}

/** @throws BAD_USER_INPUT unless exactly one of the two says who gave it */
export function assertOneGiver({ donorId, newDonor }: Pick<LogDonationInput, 'donorId' | 'newDonor'>): void {
  if ((donorId == null) === (newDonor == null))
    throw badInput('input.donorId', 'input.donorId: give exactly one of donorId and newDonor');
}

function shipmentOf(donorId: string, now: Date, facts: Partial<Shipment>): Shipment {
  const id = newId();
  const reference = facts.reference?.trim() || referenceFor(id, dayOf(now));
  const nothing = { carrier: null, trackingNumber: null, expectedOn: null, receivedAt: null, discrepancyReason: null };
  return { ...nothing, status: 'ANNOUNCED', ...facts, id, reference, donorId, createdAt: now };
}

/** A line of a gift that is here, all of it taken in. */
export interface GiftLine {
  readonly shipment: Pick<Shipment, 'id' | 'donorId' | 'receivedAt'>;
  readonly position: number;
  readonly itemId: string;
  readonly units: number;
  readonly unitsPerPack: number | null;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
}

// Field by field: a hundred thousand of them are written as JSON, in which nothing else may stand.
function lineOf({ shipment, position, itemId, units, unitsPerPack, lotNumber, expiresOn }: GiftLine): ShipmentLine {
  return {
    id: newId(),
    shipmentId: shipment.id,
    position,
    itemId,
    announcedUnits: units,
    acceptedUnits: units,
    rejectedUnits: 0,
    rejectReason: null,
    discrepancyReason: null,
    unitsPerPack,
    lotNumber,
    expiresOn,
    earmark: null,
  };
}

@Injectable()
export class ShipmentService {
  constructor(
    private readonly database: Database,
    private readonly shipments: ShipmentRepository,
    private readonly donors: DonorService,
    private readonly lines: LineService,
    private readonly intake: IntakeService,
  ) {}

  /** Writes down a gift that is here: shipment, lines, lots and stock in one go. */
  async logDonation(context: RequestContext, input: LogDonationInput): Promise<Shipment | Refusal> {
    assertOneGiver(input);
    const command = { actor: context.actor, action: 'logDonation', key: input.idempotencyKey, input };
    const done = await this.database.write(command, (tx) => this.logIn(tx, context, input));
    return isRefusal(done) ? done : this.get(done.shipmentId);
  }

  /**
   * As {@link logDonation}, inside the caller's transaction.
   * @throws what refuses it
   */
  async logIn(tx: Tx, context: RequestContext, input: LogDonationInput): Promise<{ shipmentId: string }> {
    const receivedAt = instantOf(input.receivedOn, tx.now);
    const donorId = await this.giver(tx, context, input);
    const shipment = shipmentOf(donorId, tx.now, {
      reference: input.reference ?? '',
      status: 'RECEIVED',
      receivedAt,
    });
    const announced = await this.lines.linesOf(tx, shipment.id, input.lines);
    const lines = announced.map((line) => ({ ...line, acceptedUnits: line.announcedUnits }));
    await this.shipments.insert(tx, shipment, lines);
    const goods = lines.map((line) => ({ ...line, line }));
    await this.intake.take(tx, shipment, goods, input.siteId, receivedAt);
    return { shipmentId: shipment.id };
  }

  /** A shipment that came on a day, today or before, not written yet. */
  received(tx: Tx, donorId: string, reference: string | null, receivedOn: string): Shipment {
    const receivedAt = instantOf(receivedOn, tx.now);
    return shipmentOf(donorId, tx.now, { reference: reference ?? '', status: 'RECEIVED', receivedAt });
  }

  /**
   * Writes gifts that are here, as {@link logDonation} does, many shipments in a few statements: what is in them is stock.
   * @param fresh those of the shipments that are not written yet
   * @returns the ids of the lines, in the same order
   */
  async takeIn(tx: Tx, fresh: readonly Shipment[], gifts: readonly GiftLine[]): Promise<string[]> {
    const lines = gifts.map((gift) => lineOf(gift));
    if (fresh.length > 0) await this.shipments.insertReceived(tx, fresh);
    if (lines.length > 0) await this.shipments.insertLines(tx, lines);
    await this.intake.takeGifts(
      tx,
      lines.map((line, i) => ({ line, shipment: gifts[i]!.shipment })),
    );
    return lines.map((line) => line.id);
  }

  private async giver(tx: Tx, context: RequestContext, input: LogDonationInput): Promise<string> {
    if (input.newDonor) return this.donors.create(tx, context, input.newDonor);
    await this.assertMayGiveFor(tx, context, input.donorId!);
    return input.donorId!;
  }

  private async assertMayGiveFor(tx: Tx, { viewer }: RequestContext, donorId: string): Promise<void> {
    if (viewer.role === 'DONOR' && viewer.subjectId !== donorId)
      throw forbidden('This token speaks for another donor.');
    if (!(await this.donors.exists(tx, donorId))) throw notFound('input.donorId', 'donor');
  }

  /** Writes down a consignment that is to come. */
  async announce(context: RequestContext, input: AnnounceShipmentInput): Promise<Shipment | Refusal> {
    const command = { actor: context.actor, action: 'announceShipment', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      await this.assertMayGiveFor(tx, context, input.donorId);
      const shipment = shipmentOf(input.donorId, tx.now, {
        reference: input.reference ?? '',
        expectedOn: input.expectedOn ?? null,
        carrier: input.carrier ?? null,
        trackingNumber: input.trackingNumber ?? null,
      });
      await this.shipments.insert(tx, shipment, await this.lines.linesOf(tx, shipment.id, input.lines));
      return { shipmentId: shipment.id };
    });
    return isRefusal(done) ? done : this.get(done.shipmentId);
  }

  readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.shipments.byIds(reader, ids));
  private readonly linesByIds = (ids: readonly string[]) =>
    this.database.read((reader) => this.shipments.linesOf(reader, ids));

  /** Which of these ids name no shipment. */
  async unknown(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return absentFrom(await this.shipments.byIds(tx, ids), ids);
  }

  async get(id: string): Promise<Shipment> {
    return (await this.byIds([id]))[0]!;
  }

  /** A shipment that a row names, read together with the others that the same request needs. */
  async load(context: RequestContext, id: string): Promise<Shipment> {
    return (await loaderOf(context, this.byIds, (shipment) => shipment.id).load(id))!;
  }

  /** One shipment, for whoever may read the whole chain and for its donor. */
  async find(context: RequestContext, id: string): Promise<Shipment | null> {
    const [shipment] = await this.byIds([id]);
    const may = shipment && (seesEverything(context.viewer) || context.viewer.subjectId === shipment.donorId);
    return may ? shipment : null;
  }

  linesOf(context: RequestContext, shipmentId: string): Promise<ShipmentLine[]> {
    return listLoaderOf(context, this.linesByIds, (line) => line.shipmentId).load(shipmentId);
  }

  /** Shipments, the newest first; a donor sees her own. */
  async list({ viewer }: RequestContext, filter: ShipmentFilter, args: PageArgs): Promise<Connection<Shipment>> {
    const page = pageOf(args, 'shipments');
    const own = seesEverything(viewer) ? filter : { ...filter, donorIds: onlyOwn(viewer.subjectId, filter.donorIds) };
    return connect('shipments', page, await this.database.read((reader) => this.shipments.page(reader, own, page)));
  }

  /** What a donor sent, the newest first; asked for many in one turn, one statement reads them all. */
  async ofDonor(context: RequestContext, donorId: string, args: PageArgs): Promise<Connection<Shipment>> {
    const page = pageOf(args, 'shipments');
    const found = await pageLoaderOf<Rows<Shipment>>(context, this.ofDonor, page, (ids) =>
      this.database.read((reader) => this.shipments.pageOfEach(reader, ids, page)),
    ).load(donorId);
    return connect('shipments', page, found);
  }
}
