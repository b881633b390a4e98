import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, asOwner, clinicians } from '../support/builders.js';
import { csvRows, type Exports, exportsOf } from '../support/exports.js';
import { type Client, openWorld, type World } from '../support/world.js';

/** More than the buffers between a server and a client on the same machine hold. */
const MANY = 50_000;
const COPIES = `insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, units, status, allocated_at, exposure_tier)
  select gen_random_uuid(), delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, units, status, allocated_at, exposure_tier
  from distribution, generate_series(1, $1::integer)`;

/** A file of which only the beginning is taken. */
interface Taking {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

describe('an export that nobody takes to its end', () => {
  let world: World;
  let exports: Exports;
  let coordinator: Client;
  const taking: Taking[] = [];

  beforeAll(async () => {
    world = await openWorld();
    exports = await exportsOf(world);
    coordinator = await world.as('COORDINATOR');
    await clinicians(coordinator, 1);
    await aDonation(coordinator, { MASK: 1 });
    await aCommittedPlan(coordinator);
    await asOwner(world, COPIES, [MANY]);
  });
  afterEach(async () => {
    for (const { request: sent } of taking.splice(0)) sent.destroy();
    await until(async () => (await readings()).length === 0);
  });
  afterAll(() => world.close());

  /** Asks for a file, and takes no more of it than the first piece. */
  function begin(path = 'distributions.csv', headers: Record<string, string> = {}): Promise<Taking> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${exports.url}/${path}`,
        { agent: false, headers: { authorization: `Bearer ${coordinator.token}`, ...headers } },
        (response) => {
          response.on('error', () => {});
          const taken = { request: sent, response };
          if (response.statusCode === 200) taking.push(taken);
          response.once('readable', () => {
            response.read(1);
            resolve(taken);
          });
        },
      );
      sent.on('error', reject).end();
    });
  }

  /** The backends that read for an export. */
  async function readings(): Promise<{ pid: number }[]> {
    return (await asOwner(
      world,
      `select pid from pg_stat_activity where datname = current_database() and query like 'copy (%' and pid <> pg_backend_pid()`,
    )) as { pid: number }[];
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await wait(20);
  }

  it('ends at once when the client goes away, and holds nothing any more', async () => {
    for (const path of ['distributions.csv', 'distributions.jsonl', 'distributions.xlsx']) {
      const { request: sent } = await begin(path);
      sent.destroy();
      await until(async () => (await readings()).length === 0);
    }
    // All places are free again: as many as there may be begin.
    await Promise.all([begin(), begin(), begin()]);
    expect(await readings()).toHaveLength(3);
  });

  it('keeps its own connection and no other; beside a few of them the next is told to come again', async () => {
    await Promise.all([begin(), begin(), begin()]);
    const busy = await exports.get(coordinator, 'stock.csv');
    expect([busy.status, busy.headers.get('retry-after'), await busy.json()]).toEqual([
      429,
      '10',
      { error: expect.objectContaining({ code: 'RATE_LIMITED' }) },
    ]);
    // The API has all of its connections.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => coordinator.ask<object>('{ distributions(first: 1) { nodes { id } } }')),
    );
    expect(answers).toHaveLength(20);
    expect(await readings()).toHaveLength(3);
    taking.pop()!.request.destroy();
    await until(async () => (await readings()).length === 2);
    await until(async () => (await exports.get(coordinator, 'stock.csv')).status === 200);
  });

  it.each([
    ['distributions.csv', {}],
    ['distributions.jsonl', {}],
    ['distributions.csv', { 'accept-encoding': 'gzip' }],
  ])('that fails in the middle does not look like a whole file: %s %j', async (path, headers) => {
    const { response } = await begin(path, headers);
    const ended = new Promise<string>((resolve) => {
      response.on('end', () => resolve(response.complete ? 'complete' : 'cut'));
      response.on('aborted', () => resolve('cut'));
    });
    const [reading] = await readings();
    if (reading) await asOwner(world, `select pg_terminate_backend($1)`, [reading.pid]);
    response.resume();
    expect([reading !== undefined, await ended]).toEqual([true, 'cut']);
  });

  it('taken to its end has every row once', async () => {
    const rows = csvRows(await exports.text(coordinator, 'distributions.csv'));
    expect(new Set(rows.map((row) => row['id'])).size).toBe(MANY + 1);
    const ids = rows.map((row) => row['id']!);
    // All of one instant: the id decides.
    expect(ids).toEqual(ids.toSorted());
  });

  it('shows one state of the database, whatever is written meanwhile', async () => {
    const { response } = await begin('distributions.csv?statuses=PREPARED');
    await asOwner(world, `update distribution set status = 'CANCELLED'`);
    let text = '';
    response.setEncoding('utf8');
    for await (const piece of response) text += piece as string;
    await asOwner(world, `update distribution set status = 'PREPARED'`);
    expect(text.match(/,PREPARED,/g)).toHaveLength(MANY + 1);
  });

  // The last: it ends the application.
  it('does not keep the process from ending', async () => {
    const { response } = await begin();
    const cut = new Promise((resolve) => response.on('close', resolve));
    await world.app.close();
    response.resume();
    await cut;
    expect(response.complete).toBe(false);
  });
});
