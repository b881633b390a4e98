import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { newId } from '../platform/ids.js';
import { unrefused } from '../platform/rejection.js';
import { DonorRepository, type Namesake } from './donor.repository.js';
import type { Donor } from './donor.entity.js';
import type { NewDonorInput, RegisterDonorInput } from './donor.types.js';

function donorOf(input: NewDonorInput, createdAt: Date): Donor {
  return {
    id: newId(),
    name: input.name.trim(),
    kind: input.kind,
    country: input.country ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    anonymous: input.anonymous ?? false,
    createdAt,
  };
}

@Injectable()
export class DonorService {
  constructor(
    private readonly database: Database,
    private readonly donors: DonorRepository,
    private readonly tokens: TokenService,
  ) {}

  /** Registers a donor. A donor's own token that speaks for nobody yet speaks for this one from now on. */
  async register(context: RequestContext, input: RegisterDonorInput): Promise<Donor> {
    const command = { actor: context.actor, action: 'registerDonor', key: input.idempotencyKey, input };
    const { donorId } = unrefused(
      await this.database.write(command, async (tx) => ({ donorId: await this.create(tx, context, input) })),
    );
    return (await this.byIds([donorId]))[0]!;
  }

  /** Makes a donor inside the caller's transaction. @returns its id */
  async create(tx: Tx, context: RequestContext, input: NewDonorInput): Promise<string> {
    const donor = donorOf(input, tx.now);
    await this.donors.insert(tx, donor);
    await this.tokens.speakFor(tx, context.viewer, donor.id);
    return donor.id;
  }

  /** Makes many donors inside the caller's transaction, in one statement. @returns their ids, in the same order */
  async createMany(tx: Tx, inputs: readonly NewDonorInput[]): Promise<string[]> {
    const donors = inputs.map((input) => donorOf(input, tx.now));
    if (donors.length > 0) await this.donors.insertMany(tx, donors);
    return donors.map((donor) => donor.id);
  }

  /** Registered donors by name, case and white space ignored, each with the name under which it was asked for. */
  async namesakes(tx: Tx, names: readonly string[]): Promise<Namesake[]> {
    return names.length === 0 ? [] : this.donors.namesakes(tx, names);
  }

  /** Donors by id, those that exist, in any order. */
  readonly byIds = (ids: readonly string[]): Promise<Donor[]> =>
    this.database.read((reader) => this.donors.byIds(reader, ids));

  /** One donor, for whoever may read the whole chain and for the donor herself. */
  async find(context: RequestContext, id: string): Promise<Donor | null> {
    if (!seesEverything(context.viewer) && context.viewer.subjectId !== id) return null;
    return (await this.byIds([id]))[0] ?? null;
  }

  /** Whether there is a donor with this id. */
  async exists(tx: Tx, id: string): Promise<boolean> {
    return (await this.donors.byIds(tx, [id])).length > 0;
  }

  async list(args: PageArgs): Promise<Connection<Donor>> {
    const page = pageOf(args, 'donors');
    return connect('donors', page, await this.database.read((reader) => this.donors.page(reader, page)));
  }
}
