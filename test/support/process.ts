import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Client } from './world.js';

const BUILT = join(import.meta.dirname, '../../dist/src');
/** Half a second on a machine of one's own; many times that where others work, too. */
const LONGEST_START_MS = 90_000;
const LONGEST_STOP_MS = 10_000;
const LONGEST_COMMAND_MS = 30_000;
const LONGEST_ANSWER_MS = 30_000;
/** As many calls of one process's clients are under way at once; further ones wait here. */
const MOST_SOCKETS = 64;

/** Loaded first: a process whose tests were killed ends with them, for its standard input ends. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  `process.stdin.on('end', () => process.exit(1)).resume(); process.stdin.unref?.();`,
)}`;

/** What a process is told beyond the surroundings of the tests: `DATABASE_URL`, or `DATA_FOLDER` alone. */
export type Settings = Readonly<Record<string, string>>;

/** The API as it runs in earnest: a process of its own, behind HTTP. */
export interface ApiProcess {
  readonly pid: number;
  /** Where GraphQL is. */
  readonly url: string;
  with(token: string): Client;
  /** Everything it has written so far, to both streams. */
  log(): string;
  /** Sends a signal, and waits until the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Ends the process politely, or not; more than once does no harm. */
  stop(): Promise<void>;
}

function start(script: string, args: readonly string[], settings: Settings, endWithParent = true): ChildProcess {
  const first = endWithParent ? ['--import', END_WITH_PARENT] : [];
  return spawn(process.execPath, [...first, join(BUILT, script), ...args], {
    // An empty DATABASE_URL is none: the tests' own server must not stand in for a database that was not named.
    env: { ...process.env, DATABASE_URL: '', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function textOf(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

async function addressOf(child: ChildProcess, out: () => string, err: () => string): Promise<string> {
  const giveUpAt = Date.now() + LONGEST_START_MS;
  for (;;) {
    const url = /^Listening on (\S+)$/m.exec(out())?.[1];
    if (url) return url;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the API did not start: ${err()}`);
    if (Date.now() > giveUpAt) {
      child.kill('SIGKILL');
      throw new Error(`the API did not start in ${LONGEST_START_MS} ms: ${out()}${err()}`);
    }
    await wait(20);
  }
}

/** Starts the API and waits until it listens. */
export async function startApi(settings: Settings): Promise<ApiProcess> {
  const child = start('main.js', [], settings);
  const gone = once(child, 'exit');
  const [out, err] = [textOf(child, 'stdout'), textOf(child, 'stderr')];
  const url = await addressOf(child, out, err);
  const agent = new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS });
  const kill = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    // The agent's idle connections would keep a server that closes politely waiting.
    agent.destroy();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = await Promise.race([gone, wait(LONGEST_STOP_MS, undefined, { ref: false })]);
    if (!ended) {
      child.kill('SIGKILL');
      await gone;
    }
  };
  return {
    pid: child.pid!,
    url,
    with: (token) => clientAt(() => url, token, agent),
    log: () => out() + err(),
    kill,
    stop: () => kill('SIGTERM'),
  };
}

/** What a command said, and how it ended. */
export interface Said {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function runCommand(
  name: 'import' | 'token' | 'verify' | 'backup' | 'restore' | 'rebuild-summaries',
  args: readonly string[],
  settings: Settings,
  input?: string,
): Promise<Said> {
  // What reads its standard input does not watch it for the end of the tests.
  const child = start(`commands/${name}.js`, args, settings, input === undefined);
  if (input !== undefined) child.stdin!.end(input);
  const [stdout, stderr] = [textOf(child, 'stdout'), textOf(child, 'stderr')];
  const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_COMMAND_MS);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  clearTimeout(tooLong);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** Somebody who asks an API over HTTP. A call that is not answered in whole is an error that says so. */
export function clientAt(urlOf: () => string, token: string, agent: http.Agent): Client {
  const answer = async <T>(query: string, variables?: object): Promise<Answer<T>> => {
    const { status, text } = await post(urlOf(), token, JSON.stringify({ query, variables }), agent);
    return { status, ...(JSON.parse(text) as Omit<Answer<T>, 'status'>) };
  };
  return {
    token,
    answer,
    ask: async <T>(query: string, variables?: object): Promise<T> => {
      const { status, data, errors } = await answer<T>(query, variables);
      if (errors || !data) throw new Error(`unexpected errors, HTTP ${status}: ${JSON.stringify(errors)}`);
      return data;
    },
    error: async (query, variables) => {
      const { data, errors } = await answer(query, variables);
      if (!errors?.[0]) throw new Error(`no error, but ${JSON.stringify(data)}`);
      return errors[0];
    },
  };
}

/** The call did not come back: nobody knows whether it took effect. */
export class NoAnswer extends Error {}

function post(url: string, token: string, body: string, agent: http.Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new NoAnswer(error.message));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const request = http.request(url, { method: 'POST', agent, headers, timeout: LONGEST_ANSWER_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
      response.on('error', fail);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${LONGEST_ANSWER_MS} ms`)));
    request.on('error', fail);
    request.end(body);
  });
}
