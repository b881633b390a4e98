import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import type { Why } from '../stock/ledger.repository.js';
import type { Move } from '../stock/ledger.rules.js';
import { LedgerService } from '../stock/ledger.service.js';
import { LotService } from '../stock/lot.service.js';
import { ShelfRepository } from './shelf.repository.js';
import { freeUnits, shelfAt, type Shelf } from './shelf.rules.js';
import { SiteService } from '../stock/site.service.js';
import type { Lot } from '../stock/stock.entity.js';

/** A lot and what stands of it, both locked until the transaction ends. */
export interface LockedShelf {
  readonly lot: Lot;
  readonly shelf: Shelf;
}

/** What stands of a lot, for whoever corrects it. */
@Injectable()
export class ShelfService {
  constructor(
    private readonly lots: LotService,
    private readonly sites: SiteService,
    private readonly shelves: ShelfRepository,
    private readonly ledger: LedgerService,
  ) {}

  /**
   * Locks a lot and what stands of it at the site that is named, or else at the default one.
   * @throws NOT_FOUND with the field `input.lotId` or `input.siteId`
   */
  async lockAt(tx: Tx, lotId: string, askedSiteId: string | null | undefined): Promise<LockedShelf> {
    const siteId = await this.sites.idOf(tx, 'input.siteId', askedSiteId);
    const lot = await this.lots.lockOne(tx, lotId);
    return { lot, shelf: shelfAt(await this.shelves.lock(tx, [lotId]), lotId, siteId) };
  }

  /**
   * As {@link lockAt}, but wherever the lot stands when no site is named: where most is free first. One that stands
   * nowhere has its shelf at the default site.
   */
  async lockAll(
    tx: Tx,
    lotId: string,
    askedSiteId: string | null | undefined,
  ): Promise<{ readonly lot: Lot; readonly shelves: readonly Shelf[] }> {
    if (askedSiteId != null) {
      const { lot, shelf } = await this.lockAt(tx, lotId, askedSiteId);
      return { lot, shelves: [shelf] };
    }
    const lot = await this.lots.lockOne(tx, lotId);
    const shelves = await this.shelves.lock(tx, [lotId]);
    if (shelves.some((shelf) => freeUnits(shelf, lot.condition) > 0)) return { lot, shelves };
    return { lot, shelves: [shelfAt(shelves, lotId, await this.sites.idOf(tx, 'input.siteId', null))] };
  }

  /** Moves what the rules decided. */
  move(tx: Tx, why: Why, moves: readonly Move[]): Promise<void> {
    return this.ledger.move(tx, why, moves);
  }
}
