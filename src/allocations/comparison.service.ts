import { Injectable } from '@nestjs/common';
import { alternativesTo, oneMoreUnit } from '../engine/what-if.js';
import { Database } from '../platform/database.js';
import type { OneMoreUnitType, PlanAlternativeType } from './comparison.types.js';
import { lotAndSite, metricsTypeOf } from './plan.rules.js';
import { PlanRepository } from './plan.repository.js';

/** Who is next in line is one or two people; a change of half the split would tell nobody anything. */
const MOST_CHANGES = 100;
/** Every lot with an earmark takes a split of its own. */
const MOST_LOTS = 100;

/** What a plan might have been: computed from what it was made from, each time somebody asks. Reads only. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
  ) {}

  async alternatives(planId: string): Promise<PlanAlternativeType[]> {
    const problem = await this.database.read((reader) => this.plans.problem(reader, planId));
    return alternativesTo(problem).map(({ rule, metrics }) => ({
      rule,
      metrics: Object.entries(metrics ?? {}).map(([item, figures]) => metricsTypeOf({ item, ...figures })),
      unavailableBecause: metrics
        ? null
        : 'It compares awards with claims, and under this policy claims have no bound.',
    }));
  }

  async oneMoreUnit(planId: string): Promise<OneMoreUnitType[]> {
    const problem = await this.database.read((reader) => this.plans.problem(reader, planId));
    return oneMoreUnit(problem, MOST_LOTS).map(({ item, lot, changes }) => ({
      itemCode: item,
      lotId: lot && lotAndSite(lot).lotId,
      changes: changes.slice(0, MOST_CHANGES).map(({ recipient, units }) => ({ recipientId: recipient, units })),
    }));
  }
}
