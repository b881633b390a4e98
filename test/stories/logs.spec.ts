import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_DONATION } from '../support/builders.js';
import { startApi } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';

describe('the log', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('holds requests and their ids, and nobody’s name, address, token or query', async () => {
    const { token } = await world.as('COORDINATOR');
    const server = await startApi({ DATABASE_URL: world.databaseUrl, LOG_LEVEL: 'trace' });
    try {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const post = (query: string, variables: object): Promise<Response> =>
        fetch(server.url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.timeout(10_000),
        });
      const newDonor = { name: 'Secret Giver', kind: 'PERSON', email: 'secret@giver.example' };
      const done = await post(LOG_DONATION, { input: { newDonor, lines: [{ itemCode: 'MASK', units: 5 }] } });
      await post(LOG_DONATION, { input: { newDonor: { ...newDonor, email: 'secret, not an address' }, lines: [] } });
      await fetch(`${server.url}?query=${encodeURIComponent('{ recipients(search: "Secret Name") { totalCount } }')}`, {
        headers,
      });
      await world.dataSource.query('select 1');
      expect(server.log()).toContain(done.headers.get('x-request-id'));
      expect(server.log()).toContain('"path":"/graphql"');
      expect(server.log()).not.toMatch(/secret|giver\.example|ppe_[A-Za-z0-9_-]{43}|recipients\(/i);
    } finally {
      await server.kill('SIGKILL');
    }
  });
});
