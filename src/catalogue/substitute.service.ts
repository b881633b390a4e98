import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { listLoaderOf } from '../platform/graphql/loader.js';
import { badInput, isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import type { Item } from './item.entity.js';
import { ItemService } from './item.service.js';
import type { RankSubstitutesInput } from './catalogue.types.js';
import { SubstituteRepository } from './substitute.repository.js';
import type { Ranking } from './substitute.rules.js';

/** What may be given in the place of what. */
@Injectable()
export class SubstituteService {
  constructor(
    private readonly database: Database,
    private readonly substitutes: SubstituteRepository,
    private readonly items: ItemService,
  ) {}

  private readonly ofItems = (ids: readonly string[]) =>
    this.database.read((reader) => this.substitutes.ofItems(reader, ids));

  /** What may stand in for an item, the best first. */
  of(context: RequestContext, itemId: string): Promise<Item[]> {
    return listLoaderOf(context, this.ofItems, (row) => row.insteadOfId).load(itemId);
  }

  /**
   * What may stand in for what, of the whole catalogue. Nothing is locked: whoever ranks reads nothing of plans, so that a
   * plan which has read this once came before whatever is ranked meanwhile.
   */
  rankings(tx: Tx): Promise<Ranking[]> {
    return this.substitutes.rankings(tx);
  }

  /** Says what may stand in for an item from now on. @returns the item */
  async rank(context: RequestContext, input: RankSubstitutesInput): Promise<Item | Refusal> {
    const command = { actor: context.actor, action: 'rankSubstitutes', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const found = await this.items.byCodes(tx, [input.itemCode, ...input.substituteCodes]);
      if (isRefusal(found)) throw new Rejected(found);
      const [item, ...substitutes] = found;
      const substituteIds = substitutes.map(({ id }) => id);
      assertRankable(item!.id, substituteIds);
      await this.substitutes.replace(tx, { itemId: item!.id, substituteIds });
      return { itemId: item!.id };
    });
    return isRefusal(done) ? done : this.items.get(done.itemId);
  }
}

function assertRankable(itemId: string, substituteIds: readonly string[]): void {
  const fault = (i: number, what: string) =>
    badInput(`input.substituteCodes.${i}`, `input.substituteCodes.${i}: ${what}`);
  const itself = substituteIds.indexOf(itemId);
  if (itself >= 0) throw fault(itself, 'nothing stands in for itself');
  const twice = substituteIds.findIndex((id, i) => substituteIds.indexOf(id) < i);
  if (twice >= 0) throw fault(twice, 'is ranked already');
}
