import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHEET_KINDS, SHEET_VERSION } from '../../src/exports/sheet.rules.js';
import { exportsOf, type Exports } from '../support/exports.js';
import { type Client, openWorld, type World } from '../support/world.js';
import { committed } from './committed.js';

describe('the columns of an export', () => {
  let world: World;
  let exports: Exports;
  const clients: Client[] = [];

  beforeAll(async () => {
    world = await openWorld();
    exports = await exportsOf(world);
    for (const role of ['COORDINATOR', 'AUDITOR', 'DONOR', 'RECIPIENT'] as const) clients.push(await world.as(role));
  });
  afterAll(() => world.close());

  it('are those that were committed for this version, for whoever asks', async () => {
    let table = '';
    for (const kind of SHEET_KINDS) {
      const headers = new Set<string>();
      // For others than the first it may be refused, but it is not another one.
      for (const client of clients) {
        const response = await exports.get(client, `${kind}.csv?version=${SHEET_VERSION}`);
        const text = await response.text();
        if (response.status === 200) headers.add(text.slice(0, text.indexOf('\n')));
      }
      table += `${kind} ${SHEET_VERSION}: ${[...headers].join(' or ')}\n`;
    }
    expect(table).toBe(committed('test/contract/exports.txt', table));
  });
});
