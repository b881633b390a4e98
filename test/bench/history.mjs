/**
 * How fast history answers: `npm run bench:history -- --rows 1000000 [--only pages|totals|export|contenders] [--keep]`.
 * The database is built by SQL in bulk, skewed, with years in it; with --keep it stays in the temporary folder, and the
 * next run of the same size takes it as it is. Machines are noisy: look at the ratios, which come from interleaved rounds.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { appDataSource } from '../../dist/src/data-source.js';
import { workbenchOn } from '../../dist/src/commands/workbench.js';
import { contenders } from './contenders.mjs';
import { openHistory } from './history-data.mjs';
import { exported } from './history-export.mjs';
import { pages } from './history-pages.mjs';
import { totals } from './history-totals.mjs';

const PARTS = { contenders, pages, totals, export: exported };

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
  },
});
const [rows, rounds, seconds] = [values.rows, values.rounds, values.seconds].map(Number);
if (!Number.isInteger(rows) || rows < 50_000) throw new Error('--rows: a whole number, at least 50000');
if (!(rounds >= 1 && seconds > 0)) throw new Error('--rounds and --seconds: numbers above 0');
if (values.only !== undefined && !(values.only in PARTS)) throw new Error(`--only: ${Object.keys(PARTS).join(', ')}`);

async function tokenOn(url) {
  const dataSource = await appDataSource(url, 1).initialize();
  try {
    return await workbenchOn(dataSource).tokens.create(
      { id: null, role: 'COMMAND_LINE', requestId: 'bench' },
      'COORDINATOR',
      'bench',
    );
  } finally {
    await dataSource.destroy();
  }
}

const load = () => `load ${loadavg()[0].toFixed(1)}`;
const history = await openHistory(rows, values.keep, (line) => console.log(`built: ${line}`));
try {
  const { counts, seconds: builtIn } = history.figures;
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${load()} at the start`);
  console.log(`${JSON.stringify(counts)} built in ${builtIn} s`);
  const token = await tokenOn(history.url);
  const found = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (values.only !== undefined && values.only !== name) continue;
    console.log(`\n== ${name} (${load()})`);
    found[name] = await part({ ...history, token }, { rounds, seconds });
  }
  const wrong = Object.values(found).flatMap((one) => one.wrong ?? []);
  console.log(`\n${JSON.stringify({ rows, node: process.version, load: loadavg()[0], ...found })}`);
  for (const one of wrong) console.error(`WRONG: ${one}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await history.close();
}
