import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import readWorkbook from 'read-excel-file/node';
import { aCommittedPlan, aDonation, aDonor, aGroup, aPreview, asOwner, clinicians } from '../support/builders.js';
import { csvRows, type Exports, exportsOf } from '../support/exports.js';
import { type Client, openWorld, type World } from '../support/world.js';

const IDS = `query($filter: DistributionFilter) { distributions(filter: $filter, first: 100, orderBy: { field: ALLOCATED_AT, direction: ASC }) { nodes { id } } }`;
const SIGNS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/** Text as spreadsheets are to get it. */
const harmless = (text: string): string => (SIGNS.includes(text[0] ?? '') ? `'${text}` : text);

describe('an export', () => {
  let world: World;
  let exports: Exports;
  let coordinator: Client;
  let people: string[];
  let groups: string[];
  const donors: string[] = [];
  const plans: string[] = [];

  beforeAll(async () => {
    world = await openWorld();
    exports = await exportsOf(world);
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 6);
    groups = [await aGroup(coordinator, people.slice(0, 2)), await aGroup(coordinator, people.slice(1, 4))];
    for (let i = 0; i < 3; i++) {
      donors.push((await aDonor(coordinator, { country: ['CN', 'US', null][i] })).id);
      const gift = await aDonation(
        coordinator,
        {},
        {
          donorId: donors[i],
          lines: [
            { itemCode: 'MASK', units: 12, lotNumber: `LOT-${i}` },
            { itemCode: 'GOGGLES', units: 6 },
          ],
        },
      );
      plans.push((await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } })).plan.id);
      await asOwner(world, `update distribution set allocated_at = $2, exposure_tier = $3 where plan_id = $1`, [
        plans[i],
        ['2020-03-31T23:30:00Z', '2020-04-01T02:00:00.120Z', '2020-05-01T00:00:00Z'][i],
        i + 1,
      ]);
    }
    await asOwner(world, `update recipient set country = 'CN' where id = $1`, [people[5]]);
    await asOwner(world, `update distribution set country = 'CN' where recipient_id = $1`, [people[5]]);
  });
  afterAll(() => world.close());

  /** What stands in the csv for a text, where it is somebody's name. */
  async function named(names: readonly string[]): Promise<void> {
    await asOwner(
      world,
      `update recipient r set name = n.name from unnest($1::uuid[], $2::text[]) as n (id, name) where r.id = n.id`,
      [people.slice(0, names.length), names],
    );
  }

  it('is a file, of this day and version, that is not kept by anything between', async () => {
    for (const [format, type] of [
      ['csv', 'text/csv; charset=utf-8; header=present'],
      ['jsonl', 'application/x-ndjson; charset=utf-8'],
      ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ] as const)
      for (const kind of ['distributions', 'stock', 'plans']) {
        const response = await exports.get(coordinator, `${kind}.${format}?version=1`);
        await response.arrayBuffer();
        const day = new Date().toISOString().slice(0, 10);
        expect([response.status, Object.fromEntries(response.headers)]).toEqual([
          200,
          expect.objectContaining({
            'content-type': type,
            'content-disposition': `attachment; filename="${kind}-${day}.${format}"`,
            'cache-control': 'no-store',
            'x-export-version': '1',
            'x-content-type-options': 'nosniff',
            vary: 'accept-encoding',
            'x-request-id': expect.any(String),
          }),
        ]);
      }
  });

  it.each([
    ['distributions.csv?version=2', 'version'],
    ['distributions.csv?version=1&version=1', 'version'],
    ['distributions.csv?bom=yes', 'bom'],
    ['distributions.jsonl?bom=1', 'bom'],
    ['distributions.csv?donor=x', 'donor'],
    ['distributions.csv?donorIds=x', 'donorIds.0'],
    ['distributions.csv?itemCodes=MASK,NOTHING', 'filter.itemCodes.1'],
    ['distributions.csv?search=a%00b', 'search'],
    ['stock.csv?donorIds=x', 'donorIds'],
    ['stock.csv?itemCodes=NOTHING', 'itemCodes.0'],
    ['stock.csv?siteIds=x', 'siteIds.0'],
    ['stock.csv?asOf=yesterday', 'asOf'],
    ['stock.csv?asOf=2999-01-01T00:00:00Z', 'asOf'],
    ['stock.csv?__proto__=x', '__proto__'],
    ['plans.csv?statuses=GONE', 'statuses'],
    ['plans.csv?createdOn.from=soon', 'createdOn.from'],
    ['plans.csv?createdOn.from=2020-01-01&createdOn.from=2020-01-01', 'createdOn.from'],
    ['plans.csv?timeZone=Mars', 'timeZone'],
    ['plans.csv?policyIds=x', 'policyIds.0'],
  ])('%s is refused, by the name of what is wrong', async (path, field) => {
    const response = await exports.get(coordinator, path);
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.objectContaining({ code: 'BAD_USER_INPUT', field }) },
    ]);
  });

  it('of a site that there is not is not found; of a kind that there is not, neither', async () => {
    const nowhere = '01900000-0000-7000-8000-00000000dead';
    expect((await exports.get(coordinator, `stock.csv?siteIds=${nowhere}`)).status).toBe(404);
    expect((await exports.get(coordinator, 'recipients.csv')).status).toBe(404);
    expect((await exports.get(coordinator, 'distributions.pdf')).status).toBe(404);
  });

  it('asked for by HEAD says what it would be, and is not read', async () => {
    const response = await fetch(`${exports.url}/distributions.csv`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${coordinator.token}` },
    });
    expect([response.status, await response.text(), response.headers.get('x-export-version')]).toEqual([200, '', '1']);
    expect((await fetch(`${exports.url}/stock.csv`, { method: 'HEAD' })).status).toBe(401);
  });

  it('of nothing has its header alone', async () => {
    for (const kind of ['distributions', 'plans']) {
      const nothing = `${kind}.csv?statuses=${kind === 'plans' ? 'STALE' : 'LOST'}`;
      expect(await exports.text(coordinator, nothing)).toMatch(/^[a-z_,]+\n$/);
      expect(await exports.text(coordinator, nothing.replace('.csv', '.jsonl'))).toBe('');
      const workbook = await readWorkbook(
        Buffer.from(await (await exports.get(coordinator, nothing.replace('.csv', '.xlsx'))).arrayBuffer()),
      );
      expect(workbook.map(({ sheet, data }) => [sheet, data.length])).toEqual([[kind, 1]]);
    }
  });

  it('of stock adds up to what GraphQL says, now and as of an instant', async () => {
    const levels = async (asOf?: string): Promise<Record<string, number[]>> => {
      const { stock } = await coordinator.ask<{ stock: Record<string, unknown>[] }>(
        `query($asOf: DateTime) { stock(asOf: $asOf) { item { code } onHandUnits availableUnits allocatedUnits } }`,
        { asOf },
      );
      return Object.fromEntries(
        stock.map((level) => [
          (level['item'] as { code: string }).code,
          [level['onHandUnits'], level['availableUnits'], level['allocatedUnits']] as number[],
        ]),
      );
    };
    const sums = async (query = ''): Promise<Record<string, number[]>> => {
      const found: Record<string, number[]> = {};
      for (const row of await exports.rows(coordinator, `stock${query}`)) {
        const before = (found[row['item_code'] as string] ??= [0, 0, 0]);
        ['on_hand_units', 'available_units', 'allocated_units'].forEach((name, i) => {
          before[i]! += row[name] as number;
        });
      }
      return found;
    };
    const [{ at }] = (await asOwner(
      world,
      `select at::text from stock_entry where cause = 'ALLOCATION_COMMITTED' order by at desc limit 1`,
    )) as [{ at: string }];
    const before = new Date(Date.parse(at) - 1).toISOString();
    expect(await sums()).toEqual(await levels());
    expect(await sums(`?asOf=${before}`)).toEqual(await levels(before));
    expect(await sums(`?asOf=${before}`)).not.toEqual(await sums());
    expect(Object.keys(await sums('?itemCodes=mask'))).toEqual(['MASK']);
  });

  it('of plans goes by their states, policies and days', async () => {
    const stale = await aPreview(coordinator, {});
    await asOwner(world, `update plan set created_at = '2020-04-01T02:00:00Z' where id = $1`, [stale.id]);
    const found = async (query: string) => [
      ...new Set((await exports.rows(coordinator, `plans${query}`)).map((row) => row['plan_id'])),
    ];
    expect(await found('?statuses=COMMITTED')).toEqual(plans);
    expect(await found('?statuses=COMMITTED&statuses=PREVIEW')).toEqual([...plans, stale.id]);
    expect(await found('?createdOn.from=2020-04-01&createdOn.to=2020-04-01')).toEqual([stale.id]);
    expect(await found('?createdOn.to=2020-03-31')).toEqual([]);
    expect(await found('?createdOn.to=2020-03-31&timeZone=America/New_York')).toEqual([stale.id]);
    expect(await found('?policyIds=01900000-0000-7000-8000-00000000dead')).toEqual([]);
  });

  it('of distributions has the rows that GraphQL finds by the same filter, in the order of time', async () => {
    const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
    const filters = fc.record({
      donorIds: some(donors),
      recipientIds: some(people),
      groupIds: some(groups),
      itemCodes: some(['MASK', 'goggles', 'N95']),
      categories: some(['MASK', 'GOGGLES']),
      countries: some(['us', 'CN']),
      statuses: some(['PREPARED', 'CONFIRMED']),
      planIds: some(plans),
      lotNumbers: some(['LOT-0', 'LOT-2', `'; drop table lot; --`, '\\', '{"a"}', '$1']),
      exposureTiers: some([1, 2, 3]),
      donorCountries: some(['CN', 'US']),
      search: fc.option(fc.constantFrom('mask', 'hospital', '%', `'`, '\\', `' or 1=1 --`, '$2'), { nil: undefined }),
      allocatedOn: fc.option(
        fc.record({
          from: fc.constantFrom(undefined, '2020-03-31', '2020-04-01'),
          to: fc.constantFrom(undefined, '2020-03-31', '2020-04-30'),
        }),
        { nil: undefined },
      ),
      timeZone: fc.constantFrom(undefined, 'UTC', 'America/New_York', 'Asia/Shanghai'),
    });
    await fc.assert(
      fc.asyncProperty(filters, fc.nat(13), async (all, keep) => {
        // A few parts at once: with all of them nothing is ever found.
        const filter = Object.fromEntries(Object.entries(all).filter((_, i) => (i * 5 + keep) % 14 < 3));
        const query = new URLSearchParams();
        for (const [name, value] of Object.entries(filter)) {
          if (value === undefined) continue;
          if (Array.isArray(value)) value.forEach((part) => query.append(name, String(part)));
          else if (typeof value === 'object')
            for (const [end, day] of Object.entries(value).filter(([, at]) => at !== undefined))
              query.append(`${name}.${end}`, String(day));
          else query.append(name, value);
        }
        const { distributions } = await coordinator.ask<{ distributions: { nodes: { id: string }[] } }>(IDS, {
          filter,
        });
        const rows = await exports.rows(coordinator, `distributions?${query}`);
        expect(rows.map((row) => row['id'])).toEqual(distributions.nodes.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });

  it('is compressed for whoever takes that, and for nobody else', async () => {
    const got = (encoding: string, path = 'distributions.csv') =>
      new Promise<[string | undefined, Buffer]>((resolve, reject) => {
        const headers = { authorization: `Bearer ${coordinator.token}`, 'accept-encoding': encoding };
        request(`${exports.url}/${path}`, { headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve([response.headers['content-encoding'], Buffer.concat(chunks)]));
        })
          .on('error', reject)
          .end();
      });
    const [none, plain] = await got('identity');
    expect([none, plain.toString().split('\n').length]).toEqual([undefined, 38]);
    for (const encoding of ['gzip', 'br, gzip;q=0.5', '*']) {
      const [coding, body] = await got(encoding);
      expect([encoding, coding, gunzipSync(body).equals(plain)]).toEqual([encoding, 'gzip', true]);
    }
    for (const encoding of ['', 'br', 'gzip;q=0, *'])
      expect([encoding, await got(encoding)]).toEqual([encoding, [undefined, plain]]);
    // It is compressed already.
    expect((await got('gzip', 'distributions.xlsx'))[0]).toBeUndefined();
    const [, marked] = await got('gzip', 'distributions.csv?bom=1');
    expect(gunzipSync(marked).equals(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]))).toBe(true);
  });

  it('has a byte order mark when that is wished', async () => {
    const first = async (query: string) =>
      Buffer.from(await (await exports.get(coordinator, `stock.csv${query}`)).arrayBuffer()).subarray(0, 4);
    expect(await first('?bom=1')).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x69]));
    expect(await first('?bom=0')).toEqual(Buffer.from('item'));
  });

  it.each(SIGNS.map((sign) => [JSON.stringify(sign), `${sign}1+1`]))(
    'keeps a cell that begins with %s from being run as a formula',
    async (_sign, name) => {
      await named([name]);
      const path = `distributions.csv?recipientIds=${people[0]}`;
      const [row] = csvRows(await exports.text(coordinator, path));
      expect(row!['recipient']).toBe(`'${name}`);
      const [sheet] = await readWorkbook(
        Buffer.from(await (await exports.get(coordinator, path.replace('.csv', '.xlsx'))).arrayBuffer()),
        { trim: false },
      );
      const at = sheet!.data[0]!.indexOf('recipient');
      expect(sheet!.data[1]![at]).toBe(`'${name}`);
      // Programs get what was written.
      expect((await exports.rows(coordinator, `distributions?recipientIds=${people[0]}`))[0]!['recipient']).toBe(name);
    },
  );

  it('says what people wrote, whatever they wrote, in every format', async () => {
    // What PostgreSQL keeps: no U+0000, no half of a pair. What XML cannot hold is left out of a workbook.
    const nasty = fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\t',
      "'",
      '=',
      '\\',
      '<',
      '&',
      ']]>',
      '_x000D_',
      '\x01',
      '\x02',
      '\\.',
      '￾',
      '口罩',
      '🧤',
      ' ',
    );
    const text = fc
      .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 4 })), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join('').replaceAll(/\0|\p{Cs}/gu, ''))
      .filter((name) => /[^ ]/.test(name));
    const notXml = new RegExp(String.raw`[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]`, 'g');
    const inXml = (name: string): string => harmless(name).replaceAll(notXml, '');
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: people.length, maxLength: people.length }), async (names) => {
        await named(names);
        const nameOf = new Map(people.map((id, i) => [id, names[i]!]));
        const lines = csvRows(await exports.text(coordinator, 'distributions.csv'));
        expect(lines).toHaveLength(36);
        for (const row of lines) expect(row['recipient']).toBe(harmless(nameOf.get(row['recipient_id']!)!));
        for (const row of await exports.rows(coordinator, 'distributions'))
          expect(row['recipient']).toBe(nameOf.get(row['recipient_id'] as string));
        const file = Buffer.from(await (await exports.get(coordinator, 'distributions.xlsx')).arrayBuffer());
        const [sheet] = await readWorkbook(file, { trim: false });
        const [header, ...rows] = sheet!.data;
        const [id, name] = [header!.indexOf('recipient_id'), header!.indexOf('recipient')];
        expect(rows).toHaveLength(36);
        for (const row of rows)
          expect(String(row[name] ?? '').replaceAll('_x005F_', '_')).toBe(inXml(nameOf.get(row[id] as string)!));
      }),
      { numRuns: 25 },
    );
  });

  it('as a workbook has numbers that are numbers, instants and days that are dates, and the rows of the csv', async () => {
    await named(people.map((_, i) => `Clinician ${i}`));
    const file = Buffer.from(await (await exports.get(coordinator, 'distributions.xlsx')).arrayBuffer());
    const [sheet] = await readWorkbook(file);
    const text = csvRows(await exports.text(coordinator, 'distributions.csv'));
    const [header, ...rows] = sheet!.data;
    expect(header).toEqual(Object.keys(text[0]!));
    const cellOf = (cell: unknown): string => (cell instanceof Date ? cell.toISOString() : String(cell ?? ''));
    rows.forEach((row, i) => {
      const [, at] = row;
      expect([typeof row[header!.indexOf('units')], at]).toEqual(['number', expect.any(Date)]);
      expect(Math.abs((at as unknown as Date).getTime() - Date.parse(text[i]!['allocated_at']!))).toBeLessThanOrEqual(
        1,
      );
      row.forEach((cell, column) => {
        const name = header![column] as string;
        if (!name.endsWith('_at')) expect([name, cellOf(cell)]).toEqual([name, text[i]![name]]);
      });
    });
    const lots = await readWorkbook(Buffer.from(await (await exports.get(coordinator, 'stock.xlsx')).arrayBuffer()));
    const [names, first] = lots[0]!.data;
    expect(first![names!.indexOf('expired')]).toBe(false);
  });
});
