/**
 * How fast exports are, and how much memory they take: `npm run bench:export -- --rows 1000000`. The API is a process of
 * its own; the client takes what comes and drops it. Beside it, in the same run, the limit: COPY of the table's own columns
 * into the same client, without joins, order or names. Machines are noisy, so look at the ratios.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { TokenService } from '../../dist/src/access/token.service.js';
import { appDataSource, migrate, openDatabase } from '../../dist/src/data-source.js';
import { readConfig } from '../../dist/src/platform/config.js';
import { buildApp } from '../../dist/src/server.js';
import { linesOfHistory } from './export-data.mjs';

const GOAL = 200_000;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    url: { type: 'string' },
  },
});

/** In a process of its own: the API on a database that is filled. */
async function serve(url) {
  const dataSource = await appDataSource(url, 10).initialize();
  const app = await buildApp(dataSource, 'silent');
  await app.listen(0, '127.0.0.1');
  const nobody = { id: null, role: 'COMMAND_LINE', requestId: 'bench' };
  const token = await app.get(TokenService).create(nobody, 'COORDINATOR', 'bench');
  process.send({ url: await app.getUrl(), token });
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Takes all that comes. @returns how many bytes, and when the first came */
async function taken(stream, before) {
  let [bytes, first] = [0, undefined];
  for await (const piece of stream) {
    first ??= performance.now() - before;
    bytes += piece.length;
  }
  return { bytes, first, seconds: (performance.now() - before) / 1000 };
}

async function download({ url, token }, path, encoding) {
  const before = performance.now();
  const sent = request(`${url}/exports/${path}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': encoding },
  }).end();
  const [response] = await once(sent, 'response');
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`);
  const done = await taken(response, before);
  if (!response.complete) throw new Error(`${path}: not whole`);
  return done;
}

/** The most memory a process has had since it was asked last, MiB; Linux alone tells. */
async function peakMiB(pid) {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
  } catch {
    return NaN;
  }
}

async function main() {
  const rows = Number(values.rows);
  if (!Number.isInteger(rows) || rows < 1000) throw new Error('--rows: a whole number, at least 1000');
  const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
  const open = await openDatabase(readConfig({ DATA_FOLDER: folder }));
  const owner = new pg.Client({ connectionString: open.url });
  owner.on('error', () => {});
  let api;
  try {
    await migrate(open.url);
    await owner.connect();
    await linesOfHistory(owner, rows);
    api = spawn(process.execPath, [import.meta.filename, '--url', open.url], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [server] = await once(api, 'message');
    const limit = () => taken(owner.query(copyTo('copy distribution to stdout with (format csv)')), performance.now());
    const contenders = {
      'limit: COPY of the table': limit,
      csv: () => download(server, 'distributions.csv', 'identity'),
      'csv, gzip': () => download(server, 'distributions.csv', 'gzip'),
      jsonl: () => download(server, 'distributions.jsonl', 'identity'),
      xlsx: () => download(server, 'distributions.xlsx', 'identity'),
    };
    const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    await limit();
    const idle = await peakMiB(api.pid);
    // The memory of a process only grows: what each adds to the peak is seen in this order, in the first round.
    const peaks = {};
    for (let round = 0; round < Number(values.rounds); round++)
      for (const [name, run] of Object.entries(contenders)) {
        runs[name].push(await run());
        peaks[name] ??= await peakMiB(api.pid);
      }
    const base = median(runs['limit: COPY of the table'].map(({ seconds }) => seconds));
    console.log(
      `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${rows} rows, medians of ${values.rounds}, load ${loadavg()[0].toFixed(1)}`,
    );
    console.log(`the API at rest had ${idle.toFixed(0)} MiB; goal: ${GOAL} rows a second for csv`);
    console.log('what                        rows/s   x limit   first byte       MiB   peak MiB');
    for (const [name, list] of Object.entries(runs)) {
      const seconds = median(list.map((run) => run.seconds));
      const cells = [
        Math.round(rows / seconds)
          .toString()
          .padStart(9),
        (seconds / base).toFixed(2).padStart(9),
        `${median(list.map((run) => run.first)).toFixed(0)} ms`.padStart(12),
        (list[0].bytes / 2 ** 20).toFixed(0).padStart(9),
        name.startsWith('limit') ? '' : peaks[name].toFixed(0).padStart(10),
      ];
      console.log(`${name.padEnd(25)}${cells.join(' ')}`);
    }
  } finally {
    api?.kill('SIGKILL');
    await owner.end();
    await open.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await (values.url ? serve(values.url) : main());
