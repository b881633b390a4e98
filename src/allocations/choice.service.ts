import { Injectable } from '@nestjs/common';
import type { RecipientClaim } from '../engine/problem.js';
import type { Tx } from '../platform/database.js';
import { isRefusal, type Refusal } from '../platform/rejection.js';
import { inOrderOfSubstitution, type Ranking, substitutesIn } from '../catalogue/substitute.rules.js';
import { SubstituteService } from '../catalogue/substitute.service.js';
import type { AvailableLot } from '../stock/lot.repository.js';
import { groupsThatMatter, recipientsOf, type Terms } from './claim.rules.js';
import { ClaimService } from './claim.service.js';
import type { Choice } from './plan.entity.js';
import type { PreviewAllocationInput } from './preview.types.js';
import { StockChoiceService } from './stock-choice.service.js';

/** The stock and the recipients that a choice comes to, at this moment. */
export interface Chosen {
  readonly stock: AvailableLot[];
  /** As the engine is given them; none where nobody who was chosen is active. */
  readonly recipients: RecipientClaim[];
  /** What of the stock may stand in for what; null where that was not allowed. */
  readonly substitutes: readonly Ranking[] | null;
}

/** What a split goes by, and whether it may give one item in the place of another. */
export interface ChoiceTerms extends Terms {
  readonly allowSubstitutes: boolean;
}

/** Finds what a coordinator chose to split, and among whom. */
@Injectable()
export class ChoiceService {
  constructor(
    private readonly stock: StockChoiceService,
    private readonly claims: ClaimService,
    private readonly substitutes: SubstituteService,
  ) {}

  /**
   * The choice as filters that can be read again.
   * @throws NOT_FOUND for an id that names nothing: a slip must not shrink a split in silence
   * @returns a refusal for an unknown item code
   */
  async of(tx: Tx, input: Pick<PreviewAllocationInput, 'stock' | 'recipients'>): Promise<Choice | Refusal> {
    const { groupIds = null, recipientIds = null } = input.recipients ?? {};
    const stock = await this.stock.of(tx, input.stock);
    if (isRefusal(stock)) return stock;
    await this.claims.assertKnown(tx, { groupIds, recipientIds });
    return { stock, recipients: { groupIds, recipientIds } };
  }

  /**
   * What the choice comes to now, as far as the terms ask. With `lock`, none of it can change until the transaction
   * ends: people come first, then what they need, then stock.
   */
  async chosen(tx: Tx, choice: Choice, terms: ChoiceTerms, lock: boolean): Promise<Chosen> {
    const rankings = terms.allowSubstitutes ? await this.substitutes.rankings(tx) : null;
    const found = await this.claims.gather(tx, choice.recipients, terms, lock);
    const available = await this.stock.available(tx, choice.stock, lock);
    const stock = rankings ? inOrderOfSubstitution(available, rankings) : available;
    const substitutes = rankings && substitutesIn(stock, rankings);
    const groupIds = groupsThatMatter(stock, choice.recipients.groupIds);
    const circumstances = await this.claims.withGroups(tx, found, groupIds);
    return { stock, recipients: recipientsOf({ ...circumstances, substitutes }, stock, terms), substitutes };
  }
}
