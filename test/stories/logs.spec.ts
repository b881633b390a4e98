import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_DONATION } from '../support/builders.js';
import { openWorld, type World } from '../support/world.js';

const SERVER = 'dist/src/main.js';

describe('the log', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('holds requests and their ids, and nobody’s name, address, token or query', async () => {
    const { token } = await world.as('COORDINATOR');
    const env = { ...process.env, DATABASE_URL: world.databaseUrl, PORT: '0', LOG_LEVEL: 'trace' };
    const server = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (text: Buffer) => (log += text.toString()));
    try {
      const url = await listening(() => log);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const post = (query: string, variables: object): Promise<Response> =>
        fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.timeout(10_000),
        });
      const newDonor = { name: 'Secret Giver', kind: 'PERSON', email: 'secret@giver.example' };
      const done = await post(LOG_DONATION, { input: { newDonor, lines: [{ itemCode: 'MASK', units: 5 }] } });
      await post(LOG_DONATION, { input: { newDonor: { ...newDonor, email: 'secret, not an address' }, lines: [] } });
      await fetch(`${url}?query=${encodeURIComponent('{ recipients(search: "Secret Name") { totalCount } }')}`, {
        headers,
      });
      await world.dataSource.query('select 1');
      expect(log).toContain(done.headers.get('x-request-id'));
      expect(log).toContain('"path":"/graphql"');
      expect(log).not.toMatch(/secret|giver\.example|ppe_[A-Za-z0-9_-]{43}|recipients\(/i);
    } finally {
      server.kill('SIGKILL');
    }
  });
});

async function listening(log: () => string): Promise<string> {
  for (let i = 0; i < 200; i++) {
    const url = /Listening on (\S+)/.exec(log())?.[1];
    if (url) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not start: ${log()}`);
}
