/**
 * What it costs to import a file: seconds, rows a second, peak memory, and the ratio to reading and parsing the same
 * file, which is the limit. `npm run bench:import -- [--rows N]`; each import runs in a process of its own, on a
 * database of its own.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openCsv } from '../../dist/src/imports/csv.js';
import { startEmbeddedPostgres } from '../../dist/src/platform/postgres/embedded.js';

const SELF = fileURLToPath(import.meta.url);
const IMPORT = fileURLToPath(new URL('../../dist/src/commands/import.js', import.meta.url));
const ITEMS = ['MASK', 'N95', 'SURGICAL_MASK', 'COVERALL', 'GOWN', 'GOGGLES', 'FACE_SHIELD', 'NITRILE_GLOVES'];
const DAY_MS = 86_400_000;

const dayOf = (i) => new Date(Date.UTC(2020, 2, 1) + (i % 200) * DAY_MS).toISOString().slice(0, 10);
const pick = (list, i) => list[i % list.length];

/** Files in which every row is its own shipment or person, or is somebody's need: the dearest there are. */
const FILES = {
  donations: {
    header: 'donor,donor kind,item,units,lot number,expiry date,received on,reference',
    row: (i) => `Donor ${i % 2000},COMPANY,${pick(ITEMS, i)},${1 + (i % 5000)},L${i},2030-01-31,${dayOf(i)},REF-${i}`,
  },
  recipients: {
    header: 'name,profession,facility,country,email,tier,reference',
    row: (i) => `Clinician ${i},physician,Hospital ${i % 500},US,clinician.${i}@example.org,${1 + (i % 3)},R${i}`,
  },
  needs: {
    header: 'recipient,item,units,date',
    row: (i) => `R${(i * 7919) % 100_000},${pick(ITEMS, i)},${1 + (i % 300)},${dayOf(i)}`,
  },
};

function* linesOf({ header, row }, rows) {
  yield `${header}\n`;
  for (let i = 0; i < rows; i++) yield `${row(i)}\n`;
}

const peakMiB = () => process.resourceUsage().maxRSS / 1024;

/** In a process of its own: reads the file and counts its rows. */
async function readOnly(path) {
  const before = performance.now();
  const { batches } = await openCsv(createReadStream(path), 2000, () => false);
  let rows = 0;
  for await (const batch of batches) rows += batch.length;
  return { rows, seconds: (performance.now() - before) / 1000, peakMiB: peakMiB() };
}

function inProcess(args, env) {
  const before = performance.now();
  const done = spawnSync(process.execPath, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - before) / 1000;
  if (done.status !== 0) throw new Error(done.stdout.slice(-2000) + done.stderr.slice(-2000));
  return { seconds, said: done.stdout };
}

/** Says on standard error, when the process ends, how much memory it had. */
const SAY_PEAK = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => process.stdout.write('peak ' + process.resourceUsage().maxRSS / 1024 + '\\n'))`,
)}`;

async function main() {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' }, read: { type: 'string' } } });
  if (values.read) {
    console.log(JSON.stringify(await readOnly(values.read)));
    return;
  }
  const rows = Number(values.rows);
  const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
  const data = join(folder, 'data');
  const server = await startEmbeddedPostgres({ folder: join(data, 'postgres') });
  const env = { DATA_FOLDER: data, DATABASE_URL: '' };
  try {
    console.log(
      `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${rows} rows a file, load ${loadavg()[0].toFixed(1)}`,
    );
    console.log('what                              seconds    rows/s   peak MiB   x reading');
    const line = (what, seconds, peak, of) => {
      const [time, rate] = [
        seconds.toFixed(2).padStart(8),
        Math.round(rows / seconds)
          .toString()
          .padStart(9),
      ];
      const ratio = of ? (seconds / of).toFixed(1).padStart(11) : '';
      console.log(`${what.padEnd(32)} ${time} ${rate} ${peak.toFixed(0).padStart(10)} ${ratio}`);
    };
    for (const [kind, file] of Object.entries(FILES)) {
      const path = join(folder, `${kind}.csv`);
      await pipeline(Readable.from(linesOf(file, rows)), createWriteStream(path));
      const read = JSON.parse(inProcess([SELF, '--read', path], env).said);
      line(
        `${kind}: read and parsed (${((await stat(path)).size / 2 ** 20).toFixed(1)} MiB)`,
        read.seconds,
        read.peakMiB,
      );
      for (const what of ['imported', 'imported again']) {
        const done = inProcess(['--import', SAY_PEAK, IMPORT, kind, path], env);
        line(`${kind}: ${what}`, done.seconds, Number(/^peak (.*)$/m.exec(done.said)[1]), read.seconds);
        const known = Number(/imported before (\d+)/.exec(done.said)[1]);
        if (known !== (what === 'imported' ? 0 : rows)) throw new Error(`${known} rows were known`);
      }
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
