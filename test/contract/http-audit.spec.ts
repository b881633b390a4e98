import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { type Client, openWorld, type World } from '../support/world.js';

describe('GraphQL over HTTP', () => {
  let world: World;
  let client: Client;
  let url: string;

  beforeAll(async () => {
    world = await openWorld();
    client = await world.as('COORDINATOR');
    await world.app.listen(0, '127.0.0.1');
    url = `${await world.app.getUrl()}/graphql`;
  });
  afterAll(() => world.close());

  const signedIn: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${client.token}` },
    });
  const audits = serverAudits({ url: () => url, fetchFn: signedIn });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${'reason' in result ? result.reason : ''}`).toBe('ok');
  });
});
