import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Reader } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { badInput, isRefusal, RequestFault, type Refusal } from '../platform/rejection.js';
import type { Item } from './item.entity.js';
import { type ItemFilter, ItemRepository } from './item.repository.js';
import { itemCodeKey, unknownItem } from './item.rules.js';

@Injectable()
export class ItemService {
  constructor(
    private readonly database: Database,
    private readonly items: ItemRepository,
  ) {}

  readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.items.byIds(reader, ids));

  /** An item by id, read together with the others that the same request needs. */
  async load(context: RequestContext, id: string): Promise<Item> {
    return (await loaderOf(context, this.byIds, (item) => item.id).load(id))!;
  }

  private readonly byCodesOnly = (codes: readonly string[]) =>
    this.database.read((reader) => this.items.byCodes(reader, codes));

  /** As {@link load}, by a code of the catalogue. */
  async loadByCode(context: RequestContext, code: string): Promise<Item> {
    return (await loaderOf(context, this.byCodesOnly, (item) => item.code).load(code))!;
  }

  /** An item that is there. */
  async get(id: string): Promise<Item> {
    return (await this.byIds([id]))[0]!;
  }

  /** Items by id, inside a transaction, in any order. */
  byIdsIn(reader: Reader, ids: readonly string[]): Promise<Item[]> {
    return this.items.byIds(reader, ids);
  }

  /** One item, by id or by what people type; null when there is none. */
  async find({ id, code }: { readonly id?: string | null; readonly code?: string | null }): Promise<Item | null> {
    if ((id == null) === (code == null)) throw badInput('id', 'id: give exactly one of id and code');
    const [item] = id == null ? await this.byCodesOnly([itemCodeKey(code!)]) : await this.byIds([id]);
    return item ?? null;
  }

  /**
   * The items that people meant by these codes, in the same order.
   * @returns a refusal that names the first unknown code and its neighbours
   */
  async byCodes(reader: Reader, typed: readonly string[]): Promise<Item[] | Refusal> {
    const keys = typed.map(itemCodeKey);
    const known = new Map((await this.items.byCodes(reader, [...new Set(keys)])).map((item) => [item.code, item]));
    const missing = keys.findIndex((key) => !known.has(key));
    if (missing >= 0) return unknownItem(typed[missing]!, await this.items.codes(reader));
    return keys.map((key) => known.get(key)!);
  }

  /** As {@link byCodes}, where an unknown code is a fault of one field of the request. */
  async byCodesIn(reader: Reader, field: string, typed: readonly string[]): Promise<Item[]> {
    const found = await this.byCodes(reader, typed);
    if (!isRefusal(found)) return found;
    const facts = found as Refusal & { itemCode: string };
    throw new RequestFault('BAD_USER_INPUT', found.message, { field: `${field}.${typed.indexOf(facts.itemCode)}` });
  }

  async list(filter: ItemFilter, args: PageArgs): Promise<Connection<Item>> {
    const page = pageOf(args, 'items');
    return connect('items', page, await this.database.read((reader) => this.items.page(reader, filter, page)));
  }
}
