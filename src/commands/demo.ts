import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { TokenService } from '../access/token.service.js';
import { LedgerLawsRepository } from '../history/ledger-laws.repository.js';
import { VerificationService } from '../history/verification.service.js';
import { closeOnSignal, type Server, startServer } from '../server.js';
import { readConfig } from '../platform/config.js';
import { Database } from '../platform/database.js';
import { startEmbeddedPostgres } from '../platform/postgres/embedded.js';
import {
  type Ask,
  type Check,
  checksOfTheBooks,
  checksOfTheSplit,
  logTheGift,
  previewTheSplit,
  printTheOutcome,
  printTheSplit,
  REGISTER_DONOR,
  registerEveryone,
  sendAndConfirm,
  type Tell,
} from './demo-story.js';
import { COMMAND_LINE, fail } from './workbench.js';

/**
 * The demo's own databases, in the embedded server whatever `DATABASE_URL` says. Each demo makes one anew: the first
 * that no other demo is serving from.
 */
const DATABASES = ['ppe_demo', 'ppe_demo_2', 'ppe_demo_3', 'ppe_demo_4'];
const IN_USE = '55006';

const tell: Tell = {
  title: (text) => console.log(`\n${text}`),
  line: (text) => console.log(`  ${text}`),
};

type Tokens = Record<'admin' | 'coordinator' | 'donor' | 'recipient' | 'auditor', string>;

async function dropLastDemo(folder: string): Promise<{ database: string; letGo: () => Promise<void> }> {
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  const client = new pg.Client({ connectionString: server.url('postgres') });
  client.on('error', () => {});
  await client.connect();
  try {
    for (const database of DATABASES) {
      // oxlint-disable-next-line no-await-in-loop -- the next one is wanted only when this one is taken
      if (await isDropped(client, database)) return { database, letGo: () => server.stop() };
    }
    throw new Error(`${DATABASES.length} demos are running already.`);
  } finally {
    await client.end();
  }
}

async function isDropped(client: pg.Client, database: string): Promise<boolean> {
  try {
    await client.query(`drop database if exists ${database}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === IN_USE) return false;
    throw error;
  }
}

/** Asks over HTTP, as anybody would. */
function asker(url: string, tokens: Partial<Tokens>): Ask {
  return async (as, query, variables) => {
    const authorization: Record<string, string> = as === 'nobody' ? {} : { authorization: `Bearer ${tokens[as]}` };
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
    if (errors) throw new Error(`the API answered ${JSON.stringify(errors)}`);
    for (const answer of Object.values(data as Record<string, { code?: string; message?: string } | null>)) {
      if (answer?.code) throw new Error(`the API refused: ${answer.message}`);
    }
    return data;
  };
}

/** Plays the story over HTTP. @returns what it proved, and the tokens of its cast */
async function play(server: Server): Promise<{ checks: Check[]; tokens: Tokens }> {
  const minting = server.app.get(TokenService);
  const mint = (role: Uppercase<keyof Tokens>, subject?: string): Promise<string> =>
    minting.create(COMMAND_LINE, role, 'demo', subject);
  const tokens: Partial<Tokens> = {
    admin: await mint('ADMIN'),
    coordinator: await mint('COORDINATOR'),
    auditor: await mint('AUDITOR'),
  };
  const ask = asker(server.url, tokens);
  const donor = { name: 'Silk Road Trading Co.', kind: 'COMPANY', country: 'CN', email: 'gifts@silkroad.example' };
  const { registerDonor } = await ask<{ registerDonor: { id: string } }>('coordinator', REGISTER_DONOR, {
    input: donor,
  });
  tokens.donor = await mint('DONOR', registerDonor.id);
  await logTheGift(ask, tell, registerDonor.id);
  const { groupIds, someone } = await registerEveryone(ask, tell);
  tokens.recipient = await mint('RECIPIENT', someone);
  const { planId, awards, left } = await previewTheSplit(ask, tell, groupIds);
  const people = printTheSplit(tell, awards);
  await sendAndConfirm(ask, tell, planId, someone);
  const outcome = await printTheOutcome(ask, tell, registerDonor.id);
  const findings = await new VerificationService(server.app.get(Database), new LedgerLawsRepository()).verify();
  const laws = findings.map(({ law, breaches }) => ({ fact: law, holds: breaches.length === 0 }));
  return {
    checks: [...checksOfTheSplit(people, left), ...checksOfTheBooks(outcome, people), ...laws],
    tokens: tokens as Tokens,
  };
}

function once(argv: string[]): boolean {
  try {
    return parseArgs({ args: argv, options: { once: { type: 'boolean', default: false } } }).values.once;
  } catch (error) {
    return fail(`${(error as Error).message}\nusage: npm run demo [-- --once]`);
  }
}

function explain(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'EADDRINUSE') return 'The port is taken: choose another, such as PORT=3001 npm run demo.';
  return message;
}

async function main(): Promise<void> {
  const leave = once(process.argv.slice(2));
  const config = { ...readConfig(process.env), databaseUrl: undefined, appDatabaseUrl: undefined, logLevel: 'error' };
  if (config.production)
    fail('The demo hands out tokens to whoever reads its files: it does not run with NODE_ENV=production.');
  const { database, letGo } = await dropLastDemo(config.dataFolder);
  const server = await startServer(config, database);
  await letGo();
  const { checks, tokens } = await play(server);
  tell.title('Checked');
  for (const { fact, holds } of checks) tell.line(`${holds ? 'true ' : 'FALSE'}  ${fact}`);
  const file = join(config.dataFolder, 'demo.json');
  // A demo that is about to end does not take the place of one that goes on serving.
  if (!leave || database === DATABASES[0]) {
    await mkdir(config.dataFolder, { recursive: true });
    await writeFile(file, `${JSON.stringify({ url: server.url, tokens }, null, 2)}\n`, { mode: 0o600 });
  }
  const wrong = checks.filter(({ holds }) => !holds).length;
  if (wrong > 0) process.exitCode = 1;
  if (leave || wrong > 0) return server.close();
  closeOnSignal(server);
  tell.title(`Serving on ${server.url}`);
  tell.line(`Tokens for five roles are in ${file}. Ctrl-C ends the demo.`);
}

try {
  await main();
} catch (error) {
  fail(`The demo failed: ${explain(error)}`, 1);
}
