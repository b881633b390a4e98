import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { checkProblem } from '../engine/check.js';
import { ENGINE_VERSION, seedHash } from '../engine/fingerprint.js';
import type { Problem, Split } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { dayOf } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import { mayClaimBy, policyOf, refusalOf } from '../policies/policy.rules.js';
import { type ChosenPolicy, PolicyService } from '../policies/policy.service.js';
import type { AvailableLot } from '../stock/lot.repository.js';
import { ChoiceService } from './choice.service.js';
import { isAnybodyClaiming, nobodyNeeds } from './claim.rules.js';
import type { Award, AwardLot, Choice, Plan } from './plan.entity.js';
import { PlanRepository, type PlanRow } from './plan.repository.js';
import { lotAndSite, MOST_UNITS_AN_AWARD, nobodyEligible, nothingToAllocate, problemOf } from './plan.rules.js';
import { PlanService } from './plan.service.js';
import { type Given, headingOf, outcomeOf } from './replay.rules.js';
import type { PreviewAllocationInput } from './preview.types.js';

/** The value, or the end of the transaction with the refusal. */
function orReject<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Rejected(value);
  return value;
}

/** Splits a problem, or says what the engine cannot do about it. Nothing that was asked for is left out in silence. */
function splitOrReject(problem: Problem): Split {
  const checked = checkProblem(problem);
  if ('problem' in checked) return split(problem);
  const refusal = refusalOf(checked.faults);
  if (refusal) throw new Rejected(refusal);
  throw new Error(`a problem with faults: ${checked.faults.map(({ path, code }) => `${path} ${code}`).join(', ')}`);
}

/** Lots of the most that a line may bring add up: what nobody can be sent is not written down. */
function assertAwardsFit({ awards }: Split): void {
  if (awards.every(({ units }) => units <= MOST_UNITS_AN_AWARD)) return;
  const message = `input.stock: somebody would get more than ${MOST_UNITS_AN_AWARD} units of an item; split less of it, or cap it`;
  throw badInput('input.stock', message);
}

/** All that a preview is made from, and what came of it. */
interface Previewed {
  readonly choice: Choice;
  readonly chosen: ChosenPolicy;
  readonly result: Split;
  readonly stock: readonly AvailableLot[];
  readonly substitutes: Plan['substitutes'];
}

/** Computes a split and keeps it for everybody to look at. Reserves nothing. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
    private readonly planService: PlanService,
    private readonly choices: ChoiceService,
    private readonly policies: PolicyService,
  ) {}

  async preview(context: RequestContext, input: PreviewAllocationInput): Promise<PlanRow | Refusal> {
    const done = await this.database.write({ actor: context.actor, action: 'previewAllocation' }, async (tx) => {
      const choice = orReject(await this.choices.of(tx, input));
      const chosen = orReject(await this.policies.termsFor(tx, input));
      const { rule, claims } = chosen.request;
      const needy = mayClaimBy(rule, claims);
      if (needy) throw new Rejected(needy);
      const policy = policyOf(chosen.request, randomBytes(16).toString('hex'));
      const terms = { policy, claims, allowSubstitutes: input.allowSubstitutes ?? false };
      const { stock, recipients, substitutes } = await this.choices.chosen(tx, choice, terms, false);
      if (stock.length === 0) throw new Rejected(nothingToAllocate());
      if (recipients.length === 0) throw new Rejected(nobodyEligible());
      const planId = newId();
      const problem = problemOf(planId, dayOf(tx.now), policy, stock, recipients);
      if (!isAnybodyClaiming(problem)) throw new Rejected(nobodyNeeds(claims));
      const result = splitOrReject(problem);
      if (result.awards.length === 0) throw new Rejected(nothingToAllocate(result.unallocated));
      assertAwardsFit(result);
      await this.keep(tx, problem, { choice, chosen, result, stock, substitutes });
      return { planId };
    });
    return isRefusal(done) ? done : this.planService.get(done.planId);
  }

  private async keep(
    tx: Tx,
    problem: Problem,
    { choice, chosen, result, stock, substitutes }: Previewed,
  ): Promise<void> {
    const planId = problem.plan!;
    // What is kept is what a replay compares, made by the same hand.
    const { given, ...outcome } = outcomeOf(problem, result);
    const plan: Plan = {
      id: planId,
      status: 'PREVIEW',
      ...headingOf(problem, seedHash),
      policyId: chosen.policyId,
      policyVersion: chosen.version,
      claims: chosen.request.claims,
      choice,
      substitutes,
      problem,
      fingerprint: result.fingerprint,
      engineVersion: ENGINE_VERSION,
      ...outcome,
      createdAt: tx.now,
      committedAt: null,
      staleBecause: null,
    };
    const itemIdOf = new Map(stock.map((lot) => [lot.itemCode, lot.itemId]));
    const keyOf = ({ recipient, item }: Given) => ({ planId, recipientId: recipient, itemId: itemIdOf.get(item)! });
    const awards = given.map((one): Award => {
      const { position, units, why } = one;
      return { ...keyOf(one), position, units, returnedUnits: 0, why, cancelledAt: null };
    });
    const lots = given.flatMap((one) =>
      one.lots.map(({ lot, units }): AwardLot => ({ ...keyOf(one), ...lotAndSite(lot), units })),
    );
    await this.plans.insert(tx, plan, awards, lots);
  }
}
