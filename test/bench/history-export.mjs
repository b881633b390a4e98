/** How many rows a second an export brings, how much memory it takes meanwhile, and whether it brings all of them. */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { startOurs } from './processes.mjs';

const GOAL_ROWS = 200_000;
const LINE_END = 10;
const LOOK_EVERY_MS = 200;

async function megabytesOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1024;
}

/** Reads an answer to its end, counting lines; cells with line ends in them would count twice, and there are none. */
function lines(url, headers) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers }, (response) => {
      let [count, bytes] = [0, 0];
      response.on('data', (chunk) => {
        bytes += chunk.length;
        for (let at = chunk.indexOf(LINE_END); at !== -1; at = chunk.indexOf(LINE_END, at + 1)) count++;
      });
      response.on('end', () => resolve({ status: response.statusCode, count, bytes }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

async function watched(pid, work) {
  let largest = await megabytesOf(pid);
  const timer = setInterval(
    () => void megabytesOf(pid).then((now) => (largest = Math.max(largest, now))),
    LOOK_EVERY_MS,
  );
  try {
    return { ...(await work()), largest: () => largest };
  } finally {
    clearInterval(timer);
  }
}

/** Exports all lines, plain and compressed. @returns the figures, and whether rows were missing */
export async function exported({ url: databaseUrl, figures, token }) {
  const ours = await startOurs(databaseUrl);
  try {
    const results = [];
    const wrong = [];
    for (const [name, path, encoding, heads] of [
      ['csv', '/exports/distributions.csv', 'identity', 1],
      ['jsonl', '/exports/distributions.jsonl', 'identity', 0],
      ['csv, gzip', '/exports/distributions.csv', 'gzip', undefined],
    ]) {
      const headers = { authorization: `Bearer ${token}`, 'accept-encoding': encoding };
      const before = await megabytesOf(ours.pid);
      const began = performance.now();
      const { status, count, bytes, largest } = await watched(ours.pid, () => lines(new URL(path, ours.url), headers));
      if (status === 404) {
        console.log(`  ${name.padEnd(10)} not available: ${path} is not served`);
        continue;
      }
      const seconds = (performance.now() - began) / 1000;
      const rows = heads === undefined ? figures.rows : count - heads;
      if (status !== 200) wrong.push(`${name}: HTTP ${status}`);
      // A heading may say more than the names of the columns: a version, a byte order mark.
      else if (rows < figures.rows || rows > figures.rows + 2) wrong.push(`${name}: ${rows} rows, not ${figures.rows}`);
      const rate = figures.rows / seconds;
      console.log(
        `  ${name.padEnd(10)} ${rate.toFixed(0).padStart(9)} rows a second, ${(bytes / 1e6 / seconds).toFixed(0)} MB a second, memory ${before.toFixed(0)} MB before, at most ${largest().toFixed(0)} MB${rate < GOAL_ROWS ? `   below ${GOAL_ROWS}` : ''}`,
      );
      results.push({ name, rate, seconds, bytes, megabytesBefore: before, megabytesAtMost: largest() });
    }
    return { results, wrong };
  } finally {
    await ours.stop();
  }
}
