import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { clearedIn } from '../platform/cleared.js';
import { Database } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import type { RegisterItemInput, ReviseItemInput } from './catalogue.types.js';
import { GtinService } from './gtin.service.js';
import type { Item } from './item.entity.js';
import { ItemRepository } from './item.repository.js';
import { isItemCode, itemCodeKey, itemCodeTaken } from './item.rules.js';
import { ItemService } from './item.service.js';

function spoken(text: string | null | undefined): string | null {
  return text?.trim() || null;
}

/** Adds to the catalogue, and corrects it. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly database: Database,
    private readonly items: ItemRepository,
    private readonly itemService: ItemService,
    private readonly gtins: GtinService,
  ) {}

  /** Adds an item, and learns the GTIN on its pack where one is given. */
  async register(context: RequestContext, input: RegisterItemInput): Promise<Item | Refusal> {
    const code = itemCodeKey(input.code);
    if (!isItemCode(code))
      throw badInput('input.code', 'input.code: must have letters A to Z, digits and underscores only');
    if ((input.gtin == null) !== (input.unitsPerPack == null))
      throw badInput('input.unitsPerPack', 'input.unitsPerPack: give gtin and unitsPerPack together');
    const command = { actor: context.actor, action: 'registerItem', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const [taken] = await this.items.byCodes(tx, [code]);
      if (taken) throw new Rejected(itemCodeTaken(taken));
      const id = newId();
      const { category } = input;
      const [name, standard, size] = [input.name.trim(), spoken(input.standard), input.size ?? null];
      await this.items.insert(tx, { id, code, name, category, standard, size });
      if (input.gtin != null && input.unitsPerPack != null) {
        const facts = { itemId: id, unitsPerPack: input.unitsPerPack };
        await this.gtins.learnIn(tx, 'input.gtin', input.gtin, facts, false);
      }
      return { itemId: id };
    });
    return isRefusal(done) ? done : this.itemService.get(done.itemId);
  }

  /** Corrects what an item is called and described by. Its code and category are what plans and history go by, and stay. */
  async revise(context: RequestContext, input: ReviseItemInput): Promise<Item | Refusal> {
    if (input.name === null) throw badInput('input.name', 'input.name: an item has a name');
    const asked = { ...input, cleared: clearedIn(input) };
    const command = { actor: context.actor, action: 'reviseItem', key: input.idempotencyKey, input: asked };
    const done = await this.database.write(command, async (tx) => {
      const found = await this.itemService.byCodes(tx, [input.itemCode]);
      if (isRefusal(found)) throw new Rejected(found);
      const { name, standard, size } = input;
      await this.items.revise(tx, found[0]!.id, {
        ...(name != null && { name: name.trim() }),
        ...(standard !== undefined && { standard: spoken(standard) }),
        ...(size !== undefined && { size }),
      });
      return { itemId: found[0]!.id };
    });
    return isRefusal(done) ? done : this.itemService.get(done.itemId);
  }
}
