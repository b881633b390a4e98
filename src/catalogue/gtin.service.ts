import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Clock } from '../platform/clock.js';
import { Database, type Reader, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import type { Gtin } from './gtin.entity.js';
import { GtinRepository } from './gtin.repository.js';
import { gtin14, type GtinFacts, gtinFault, gtinKnown } from './gtin.rules.js';
import type { LearnGtinInput } from './gtin.types.js';
import { type Gs1Reading, readGs1 } from './gs1.rules.js';
import { ItemService } from './item.service.js';

/** What GTINs stand for, and what barcodes say. */
@Injectable()
export class GtinService {
  constructor(
    private readonly database: Database,
    private readonly gtins: GtinRepository,
    private readonly items: ItemService,
    private readonly clock: Clock,
  ) {}

  /**
   * What a barcode says.
   * @param field names the code in the request
   * @throws BAD_USER_INPUT with the place and what is wrong there, for a code that cannot be read in one way only
   */
  read(field: string, code: string): Gs1Reading {
    const found = readGs1(code, this.clock.now().getUTCFullYear());
    if ('fault' in found) throw badInput(field, `${field}: ${found.fault}`);
    return found;
  }

  private readonly byGtins = (gtins: readonly string[]) =>
    this.database.read((reader) => this.gtins.byGtins(reader, gtins));

  /** What a GTIN with all its 14 digits stands for; null while nobody has said. */
  find(context: RequestContext, gtin: string): Promise<Gtin | null> {
    return loaderOf(context, this.byGtins, (row) => row.gtin).load(gtin);
  }

  /** What is known of these GTINs, by GTIN. */
  async known(reader: Reader, gtins: readonly string[]): Promise<Map<string, Gtin>> {
    return new Map((await this.gtins.byGtins(reader, gtins)).map((row) => [row.gtin, row]));
  }

  async list(itemCodes: readonly string[] | null | undefined, args: PageArgs): Promise<Connection<Gtin>> {
    const page = pageOf(args, 'gtins');
    const found = await this.database.read(async (reader) => {
      const items = itemCodes ? await this.items.byCodesIn(reader, 'itemCodes', itemCodes) : null;
      return this.gtins.page(reader, items && items.map(({ id }) => id), page);
    });
    return connect('gtins', page, found);
  }

  /** Learns what a GTIN stands for. To be told the same again changes nothing. */
  async learn(context: RequestContext, input: LearnGtinInput): Promise<Gtin | Refusal> {
    const replace = input.replace ?? false;
    if (replace && !input.reason?.trim()) throw badInput('input.reason', 'input.reason: say why it is replaced');
    const { actor } = context;
    const command = { actor, action: 'learnGtin', key: input.idempotencyKey, input, reason: input.reason };
    const done = await this.database.write(command, async (tx) => {
      const items = await this.items.byCodes(tx, [input.itemCode]);
      if (isRefusal(items)) throw new Rejected(items);
      const facts = { itemId: items[0]!.id, unitsPerPack: input.unitsPerPack };
      return this.learnIn(tx, 'input.gtin', input.gtin, facts, replace);
    });
    if (isRefusal(done)) return done;
    return (await this.database.read((reader) => this.gtins.byIds(reader, [done.gtinId])))[0]!;
  }

  /**
   * Learns what a GTIN stands for, inside the caller's transaction.
   * @param field names the GTIN in the request
   * @param replace whether to correct what was known otherwise; else that is refused
   * @returns the id of what is known, and what it was before, where that was something else
   */
  async learnIn(
    tx: Tx,
    field: string,
    typed: string,
    facts: GtinFacts,
    replace: boolean,
  ): Promise<{ gtinId: string; before?: GtinFacts }> {
    const fault = gtinFault(typed.trim());
    if (fault !== null) throw badInput(field, `${field}: ${fault}`);
    const gtin = gtin14(typed.trim());
    const known = await this.gtins.lock(tx, gtin);
    if (!known) {
      const id = newId();
      await this.gtins.insert(tx, { id, gtin, ...facts, learnedAt: tx.now });
      return { gtinId: id };
    }
    const { id, itemId, unitsPerPack } = known;
    if (itemId === facts.itemId && unitsPerPack === facts.unitsPerPack) return { gtinId: id };
    if (!replace) {
      const [item] = await this.items.byIdsIn(tx, [itemId]);
      throw new Rejected(gtinKnown(gtin, { itemId, unitsPerPack, itemCode: item!.code }));
    }
    await this.gtins.replace(tx, { id, ...facts });
    return { gtinId: id, before: { itemId, unitsPerPack } };
  }
}
