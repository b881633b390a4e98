import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { checkProblem } from '../engine/check.js';
import { ENGINE_VERSION, seedHash } from '../engine/fingerprint.js';
import { split } from '../engine/split.js';
import { Database, expectRows } from '../platform/database.js';
import { engineLotId } from './plan.rules.js';
import { type KeptAward, type KeptPlan, ReplayRepository } from './replay.repository.js';
import { compare, headingOf, linesOf, type Outcome, outcomeOf } from './replay.rules.js';
import type { ReplayType } from './replay.types.js';

function digestOf(outcome: Outcome): string {
  const hash = createHash('sha256');
  for (const line of linesOf(outcome)) hash.update(line, 'utf8');
  return hash.digest('hex');
}

function keptOutcome({ unallocated, metrics, breakdown, notes }: KeptPlan, awards: readonly KeptAward[]): Outcome {
  const given = awards.map(({ recipientId, itemCode, lots, ...award }) => ({
    ...award,
    recipient: recipientId,
    item: itemCode,
    lots: lots.map(({ lotId, siteId, units }) => ({ lot: engineLotId(lotId, siteId), units })),
  }));
  return { given, unallocated, metrics, breakdown, notes };
}

/** Computes a plan again from what was kept of it, and says whether it comes to what was kept. Reads only. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly database: Database,
    private readonly replays: ReplayRepository,
  ) {}

  /** @returns null when there is no such plan */
  async replay(planId: string): Promise<ReplayType | null> {
    // Plan and awards as of one moment; the computing itself holds no connection.
    const found = await this.database.snapshot(async (reader) => {
      const plan = await this.replays.plan(reader, planId);
      if (!plan) return undefined;
      await expectRows(reader, plan.problem.recipients.length);
      return { plan, awards: await this.replays.awards(reader, planId) };
    });
    if (!found) return null;
    const { plan, awards } = found;
    const kept = keptOutcome(plan, awards);
    const about = {
      planId,
      engineVersion: ENGINE_VERSION,
      storedEngineVersion: plan.engineVersion,
      engineChanged: plan.engineVersion !== ENGINE_VERSION,
      storedFingerprint: plan.fingerprint,
      storedDigest: digestOf(kept),
    };
    const checked = checkProblem(plan.problem);
    if ('faults' in checked) {
      const differences = checked.faults.slice(0, 1).map(({ path }) => `the problem cannot be computed: ${path}`);
      return { ...about, fingerprint: null, digest: null, identical: false, sameUnits: false, differences };
    }
    const result = split(checked.problem);
    const computed = outcomeOf(checked.problem, result);
    const { rule, seed } = plan;
    const { sameUnits, differences } = compare(
      { ...kept, heading: { rule, seed, seedHash: plan.seedHash } },
      { ...computed, heading: headingOf(checked.problem, seedHash) },
    );
    // Another engine has other fingerprints; under the same one, another fingerprint is another problem.
    if (!about.engineChanged && result.fingerprint !== plan.fingerprint) differences.unshift('the fingerprint');
    const { fingerprint } = result;
    const identical = differences.length === 0;
    return { ...about, fingerprint, digest: digestOf(computed), identical, sameUnits, differences };
  }
}
