import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Logger } from 'typeorm';
import {
  aCommittedPlan,
  aDonation,
  aGroup,
  aPreview,
  asOwner,
  CANCEL,
  clinicians,
  COMMIT,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface ReplayView {
  identical: boolean;
  sameUnits: boolean;
  differences: string[];
  engineChanged: boolean;
  engineVersion: string;
  storedEngineVersion: string;
  fingerprint: string | null;
  storedFingerprint: string;
  digest: string | null;
  storedDigest: string;
  plan: { id: string; status: string; seed: string | null };
}

const REPLAY = `query($planId: ID!) { replayPlan(planId: $planId) { identical sameUnits differences engineChanged engineVersion
  storedEngineVersion fingerprint storedFingerprint digest storedDigest plan { id status seed } } }`;
const SEED = 'hush-hush-2020';
const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', seed: SEED };

describe('a plan, computed again', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];
  let recipients: object;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const group = await aGroup(coordinator);
    people = await clinicians(coordinator, 7, [group]);
    recipients = { groupIds: [group] };
    await aDonation(coordinator, { MASK: 40, GOWN: 3 });
    await aDonation(coordinator, {}, { lines: [{ itemCode: 'MASK', units: 19, expiresOn: '2040-05-01' }] });
  });
  afterAll(() => world.close());

  const replay = async (planId: string) =>
    (await coordinator.ask<{ replayPlan: ReplayView }>(REPLAY, { planId })).replayPlan;
  /** Changes a row behind the application's back, looks, and changes it back. */
  const whileChanged = async (table: string, change: string, planId: string, restore: string) => {
    await asOwner(world, `update ${table} set ${change} where ${table === 'plan' ? 'id' : 'plan_id'} = $1`, [planId]);
    const seen = await replay(planId);
    await asOwner(world, `update ${table} set ${restore} where ${table === 'plan' ? 'id' : 'plan_id'} = $1`, [planId]);
    return seen;
  };

  it('comes to the byte to what was kept, before the commit and after, and when it was cancelled in part', async () => {
    const preview = await aPreview(coordinator, {
      recipients,
      policy: { ...policy, reserve: [{ itemCode: 'MASK', units: 4 }] },
    });
    const before = await replay(preview.id);
    expect(before).toMatchObject({ identical: true, sameUnits: true, differences: [], engineChanged: false });
    expect(before.digest).toMatch(/^[0-9a-f]{64}$/);
    expect([before.storedDigest, before.storedFingerprint]).toEqual([before.digest, before.fingerprint]);
    expect(before.storedEngineVersion).toBe(before.engineVersion);
    expect(before.plan).toEqual({ id: preview.id, status: 'PREVIEW', seed: null });
    expect(JSON.stringify(before)).not.toContain(SEED);

    await coordinator.ask(COMMIT, { input: { planId: preview.id } });
    expect(await replay(preview.id)).toEqual({ ...before, plan: { id: preview.id, status: 'COMMITTED', seed: SEED } });
    await coordinator.ask(CANCEL, { input: { planId: preview.id, recipientIds: people.slice(0, 2), reason: 'moved' } });
    expect(await replay(preview.id)).toMatchObject({ identical: true, digest: before.digest });
    await coordinator.ask(CANCEL, { input: { planId: preview.id, reason: 'all' } });
    expect(await replay(preview.id)).toMatchObject({ identical: true, plan: { status: 'CANCELLED' } });
  });

  it('names what somebody changed behind its back, and never the seed', async () => {
    const { id } = await aPreview(coordinator, { recipients, policy });
    const her = people[3];
    const hers = `case when recipient_id = '${her}'`;
    const award = await whileChanged(
      'award',
      `units = units + ${hers} and why ->> 'item' = 'MASK' then 1 else 0 end`,
      id,
      `units = (why ->> 'units')::integer`,
    );
    expect(award).toMatchObject({ identical: false, sameUnits: false });
    expect(award.differences).toEqual([expect.stringMatching(`^MASK for ${her}: \\d+ units kept, \\d+ computed$`)]);
    expect(award.storedDigest).not.toBe(award.digest);

    const why = await whileChanged(
      'award',
      `why = why || ${hers} then '{"rank": 99}' else '{}' end::jsonb || jsonb_build_object('was', why -> 'rank')`,
      id,
      `why = (why || jsonb_build_object('rank', why -> 'was')) - 'was'`,
    );
    expect(why).toMatchObject({ identical: false, sameUnits: true });
    expect(why.differences).toContain(`MASK for ${her}: why: rank, was`);

    const lots = await whileChanged(
      'award_lot',
      `units = units + ${hers} then 1 else 0 end`,
      id,
      `units = units - ${hers} then 1 else 0 end`,
    );
    expect(lots.differences).toContain(`MASK for ${her}: other lots kept than computed`);

    const beside = await whileChanged(
      'plan',
      `rule = 'TALMUD', seed = 'other'`,
      id,
      `rule = 'CONSTRAINED_EQUAL_AWARDS', seed = '${SEED}'`,
    );
    expect(beside).toMatchObject({ identical: false, sameUnits: true, digest: beside.storedDigest });
    expect(beside.differences).toHaveLength(2);

    const seed = await whileChanged(
      'plan',
      `problem = jsonb_set(problem, '{policy,ties,seed}', '"another"')`,
      id,
      `problem = jsonb_set(problem, '{policy,ties,seed}', '"${SEED}"')`,
    );
    expect(seed.identical).toBe(false);
    expect(seed.differences[0]).toBe('the fingerprint');
    expect(JSON.stringify([award, why, lots, beside, seed])).not.toMatch(/hush-hush|another/);
    expect(await replay(id)).toMatchObject({ identical: true });
  });

  it('says that a problem was made unreadable, and which part of it', async () => {
    const { id } = await aPreview(coordinator, { recipients, policy });
    const broken = await whileChanged(
      'plan',
      `problem = jsonb_set(problem, '{policy,rule}', '"FIRST_COME"')`,
      id,
      `problem = jsonb_set(problem, '{policy,rule}', '"CONSTRAINED_EQUAL_AWARDS"')`,
    );
    expect(broken).toMatchObject({
      identical: false,
      sameUnits: false,
      digest: null,
      fingerprint: null,
      differences: ['the problem cannot be computed: policy.rule'],
    });
  });

  it('says when another version of the engine made it', async () => {
    const { id } = await aPreview(coordinator, { recipients, policy });
    const old = await whileChanged(
      'plan',
      `engine_version = '0.9.0', fingerprint = reverse(fingerprint)`,
      id,
      `fingerprint = reverse(fingerprint)`,
    );
    expect(old).toMatchObject({ identical: true, engineChanged: true, storedEngineVersion: '0.9.0' });
    expect(old.fingerprint).not.toBe(old.storedFingerprint);
  });

  it('is there for those who read the whole chain, and null where there is no plan', async () => {
    const { id } = await aPreview(coordinator, { recipients, policy });
    const auditor = await world.as('AUDITOR');
    expect(await auditor.ask(REPLAY, { planId: id })).toMatchObject({ replayPlan: { identical: true } });
    expect(await auditor.ask(REPLAY, { planId: people[0] })).toEqual({ replayPlan: null });
    const herself = await world.as('RECIPIENT', people[0]);
    expect((await herself.error(REPLAY, { planId: id })).extensions.code).toBe('FORBIDDEN');
  });

  it('of 10,000 awards takes a few statements, also where statistics know nothing of them yet', async () => {
    // The planner believes the tables to be nearly empty: without a word to it this takes minutes.
    await asOwner(world, 'analyze');
    const group = await aGroup(coordinator);
    await asOwner(
      world,
      `with made as (
         insert into recipient (id, name, exposure_tier, headcount, status, created_at)
         select gen_random_uuid(), 'Clinician ' || i, 3, 1, 'ACTIVE', now() from generate_series(1, 10000) i returning id)
       insert into group_member (group_id, recipient_id, joined_at) select $1, id, now() from made`,
      [group],
    );
    await aDonation(coordinator, { N95: 25_000 });
    const { id } = await aPreview(coordinator, { recipients: { groupIds: [group] }, stock: { itemCodes: ['N95'] } });
    await coordinator.ask(COMMIT, { input: { planId: id } });
    let statements = 0;
    const usual = world.dataSource.logger;
    const counting = Object.assign(Object.create(usual) as Logger, {
      logQuery: () => {
        statements++;
      },
    });
    world.dataSource.setOptions({ logger: counting, logging: ['query'] });
    const done = await replay(id);
    world.dataSource.setOptions({ logging: false });
    expect(done).toMatchObject({ identical: true, differences: [] });
    expect(statements).toBeGreaterThan(1);
    expect(statements).toBeLessThan(10);
  });
});

describe('the script of the README that draws a lottery again', () => {
  const AWARDS = `query($id: ID!) { plan(id: $id) { seed seedHash awards(first: 100) { nodes { ...drawn } } withoutAward(first: 100) { nodes { ...drawn } } } }
    fragment drawn on Award { recipient { id } item { code } why { rank extraUnits } }`;
  interface Drawn {
    recipient: { id: string };
    item: { code: string };
    why: { rank: number | null; extraUnits: number };
  }
  let world: World;
  let folder: string;

  beforeAll(async () => {
    world = await openWorld();
    folder = await mkdtemp(join(tmpdir(), 'ppe-draw-'));
    const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
    const script = /^### Draw the lottery again\n[^]*?^```js\n([^]*?)^```$/m.exec(readme)?.[1];
    expect(script!.trim().split('\n').length).toBeLessThanOrEqual(12);
    await writeFile(join(folder, 'draw.mjs'), script!);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await world.close();
  });

  const draw = (args: string[], input: string) =>
    new Promise<string>((resolve, reject) => {
      const child = execFile(
        process.execPath,
        [join(folder, 'draw.mjs'), ...args],
        { timeout: 20_000 },
        (error, out) => (error ? reject(error) : resolve(out)),
      );
      child.stdin!.end(input);
    });

  it('comes to the places of a committed plan, item by item', async () => {
    const coordinator = await world.as('COORDINATOR');
    const group = await aGroup(coordinator);
    await clinicians(coordinator, 11, [group]);
    // 3 masks each and 6 more; 7 gowns, for those first who had no single mask; goggles for all alike.
    await aDonation(coordinator, { MASK: 39, GOWN: 7, GOGGLES: 11 });
    const { plan } = await aCommittedPlan(coordinator, { recipients: { groupIds: [group] } });
    const { plan: shown } = await coordinator.ask<{
      plan: { seed: string; seedHash: string; awards: { nodes: Drawn[] }; withoutAward: { nodes: Drawn[] } };
    }>(AWARDS, { id: plan.id });
    const all = [...shown.awards.nodes, ...shown.withoutAward.nodes];
    const ofItem = (code: string) => all.filter(({ item, why }) => item.code === code && why.rank !== null);
    expect([ofItem('MASK').length, ofItem('GOWN').length, ofItem('GOGGLES').length]).toEqual([11, 11, 0]);

    const extrasOf = (id: string) => ofItem('MASK').find(({ recipient }) => recipient.id === id)!.why.extraUnits;
    for (const [code, lineOf] of [
      ['MASK', (id: string) => id],
      ['GOWN', (id: string) => `${id} ${extrasOf(id)}`],
    ] as const) {
      const ids = ofItem(code).map(({ recipient }) => recipient.id);
      const out = await draw([shown.seed, plan.id, code], `${ids.map(lineOf).join('\n')}\n`);
      const byRank = ofItem(code).toSorted((a, b) => a.why.rank! - b.why.rank!);
      expect(out.trim().split('\n')).toEqual([
        `seedHash ${shown.seedHash}`,
        ...byRank.map(({ recipient, why }) => `${why.rank} ${recipient.id}`),
      ]);
    }
  });
});
