import { afterEach, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import { clinicians } from '../support/builders.js';
import { type ApiProcess, clientAt, startApi } from '../support/process.js';
import { openWorld } from '../support/world.js';
import { TIMES } from './apis.js';
import { expectOnceEach, Load } from './load.js';
import { type BadLine, type Badness, openBadLine } from './proxy.js';
import { diceFor, report, SIZE } from './size.js';

const { processes, writers, acknowledged } = SIZE.cuts;
/** To clients one answer in ten never comes, and one in five comes late. */
const TO_CLIENTS: Badness = { cut: 0.1, delayed: 0.2, byMs: 60 };
/** Within the house lines are better: the answer to one statement in two hundred is lost, and its connection with it. */
const TO_DATABASE: Badness = { cut: 0.005, delayed: 0.02, byMs: 10 };

describe('over lines that lose answers and delay them', () => {
  const toClose: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of toClose.splice(0).toReversed()) await close();
  });

  const open = async <T>(thing: T, close: (thing: T) => unknown): Promise<T> => {
    toClose.push(async () => {
      await close(thing);
    });
    return thing;
  };

  it.each([
    ['from the API to clients', false],
    ['from the API to clients, and from the database to the API', true],
  ])('%s, everything acknowledged is done once', async (_, alsoInside) => {
    const dice = diceFor('bad line');
    const world = await open(await openWorld(), (w) => w.close());
    const url = new URL(world.databaseUrl);
    const inner = await open(await openBadLine(Number(url.port), dice), (line) => line.close());
    url.port = String(inner.port);
    // Only the daily work goes over the inner line: migrations have the owner's.
    const settings = { DATABASE_URL: world.databaseUrl, DATABASE_APP_URL: url.href };
    const apis = await Promise.all(TIMES(processes).map(() => startApi(settings)));
    for (const api of apis) await open<ApiProcess>(api, () => api.stop());
    const outer: BadLine[] = [];
    for (const api of apis) {
      outer.push(await open(await openBadLine(Number(new URL(api.url).port), dice), (line) => line.close()));
    }
    const agent = await open(new http.Agent({ keepAlive: true, maxSockets: writers }), (a) => a.destroy());
    const { token } = await world.as('COORDINATOR');
    const clients = outer.map(({ port }) => clientAt(() => `http://127.0.0.1:${port}/graphql`, token!, agent));
    const recipientIds = await clinicians(world.with(token), 2);
    for (const line of outer) line.worsen(TO_CLIENTS);
    if (alsoInside) inner.worsen(TO_DATABASE);

    const load = new Load(() => dice.pick(clients), recipientIds, { faultsToo: alsoInside });
    await load.during(writers, () => load.more(acknowledged));

    const sum = (what: 'cut' | 'delayed' | 'whole'): number =>
      outer.reduce((total, line) => total + line.answers()[what], 0);
    const figures = { cut: sum('cut'), delayed: sum('delayed'), whole: sum('whole') };
    report('bad line', { acknowledged: load.acknowledged, toClients: figures, toApi: inner.answers() });
    // Enough was lost, or this test has shown nothing.
    expect(figures.cut).toBeGreaterThan(acknowledged / 20);
    expect(figures.delayed).toBeGreaterThan(acknowledged / 10);
    expect(inner.answers().cut > 0).toBe(alsoInside);
    await expectOnceEach(load, async (sql) => (await world.dataSource.query(`select (${sql}) as n`))[0].n);
    expect(await world.breaches()).toEqual([]);
  });
});
