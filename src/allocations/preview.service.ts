import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { breakdownOf } from '../engine/breakdown.js';
import { ENGINE_VERSION, seedHash } from '../engine/fingerprint.js';
import type { Problem, Split } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { dayOf } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import {
  EQUAL_SPLIT,
  policyOf,
  type ClaimSource,
  type ItemUnits,
  type PolicyRequest,
} from '../policies/policy.rules.js';
import { ItemService } from '../stock/item.service.js';
import type { AvailableLot } from '../stock/lot.repository.js';
import { ChoiceService } from './choice.service.js';
import { isAnybodyClaiming, mayClaimBy, nobodyNeeds } from './claim.rules.js';
import type { Award, AwardLot, Choice, Plan } from './plan.entity.js';
import { PlanRepository, type PlanRow } from './plan.repository.js';
import { lotAndSite, nobodyEligible, nothingToAllocate, problemOf } from './plan.rules.js';
import { PlanService } from './plan.service.js';
import type { PreviewAllocationInput } from './plan.types.js';

/** The value, or the end of the transaction with the refusal. */
function orReject<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Rejected(value);
  return value;
}

/** Ends the transaction with the refusal, if there is one. */
function rejectIf(refusal: Refusal | null): void {
  if (refusal) throw new Rejected(refusal);
}

/** Computes a split and keeps it for everybody to look at. Reserves nothing. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
    private readonly planService: PlanService,
    private readonly choices: ChoiceService,
    private readonly items: ItemService,
  ) {}

  async preview(context: RequestContext, input: PreviewAllocationInput): Promise<PlanRow | Refusal> {
    if (input.policyId != null && input.policy != null)
      throw badInput('input.policyId', 'input.policyId: give policyId or policy, not both');
    if (input.policyId != null)
      throw badInput('input.policyId', 'input.policyId: there are no adopted policies yet; give a policy');
    const done = await this.database.write({ actor: context.actor, action: 'previewAllocation' }, async (tx) => {
      const choice = orReject(await this.choices.of(tx, input));
      const request = await this.withCatalogueCodes(tx, input.policy ?? EQUAL_SPLIT);
      const claims = request.claims ?? 'EQUAL';
      rejectIf(mayClaimBy(request.rule, claims));
      // Where claims come from is not the engine's matter: it is given the claims themselves.
      const policy = orReject(policyOf({ ...request, claims: null }, randomBytes(16).toString('hex')));
      const { stock, recipients } = await this.choices.chosen(tx, choice, { policy, claims }, false);
      if (stock.length === 0) throw new Rejected(nothingToAllocate());
      if (recipients.length === 0) throw new Rejected(nobodyEligible());
      const planId = newId();
      const problem = problemOf(planId, dayOf(tx.now), policy, stock, recipients);
      if (!isAnybodyClaiming(problem)) throw new Rejected(nobodyNeeds(claims));
      const result = split(problem);
      if (result.awards.length === 0) throw new Rejected(nothingToAllocate());
      await this.keep(tx, claims, choice, problem, { result, stock });
      return { planId };
    });
    return isRefusal(done) ? done : this.planService.get(done.planId);
  }

  /** People type item codes as they like; the engine compares them letter by letter. */
  private async withCatalogueCodes(tx: Tx, request: PolicyRequest): Promise<PolicyRequest> {
    const spelled = async (part: string, table: readonly ItemUnits[] | null | undefined): Promise<ItemUnits[]> => {
      const items = orReject(
        await this.items.byCodes(
          tx,
          (table ?? []).map((row) => row.itemCode),
        ),
      );
      const codes = items.map((item) => item.code);
      const again = codes.findIndex((code, i) => codes.indexOf(code) < i);
      // Two figures for one item: adding them up, or taking either, would be a guess.
      if (again >= 0)
        throw badInput(`input.policy.${part}.${again}.itemCode`, `${codes[again]} stands twice in ${part}.`);
      return (table ?? []).map((row, i) => ({ ...row, itemCode: codes[i]! }));
    };
    return {
      ...request,
      reserve: await spelled('reserve', request.reserve),
      cap: await spelled('cap', request.cap),
      minimumLot: await spelled('minimumLot', request.minimumLot),
      guarantee: await spelled('guarantee', request.guarantee),
    };
  }

  private async keep(
    tx: Tx,
    claims: ClaimSource,
    choice: Choice,
    problem: Problem,
    { result, stock }: { result: Split; stock: readonly AvailableLot[] },
  ): Promise<void> {
    const planId = problem.plan!;
    const ties = problem.policy.ties;
    const seed = ties === undefined || ties.by === 'STABLE' ? null : ties.seed;
    const plan: Plan = {
      id: planId,
      status: 'PREVIEW',
      rule: problem.policy.rule,
      claims,
      choice,
      problem,
      seed,
      seedHash: seed === null ? null : seedHash(seed),
      fingerprint: result.fingerprint,
      engineVersion: ENGINE_VERSION,
      unallocated: result.unallocated,
      metrics: Object.entries(result.metrics).map(([item, metrics]) => ({ item, ...metrics })),
      breakdown: breakdownOf(problem, result),
      notes: result.notes,
      createdAt: tx.now,
      committedAt: null,
      staleBecause: null,
    };
    const itemIdOf = new Map(stock.map((lot) => [lot.itemCode, lot.itemId]));
    const award = (
      given: { recipient: string; item: string; why: Award['why'] },
      units: number,
      position: number,
    ): Award => ({
      planId,
      recipientId: given.recipient,
      itemId: itemIdOf.get(given.item)!,
      position,
      units,
      returnedUnits: 0,
      why: given.why,
      cancelledAt: null,
    });
    const awards = result.awards.map((given, i) => award(given, given.units, i));
    const without = result.withoutAward.map((given, i) => award(given, 0, awards.length + i));
    const lots: AwardLot[] = result.awards.flatMap((given) =>
      given.lots.map(({ lot, units }) => ({
        planId,
        recipientId: given.recipient,
        itemId: itemIdOf.get(given.item)!,
        ...lotAndSite(lot),
        units,
      })),
    );
    await this.plans.insert(tx, plan, [...awards, ...without], lots);
  }
}
