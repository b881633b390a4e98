import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { migrate } from '../../src/data-source.js';
import { aDonation, asOwner, faultOf, faultOfInput, REFUSAL, rowCounts, thrice } from '../support/builders.js';
import { cloneDatabase, connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';

const ITEM = `id code name category standard size`;
const REGISTER_ITEM = `mutation($input: RegisterItemInput!) { registerItem(input: $input) { ... on Item { ${ITEM} substitutes { code } }
  ... on ItemCodeTakenError { item { ${ITEM} } } ... on GtinKnownError { gtin item { code } unitsPerPack } ${REFUSAL} } }`;
const REVISE = `mutation($input: ReviseItemInput!) { reviseItem(input: $input) { ... on Item { ${ITEM} }
  ... on UnknownItemError { itemCode didYouMean } ${REFUSAL} } }`;
const RANK = `mutation($input: RankSubstitutesInput!) { rankSubstitutes(input: $input) { ... on Item { code substitutes { code } }
  ... on UnknownItemError { itemCode didYouMean } ${REFUSAL} } }`;
const ITEMS = `query($categories: [ItemCategory!], $search: String, $first: Int, $after: String) {
  items(categories: $categories, search: $search, first: $first, after: $after) { totalCount nodes { code } pageInfo { endCursor hasNextPage } } }`;

describe('the catalogue', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const register = async (input: object) =>
    (await coordinator.ask<{ registerItem: Record<string, unknown> }>(REGISTER_ITEM, { input })).registerItem;
  const revise = async (input: object) =>
    (await coordinator.ask<{ reviseItem: Record<string, unknown> }>(REVISE, { input })).reviseItem;
  const rank = async (itemCode: string, ...substituteCodes: string[]) =>
    (await coordinator.ask<{ rankSubstitutes: object }>(RANK, { input: { itemCode, substituteCodes } }))
      .rankSubstitutes;
  const list = async (variables: object) =>
    (await coordinator.ask<{ items: { totalCount: number; nodes: { code: string }[] } }>(ITEMS, variables)).items;
  const codes = async (variables: object) => (await list(variables)).nodes.map(({ code }) => code);
  const item = (query: string) => thrice(coordinator, `{ item(${query}) { ${ITEM} substitutes { code } } }`);

  it('takes an item that a gift needs, which is stock at once', async () => {
    const made = await register({
      code: ' ffp3 valved ',
      name: ' FFP3 respirator with valve ',
      category: 'MASK',
      standard: 'EN 149 FFP3',
      size: 'ONE_SIZE',
    });
    expect(made).toEqual({
      id: expect.any(String),
      code: 'FFP3_VALVED',
      name: 'FFP3 respirator with valve',
      category: 'MASK',
      standard: 'EN 149 FFP3',
      size: 'ONE_SIZE',
      substitutes: [],
    });
    for (const by of [`id: "${String(made['id'])}"`, 'code: "ffp3-valved"'])
      expect((await item(by)).data).toEqual({ item: made });
    const gift = await aDonation(coordinator, { FFP3_VALVED: 40 });
    expect(gift.lines).toMatchObject([{ item: { code: 'FFP3_VALVED' }, acceptedUnits: 40 }]);
    expect(await register({ code: 'APRON', name: 'Apron', category: 'OTHER', standard: ' ' })).toMatchObject({
      standard: null,
      size: null,
    });
  });

  it('refuses a code that is taken, and names the item that has it', async () => {
    const before = await rowCounts(world);
    expect(await register({ code: 'n95', name: 'Another', category: 'MASK' })).toMatchObject({
      __typename: 'ItemCodeTakenError',
      code: 'ITEM_CODE_TAKEN',
      message: 'The code N95 is that of "N95 respirator".',
      item: { code: 'N95', name: 'N95 respirator', standard: 'NIOSH N95' },
    });
    expect(await rowCounts(world)).toEqual(before);
    const both = await Promise.all([1, 2].map(() => register({ code: 'ONCE', name: 'Once', category: 'OTHER' })));
    expect(both.map(({ __typename: type }) => type ?? 'made').sort()).toEqual(['ItemCodeTakenError', 'made']);
  });

  it('learns the GTIN on the pack of a new item with it, or takes neither', async () => {
    const pack = { gtin: '4006381333931', unitsPerPack: 20 };
    expect(await register({ code: 'KF94', name: 'KF94', category: 'MASK', ...pack })).toMatchObject({ code: 'KF94' });
    const gtins = `{ gtins(itemCodes: ["kf94"]) { totalCount nodes { gtin item { code } unitsPerPack } } }`;
    expect((await thrice(coordinator, gtins)).data).toEqual({
      gtins: { totalCount: 1, nodes: [{ gtin: '04006381333931', item: { code: 'KF94' }, unitsPerPack: 20 }] },
    });
    const before = await rowCounts(world);
    expect(await register({ code: 'KF80', name: 'KF80', category: 'MASK', ...pack })).toMatchObject({
      __typename: 'GtinKnownError',
      gtin: '04006381333931',
      item: { code: 'KF94' },
      unitsPerPack: 20,
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('corrects what an item is called, and leaves what is not said as it is', async () => {
    await register({ code: 'VISOR', name: 'Viser', category: 'FACE_SHIELD', standard: 'EN 166', size: 'M' });
    expect(await revise({ itemCode: 'visor', name: ' Visor ' })).toMatchObject({
      code: 'VISOR',
      name: 'Visor',
      category: 'FACE_SHIELD',
      standard: 'EN 166',
      size: 'M',
    });
    expect(await revise({ itemCode: 'VISOR', standard: null, size: 'L' })).toMatchObject({
      name: 'Visor',
      standard: null,
      size: 'L',
    });
    const once = { itemCode: 'VISOR', size: null, idempotencyKey: 'no size' };
    expect(await revise(once)).toMatchObject({ name: 'Visor', size: null });
    const { extensions } = await coordinator.error(REVISE, { input: { itemCode: 'VISOR', idempotencyKey: 'no size' } });
    expect(extensions).toMatchObject({ code: 'CONFLICT' });
    expect(await revise({ itemCode: 'VISER', name: 'X' })).toMatchObject({
      __typename: 'UnknownItemError',
      didYouMean: ['VISOR'],
    });
  });

  it('gives the same answer to the same key', async () => {
    const input = { code: 'HOOD', name: 'Hood', category: 'PROTECTIVE_SUIT', idempotencyKey: 'hood' };
    const first = await register(input);
    const before = await rowCounts(world);
    expect(await register(input)).toEqual(first);
    expect(await rowCounts(world)).toEqual(before);
    expect(await coordinator.error(REGISTER_ITEM, { input: { ...input, name: 'Cap' } })).toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
  });

  it('is listed by category and by what people look for', async () => {
    expect(await codes({ categories: ['GOGGLES', 'GLOVES'] })).toEqual(['GOGGLES', 'NITRILE_GLOVES']);
    expect(await codes({ categories: [] })).toEqual([]);
    expect(await codes({ search: 'gb 2626' })).toEqual(['KN95']);
    expect(await codes({ search: 'Isolation' })).toEqual(['GOWN']);
    expect(await codes({ search: 'shoe_' })).toEqual(['SHOE_COVERS']);
    expect(await codes({ search: '%' })).toEqual([]);
    expect(await codes({ categories: ['MASK'], search: 'respirator', first: 2 })).toEqual(['N95', 'KN95']);
    const { totalCount } = await list({ categories: ['MASK'], search: 'respirator', first: 1 });
    expect(totalCount).toBe(4);
  });

  it('says what may stand in for an item: by default what protects as well or less', async () => {
    const { items } = await coordinator.ask<{ items: { nodes: { code: string; substitutes: { code: string }[] }[] } }>(
      `{ items(first: 14) { nodes { code substitutes { code } } } }`,
    );
    const ranked = items.nodes.filter(({ substitutes }) => substitutes.length > 0);
    expect(Object.fromEntries(ranked.map((one) => [one.code, one.substitutes.map(({ code }) => code)]))).toEqual({
      MASK: ['SURGICAL_MASK'],
      N95: ['FFP2', 'KN95', 'SURGICAL_MASK'],
      FFP2: ['N95', 'KN95', 'SURGICAL_MASK'],
      KN95: ['SURGICAL_MASK'],
      PROTECTIVE_SUIT: ['COVERALL', 'GOWN'],
      COVERALL: ['PROTECTIVE_SUIT', 'GOWN'],
      GOGGLES: ['FACE_SHIELD'],
      FACE_SHIELD: ['GOGGLES'],
    });
  });

  it('ranks what may stand in for an item anew, and as a whole', async () => {
    const substitutes = (...all: string[]) => ({ substitutes: all.map((code) => ({ code })) });
    expect(await rank('gown', 'coverall', 'PROTECTIVE_SUIT')).toEqual({
      code: 'GOWN',
      ...substitutes('COVERALL', 'PROTECTIVE_SUIT'),
    });
    expect(await rank('GOWN', 'PROTECTIVE_SUIT', 'COVERALL')).toMatchObject(substitutes('PROTECTIVE_SUIT', 'COVERALL'));
    expect(await rank('GOWN')).toMatchObject(substitutes());
    expect(await rank('GOWN', 'COVERAL')).toMatchObject({ __typename: 'UnknownItemError', didYouMean: ['COVERALL'] });
    const fault = (...substituteCodes: string[]) =>
      faultOfInput(coordinator, 'rankSubstitutes', { itemCode: 'GOWN', substituteCodes });
    expect(await fault('COVERALL', 'gown')).toMatchObject({ field: 'input.substituteCodes.1' });
    expect(await fault('COVERALL', 'MASK', 'coverall')).toMatchObject({ field: 'input.substituteCodes.2' });
    expect(await fault(...Array<string>(21).fill('MASK'))).toMatchObject({ field: 'input.substituteCodes' });
    const orders = [
      ['MASK', 'N95'],
      ['N95', 'MASK'],
    ];
    await Promise.all([...orders, ...orders].map((order) => rank('GOWN', ...order)));
    const { data } = await item('code: "GOWN"');
    expect(orders.map((order) => ({ item: expect.objectContaining(substitutes(...order)) }))).toContainEqual(data);
    await rank('GOWN');
  });

  it('refuses nonsense by its field', async () => {
    const good = { code: 'CAP', name: 'Cap', category: 'OTHER' };
    const faults: [string, object, string][] = [
      ['registerItem', { ...good, code: 'Кепка' }, 'input.code'],
      ['registerItem', { ...good, code: ' ' }, 'input.code'],
      ['registerItem', { ...good, code: 'C'.repeat(51) }, 'input.code'],
      ['registerItem', { ...good, name: ' ' }, 'input.name'],
      ['registerItem', { ...good, category: 'HAT' }, 'input.category'],
      ['registerItem', { ...good, size: 'HUGE' }, 'input.size'],
      ['registerItem', { ...good, gtin: '96385074' }, 'input.unitsPerPack'],
      ['registerItem', { ...good, unitsPerPack: 5 }, 'input.unitsPerPack'],
      ['registerItem', { ...good, unitsPerPack: 5, gtin: '96385075' }, 'input.gtin'],
      ['reviseItem', { itemCode: 'N95', name: null }, 'input.name'],
      ['reviseItem', { itemCode: 'N95', name: '' }, 'input.name'],
      ['reviseItem', { itemCode: 'N95', size: 'HUGE' }, 'input.size'],
    ];
    const before = await rowCounts(world);
    for (const [mutation, input, field] of faults)
      expect([input, await faultOfInput(coordinator, mutation, input)]).toEqual([
        input,
        { code: 'BAD_USER_INPUT', field },
      ]);
    expect(await rowCounts(world)).toEqual(before);
    for (const args of ['(id: "01900000-0000-7000-8000-000000000001", code: "MASK")', ''])
      expect(await faultOf(coordinator, `{ item${args} { code } }`)).toEqual({ code: 'BAD_USER_INPUT', field: 'id' });
    expect(await faultOf(coordinator, `{ item(id: "mask") { code } }`)).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'id',
    });
    expect((await item('code: "NOTHING"')).data).toEqual({ item: null });
    expect((await item('id: "01900000-0000-7000-8000-00000000dead"')).data).toEqual({ item: null });
  });

  it('keeps code and category from everybody who works as the application, and items from being deleted', async () => {
    for (const sql of [
      `update item set code = 'X'`,
      `update item set category = 'OTHER'`,
      'delete from item',
      'delete from gtin',
    ])
      await expect(asOwner(world, `set role ppe_app; ${sql}`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('what stood in the old column for a GTIN', () => {
  let url: string;
  let owner: pg.Client;

  beforeAll(async () => {
    url = await cloneDatabase();
    owner = await connect(url);
    await owner.query(`drop table gtin, item_substitute; alter table item add column gtin text;
      alter table need drop column accepts_substitutes; alter table plan drop column substitutes;
      delete from migrations where name = 'Catalogue1764900000000'`);
  });
  afterAll(() => owner.end());

  it('is learned as one of the item, and what is none stops the migration by name', async () => {
    await owner.query(`update item set gtin = case code when 'N95' then '4006381333931' when 'KN95' then '96385074' when 'GOWN' then '4006381333932'
      when 'MASK' then 'unknown' end`);
    await expect(migrate(url)).rejects.toThrow(/no GTIN, or its check digit is wrong, for GOWN, MASK/);
    await owner.query(`update item set gtin = null where code in ('GOWN', 'MASK')`);
    await migrate(url);
    const { rows } = await owner.query(
      `select g.gtin, i.code, g.units_per_pack as units from gtin g join item i on i.id = g.item_id order by 1`,
    );
    expect(rows).toEqual([
      { gtin: '00000096385074', code: 'KN95', units: 1 },
      { gtin: '04006381333931', code: 'N95', units: 1 },
    ]);
  });
});
