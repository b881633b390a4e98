import { Injectable } from '@nestjs/common';
import { grouped } from '../engine/grouping.js';
import { mayKnowRecipient, onlyOwn, seesEverything, type Viewer } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Clock, dayOf } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs, type Rows } from '../platform/graphql/connection.js';
import { listLoaderOf, pageLoaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { badInput, forbidden, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { MOST_UNITS_A_LINE, type ItemCategory } from '../catalogue/item.rules.js';
import { ItemService } from '../catalogue/item.service.js';
import type { Ranking } from '../catalogue/substitute.rules.js';
import type { Need } from './need.entity.js';
import { NeedRepository, type OpenClaim, type SubstitutedUnits } from './need.repository.js';
import {
  countTowards,
  giveBack,
  isOpen,
  needNotOpen,
  type NeedStatus,
  needStatus,
  nothingNeeded,
  openUnits,
  recipientDeactivated,
  type RecipientUnits,
  unitsFromUse,
  type Use,
} from './need.rules.js';
import type { NeedType, StateNeedInput, WithdrawNeedInput } from './need.types.js';
import { RecipientService } from './recipient.service.js';

/** Which needs, as a caller names them. */
export interface NeedsAsked {
  readonly recipientIds?: readonly string[] | null;
  readonly itemCodes?: readonly string[] | null;
  readonly categories?: readonly ItemCategory[] | null;
  readonly statuses?: readonly NeedStatus[] | null;
}

/** Units of an item for a recipient, by a plan. */
export type UnitsOfPlan = RecipientUnits & { readonly planId: string };

/** A need in units, as somebody stated it. */
export type StatedNeed = Pick<
  Need,
  'recipientId' | 'itemId' | 'category' | 'units' | 'neededBy' | 'validUntil' | 'supplyState' | 'statedAt'
>;

/** What recipients say they need, and how much of it plans have met. */
@Injectable()
export class NeedService {
  constructor(
    private readonly database: Database,
    private readonly needs: NeedRepository,
    private readonly recipients: RecipientService,
    private readonly items: ItemService,
    private readonly clock: Clock,
  ) {}

  /** Writes a need down; a recipient her own, a coordinator anybody's. */
  async state(context: RequestContext, input: StateNeedInput): Promise<NeedType | Refusal> {
    const recipientId = whose(context.viewer, input.recipientId);
    if ((input.itemCode == null) === (input.category == null))
      throw badInput('input.itemCode', 'input.itemCode: give exactly one of itemCode and category');
    if (input.category != null && input.acceptsSubstitutes)
      throw badInput('input.acceptsSubstitutes', 'input.acceptsSubstitutes: any item of a category will do anyway');
    const use = useOf(input);
    const command = { actor: context.actor, action: 'stateNeed', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      assertDaysFit(input, dayOf(tx.now));
      const items = input.itemCode == null ? [] : await this.items.byCodes(tx, [input.itemCode]);
      if (isRefusal(items)) throw new Rejected(items);
      const status = await this.recipients.lockStatus(tx, recipientId);
      if (!status) throw notFound('input.recipientId', 'recipient');
      if (status === 'DEACTIVATED') throw new Rejected(recipientDeactivated(recipientId));
      const id = newId();
      await this.needs.insert(tx, {
        ...(use ?? { unitsPerDay: null, onHandUnits: null, horizonDays: null }),
        id,
        recipientId,
        itemId: items[0]?.id ?? null,
        category: input.category ?? null,
        acceptsSubstitutes: input.acceptsSubstitutes ?? false,
        units: use ? unitsOfUse(use) : input.units!,
        metUnits: 0,
        metAt: null,
        neededBy: input.neededBy,
        validUntil: input.validUntil,
        supplyState: input.supplyState ?? null,
        statedAt: tx.now,
        withdrawnAt: null,
        closureReason: null,
      });
      return { needId: id };
    });
    return isRefusal(done) ? done : this.get(done.needId);
  }

  /**
   * Writes needs down inside the caller's transaction, in one statement. The caller has checked them, and locks whose
   * they are before it ends.
   * @returns their ids, in the same order
   */
  async stateMany(tx: Tx, stated: readonly StatedNeed[]): Promise<string[]> {
    const open = { metUnits: 0, metAt: null, withdrawnAt: null, closureReason: null };
    const units = { unitsPerDay: null, onHandUnits: null, horizonDays: null, acceptsSubstitutes: false };
    const needs = stated.map((need) => ({ ...open, ...units, ...need, id: newId() }));
    if (needs.length > 0) await this.needs.insertMany(tx, needs);
    return needs.map((need) => need.id);
  }

  /** Closes a need that is open. What was given for it stays counted. */
  async withdraw(context: RequestContext, input: WithdrawNeedInput): Promise<NeedType | Refusal> {
    const command = {
      actor: context.actor,
      action: 'withdrawNeed',
      key: input.idempotencyKey,
      input,
      reason: input.reason,
    };
    const done = await this.database.write(command, async (tx) => {
      const need = await this.needs.lock(tx, input.needId);
      if (!need || !mayKnowRecipient(context.viewer, need.recipientId)) throw notFound('input.needId', 'need');
      const status = needStatus(need, dayOf(tx.now));
      if (!isOpen(status)) throw new Rejected(needNotOpen(status));
      await this.needs.withdraw(tx, need.id, input.reason);
      return { needId: need.id };
    });
    return isRefusal(done) ? done : this.get(done.needId);
  }

  private async get(id: string): Promise<NeedType> {
    const [need] = await this.database.read((reader) => this.needs.byIds(reader, [id]));
    return shown(need!, this.today());
  }

  private today(): string {
    return dayOf(this.clock.now());
  }

  /** One need, for whoever may read the whole chain and for her whose it is. */
  async find({ viewer }: RequestContext, id: string): Promise<NeedType | null> {
    const [need] = await this.database.read((reader) => this.needs.byIds(reader, [id]));
    const may = need && (seesEverything(viewer) || mayKnowRecipient(viewer, need.recipientId));
    return may ? shown(need, this.today()) : null;
  }

  /** Needs, the newest first; a recipient sees her own. */
  async list({ viewer }: RequestContext, asked: NeedsAsked, args: PageArgs): Promise<Connection<NeedType>> {
    const page = pageOf(args, 'needs');
    const today = this.today();
    const recipientIds = seesEverything(viewer) ? asked.recipientIds : onlyOwn(viewer.subjectId, asked.recipientIds);
    const found = await this.database.read(async (reader) => {
      const items = asked.itemCodes ? await this.items.byCodesIn(reader, 'itemCodes', asked.itemCodes) : null;
      const itemIds = items && items.map((item) => item.id);
      return this.needs.page(reader, { ...asked, recipientIds, itemIds }, today, page);
    });
    return connect('needs', page, { ...found, rows: found.rows.map((need) => shown(need, today)) });
  }

  /** What a recipient needs, the newest first; asked for many in one turn, one statement reads them all. */
  async ofRecipient(context: RequestContext, recipientId: string, args: PageArgs): Promise<Connection<NeedType>> {
    const page = pageOf(args, 'needs');
    const today = this.today();
    const found = await pageLoaderOf<Rows<Need>>(context, this.ofRecipient, page, (ids) =>
      this.database.read((reader) => this.needs.pageOfEach(reader, ids, page)),
    ).load(recipientId);
    return connect('needs', page, { ...found, rows: found.rows.map((need) => shown(need, today)) });
  }

  /** Keeps what these recipients want as it is until the transaction ends. Their rows are locked before. */
  async lockWanted(tx: Tx, recipientIds: readonly string[], day: string): Promise<void> {
    await this.needs.lockValid(tx, recipientIds, day);
  }

  /**
   * What these recipients want, by recipient and item or category, and by whether substitutes will do.
   * @param day on which the needs have to be valid, `YYYY-MM-DD`
   * @param which all open needs, or those alone that follow from what is used up
   * @param lock whether to keep it so until the transaction ends; needs are locked in id order
   */
  async openClaims(
    tx: Tx,
    recipientIds: readonly string[],
    day: string,
    which: 'NEED' | 'BURN_RATE',
    lock: boolean,
  ): Promise<OpenClaim[]> {
    if (lock) await this.lockWanted(tx, recipientIds, day);
    return this.needs.openClaims(tx, recipientIds, day, which === 'BURN_RATE');
  }

  /**
   * Counts what a plan gives towards the open needs of those who get it, whatever the plan was made by.
   * @param substitutes what may stand in for what under the plan; null where it allows none
   */
  async meet(
    tx: Tx,
    planId: string,
    awards: readonly RecipientUnits[],
    substitutes: readonly Ranking[] | null,
  ): Promise<void> {
    const recipientIds = [...new Set(awards.map((award) => award.recipientId))];
    const valid = await this.needs.lockValid(tx, recipientIds, dayOf(tx.now));
    const open = valid.filter((need) => need.openUnits > 0);
    if (open.length === 0) return;
    const categoryOf = await this.needs.categoriesOf(tx, [...new Set(awards.map((award) => award.itemId))]);
    const counted = countTowards(open, awards, categoryOf, substitutes ?? []);
    await this.needs.count(
      tx,
      counted.map((row) => ({ ...row, planId })),
    );
  }

  private readonly substituted = (keys: readonly string[]) =>
    this.database.read((reader) =>
      this.needs.substituted(
        reader,
        keys.map((key) => {
          const [planId = '', recipientId = '', itemId = ''] = key.split(' ');
          return { planId, recipientId, itemId };
        }),
      ),
    );

  /** What of an award counts towards needs of other items, whose place it takes. */
  ofOtherItems(
    context: RequestContext,
    award: Pick<SubstitutedUnits, 'planId' | 'recipientId' | 'itemId'>,
  ): Promise<SubstitutedUnits[]> {
    const keyOf = ({ planId, recipientId, itemId }: typeof award): string => `${planId} ${recipientId} ${itemId}`;
    return listLoaderOf(context, this.substituted, keyOf).load(keyOf(award));
  }

  /** Keeps the needs towards which anything of these plans counts as they are: whoever gives back of several locks them first. */
  async lockCounted(tx: Tx, planIds: readonly string[]): Promise<void> {
    await this.needs.lockCountedOf(tx, planIds);
  }

  /**
   * Gives back to needs what a plan was counted to give and does not.
   * @param standing of every award that shrank, the units that still stand; none where it was taken back whole
   */
  async giveBack(tx: Tx, planId: string, standing: readonly RecipientUnits[]): Promise<void> {
    await this.giveBackOf(
      tx,
      standing.map((award) => ({ ...award, planId })),
    );
  }

  /** As {@link giveBack}, of the awards of several plans. */
  async giveBackOf(tx: Tx, standing: readonly UnitsOfPlan[]): Promise<void> {
    const recipientIds = [...new Set(standing.map((award) => award.recipientId))];
    const counted = grouped(
      await this.needs.lockCounted(tx, [...new Set(standing.map((award) => award.planId))], recipientIds),
      (row) => row.planId,
    );
    const back = [...grouped(standing, (award) => award.planId)].flatMap(([planId, awards]) =>
      giveBack(counted.get(planId) ?? [], awards).map((row) => ({ ...row, planId })),
    );
    await this.needs.uncount(tx, back);
  }

  /**
   * Keeps all needs of these recipients as they are until the transaction ends.
   * @param how whether to wait for whoever holds one, or to have the whole transaction tried again
   */
  async hold(tx: Tx, recipientIds: readonly string[], how: 'WAITING' | 'AT ONCE'): Promise<void> {
    await this.needs.lockOf(tx, recipientIds, how);
  }

  /** Has units of awards that had been given back count again, as far as needs are open today. The needs are held. */
  async meetAgain(
    tx: Tx,
    restored: readonly UnitsOfPlan[],
    substitutesOf: ReadonlyMap<string, readonly Ranking[] | null>,
  ): Promise<void> {
    for (const [planId, awards] of grouped(restored, (award) => award.planId)) {
      // oxlint-disable-next-line no-await-in-loop -- what one plan meets is not open to the next
      await this.meet(tx, planId, awards, substitutesOf.get(planId) ?? null);
    }
  }
}

function shown(need: Need, today: string): Need & NeedType {
  return {
    ...need,
    status: needStatus(need, today),
    openUnits: openUnits(need, today),
    closedAt: need.withdrawnAt ?? need.metAt,
  };
}

function whose(viewer: Viewer, asked: string | null | undefined): string {
  if (viewer.role !== 'RECIPIENT') {
    if (asked == null) throw badInput('input.recipientId', 'input.recipientId: say whose need it is');
    return asked;
  }
  if (viewer.subjectId === null) throw forbidden('This token speaks for nobody.');
  if (asked != null && asked !== viewer.subjectId) throw forbidden('This token speaks for another recipient.');
  return viewer.subjectId;
}

/** What is used up, where units are to follow from it; nothing where they are stated. */
function useOf({ units, unitsPerDay, onHandUnits, horizonDays }: StateNeedInput): Use | null {
  const figures = { unitsPerDay, onHandUnits, horizonDays };
  const given = Object.values(figures).some((figure) => figure != null);
  if (given === (units != null))
    throw badInput(
      'input.units',
      'input.units: give either units, or unitsPerDay, onHandUnits and horizonDays together',
    );
  if (!given) return null;
  for (const [name, figure] of Object.entries(figures))
    if (figure == null)
      throw badInput(`input.${name}`, `input.${name}: give unitsPerDay, onHandUnits and horizonDays together`);
  return figures as Use;
}

function unitsOfUse(use: Use): number {
  const units = unitsFromUse(use);
  if (units === 0) throw new Rejected(nothingNeeded(use));
  if (units > MOST_UNITS_A_LINE)
    throw badInput('input.unitsPerDay', `input.unitsPerDay: makes ${units} units, more than ${MOST_UNITS_A_LINE}`);
  return units;
}

function assertDaysFit({ neededBy, validUntil }: StateNeedInput, today: string): void {
  if (validUntil < today) throw badInput('input.validUntil', 'input.validUntil: must not be a day gone by');
  if (validUntil < neededBy) throw badInput('input.validUntil', 'input.validUntil: must not be before neededBy');
}
