import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { Clock, dayOf } from '../platform/clock.js';
import { Database, type Reader } from '../platform/database.js';
import { listLoaderOf } from '../platform/graphql/loader.js';
import { assertKnown } from '../platform/known.js';
import { badInput } from '../platform/rejection.js';
import { LevelRepository } from './level.repository.js';
import { isNearerToNow, type Level, levelsOf } from './level.rules.js';
import type { LotPlaceType } from './level.types.js';
import { SiteService } from './site.service.js';

/** Which levels, as a caller names them; what is left out does not restrict. */
export interface LevelsAsked {
  readonly itemCodes?: readonly string[] | null;
  readonly siteIds?: readonly string[] | null;
  readonly asOf?: Date | null;
}

/** How much of what is where. */
@Injectable()
export class LevelService {
  constructor(
    private readonly database: Database,
    private readonly items: ItemService,
    private readonly stock: LevelRepository,
    private readonly sites: SiteService,
    private readonly clock: Clock,
  ) {}

  /**
   * Stock by item: of the codes given, or of everything of which there was any; as it is, or as it was written down by
   * an instant.
   * @throws BAD_USER_INPUT for an instant to come, NOT_FOUND for a site that there is not
   */
  levels({ itemCodes, siteIds = null, asOf = null }: LevelsAsked): Promise<Level[]> {
    const now = this.clock.now();
    if (asOf !== null && asOf > now) throw badInput('asOf', 'asOf: must not be to come');
    return this.database.read(async (reader) => {
      const items = itemCodes ? await this.items.byCodesIn(reader, 'itemCodes', itemCodes) : null;
      await assertKnown('siteIds', 'site', siteIds, (ids) => this.sites.unknown(reader, ids));
      const itemIds = items && items.map((item) => item.id);
      const past = asOf && { at: asOf, backFromNow: await this.isNearerToNow(reader, asOf, now) };
      return levelsOf(await this.stock.units(reader, { itemIds, siteIds, asOf: past, day: dayOf(asOf ?? now) }));
    });
  }

  private async isNearerToNow(reader: Reader, asOf: Date, now: Date): Promise<boolean> {
    return isNearerToNow(asOf, await this.stock.firstMoveAt(reader), now);
  }

  private readonly placesByLot = (ids: readonly string[]) =>
    this.database.read((reader) => this.stock.places(reader, ids));

  /** Where a lot's units are, by site and place, read together with those of the other lots that are asked for. */
  placesOf(context: RequestContext, lotId: string): Promise<LotPlaceType[]> {
    return listLoaderOf(context, this.placesByLot, (row) => row.lotId).load(lotId);
  }
}
