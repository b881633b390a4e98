import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { aDonation } from '../support/builders.js';
import { connect } from '../support/database.js';
import { type ApiProcess, startApi } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';

describe('a server with a login of its own', () => {
  const login = `ppe_login_${process.pid}`;
  let world: World;
  let owner: pg.Client;
  let api: ApiProcess;
  let loginUrl: string;

  beforeAll(async () => {
    world = await openWorld();
    owner = await connect(world.databaseUrl);
    await owner.query(`create role ${login} login password 'secret' in role ppe_app`);
    const url = new URL(world.databaseUrl);
    url.username = login;
    url.password = 'secret';
    loginUrl = url.href;
    api = await startApi({ DATABASE_URL: world.databaseUrl, DATABASE_APP_URL: loginUrl });
  });
  afterAll(async () => {
    await api?.stop();
    await owner?.query(`drop role if exists ${login}`);
    await owner?.end();
    await world?.close();
  });

  it('does its daily work', async () => {
    const { token } = await world.as('COORDINATOR');
    expect(await aDonation(api.with(token!), { MASK: 5 })).toMatchObject({ status: 'RECEIVED' });
  });

  it('cannot change the ledger, even when it leaves its role', async () => {
    const client = await connect(loginUrl);
    try {
      await client.query('reset role');
      await expect(client.query('update stock_entry set units = units + 1')).rejects.toThrow('permission denied');
      await expect(client.query('drop trigger stock_entry_is_append_only on stock_entry')).rejects.toThrow(
        'must be owner',
      );
    } finally {
      await client.end();
    }
  });
});
