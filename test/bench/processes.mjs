/** What the benches of history start: processes of their own, one for each contender. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = new URL('../../dist/src/main.js', import.meta.url).pathname;
const LONGEST_START_MS = 90_000;

const running = new Set();

function keepTrack(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
// Whoever interrupts the bench means what it started, too.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** A helper process that is asked by messages, one at a time. */
export function startHelper(name, { node = process.execPath, env = {} } = {}) {
  const child = keepTrack(
    fork(join(import.meta.dirname, `${name}.mjs`), {
      execPath: node,
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
  let [told, failed] = [() => {}, () => {}];
  child.on('message', (answer) => (answer.error ? failed(new Error(answer.error)) : told(answer)));
  child.once('exit', (code) => failed(new Error(`${name} ended with ${code}`)));
  const ask = (message) =>
    new Promise((resolve, reject) => {
      [told, failed] = [resolve, reject];
      child.send(message);
    });
  return { ask, pid: child.pid, stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await once(child, 'exit');
  clearTimeout(timer);
}

/** The API as it runs in production, on a database that stands. */
export async function startOurs(databaseUrl, { node = process.execPath, args = [], env = {} } = {}) {
  const child = keepTrack(
    spawn(node, [...args, MAIN], {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: databaseUrl,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  let said = '';
  let heard = () => {};
  child.stdout.setEncoding('utf8').on('data', (text) => {
    // Once it listens, its log is only drained.
    if (said.length < 10_000) said += text;
    heard();
  });
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the API did not start')), LONGEST_START_MS);
    child.once('exit', () => reject(new Error('the API ended while it started')));
    heard = () => {
      const listening = /^Listening on (\S+)$/m.exec(said)?.[1];
      if (!listening) return;
      clearTimeout(timer);
      heard = () => {};
      resolve(listening);
    };
  });
  return { url, pid: child.pid, stop: () => stop(child) };
}

/** Someone who asks a GraphQL server; an error is thrown with its text. */
export function client(url, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return async (query, variables) => {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await response.json();
    if (errors) throw Object.assign(new Error(JSON.stringify(errors)), { code: errors[0]?.extensions?.code });
    return data;
  };
}

/** The value that so many percent of the values do not pass. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN;
}
