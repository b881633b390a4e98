import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aDonation,
  aGroup,
  asOwner,
  clinicians,
  faultOf,
  LOG_DONATION,
  messagesSeen,
  REGISTER_DONOR,
  rowCounts,
  thrice,
} from '../support/builders.js';
import { type Answer, type Client, openWorld, type World } from '../support/world.js';

const NOWHERE = '01900000-0000-7000-8000-00000000dead';
const ITEMS = '{ items(first: 1) { totalCount } }';
const BAD = 'BAD_USER_INPUT';
const UNKNOWN = { status: 401, code: 'UNAUTHENTICATED' };

describe('bad requests', () => {
  let world: World;
  let coordinator: Client;
  let before: Record<string, number>;
  let ids: { recipient: string; donor: string };

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const group = await aGroup(coordinator);
    const [recipient] = await clinicians(coordinator, 2, [group]);
    const gift = await aDonation(coordinator, { MASK: 5 });
    ids = { recipient: recipient!, donor: gift.donor.id };
    await world.as('AUDITOR');
    before = await rowCounts(world);
  });
  afterAll(() => world.close());

  /** Sends a request as it is, three times. */
  async function send(request: object): Promise<{ status: number; code?: string; field?: string }> {
    const once = async () => {
      const response = await world.app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${coordinator.token}` },
        ...request,
      });
      messagesSeen.push(response.body);
      const { errors } = response.json<Answer>();
      const { code, field } = errors?.[0]?.extensions ?? {};
      return { status: response.statusCode, ...(code && { code }), ...(field !== undefined && { field }) };
    };
    const first = await once();
    expect(await once()).toEqual(first);
    expect(await once()).toEqual(first);
    return first;
  }
  const signedIn = (type: string) => ({ 'content-type': type, authorization: `Bearer ${coordinator.token}` });

  it.each([
    ['not JSON', '{', 'body'],
    ['empty', '', 'body'],
    ['an array', `[{"query":"${ITEMS}"}]`, 'body'],
    ['null', 'null', 'body'],
    ['a text', '"query"', 'body'],
    ['a number', '5', 'body'],
    ['without a query', '{}', 'query'],
    ['with a null query', '{"query":null}', 'query'],
    ['with an empty query', '{"query":""}', 'query'],
    ['with a query that is a number', '{"query":5}', 'query'],
    ['with a query that is an object', '{"query":{"kind":"Document","definitions":[]}}', 'query'],
    ['with a syntax tree for a query', JSON.stringify({ query: '{"kind":"Document","definitions":[]}' }), 'query'],
    ['with JSON for a query', '{"query":"null"}', 'query'],
    ['with variables that are a text', `{"query":"${ITEMS}","variables":"x"}`, 'variables'],
    ['with variables that are a list', `{"query":"${ITEMS}","variables":[1]}`, 'variables'],
    ['with an operation name that is a number', `{"query":"${ITEMS}","operationName":5}`, 'operationName'],
    ['of a persisted query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}', 'query'],
  ])('a body that is %s is refused as %s', async (_what, payload, field) => {
    expect(await send({ payload })).toEqual({ status: 400, code: BAD, field });
  });

  it('a body over four megabytes is too complex', async () => {
    const payload = JSON.stringify({ query: ITEMS, variables: { x: 'x'.repeat(4_200_000) } });
    expect(await send({ payload })).toEqual({ status: 400, code: 'TOO_COMPLEX', field: 'body' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ])('a body of type "%s" is refused', async (type) => {
    const payload = JSON.stringify({ query: ITEMS });
    const request = { headers: signedIn(type), payload };
    expect(await send(request)).toEqual({ status: 400, code: BAD, field: 'content-type' });
  });

  it('a query may be asked by GET, a mutation may not', async () => {
    const get = (query: string, more = '') =>
      send({
        method: 'GET',
        url: `/graphql?query=${encodeURIComponent(query)}${more}`,
        headers: signedIn('text/plain'),
      });
    expect(await get(ITEMS)).toEqual({ status: 200 });
    const mutation = 'mutation M { registerDonor(input: { name: "By GET", kind: PERSON }) { id } }';
    expect(await get(mutation)).toEqual({ status: 400, code: BAD, field: 'query' });
    expect(await get(`query Q ${ITEMS} ${mutation}`, '&operationName=M')).toEqual({
      status: 400,
      code: BAD,
      field: 'query',
    });
    expect(await get(`query Q ${ITEMS}`, '&operationName=Z')).toMatchObject({ status: 400, code: BAD });
    expect(await get(ITEMS, '&variables=x')).toEqual({ status: 400, code: BAD, field: 'variables' });
    expect(await get('')).toEqual({ status: 400, code: BAD, field: 'query' });
  });

  it.each([
    ['a syntax error', '{ items(', undefined],
    ['an unknown field', '{ items { nodes { colour } } }', undefined],
    ['an unknown argument', '{ items(last: 1) { totalCount } }', 'last'],
    ['a text for a number', '{ items(first: "x") { totalCount } }', 'first'],
    ['a subscription', 'subscription { items { totalCount } }', undefined],
    ['a fragment alone', 'fragment F on Item { id }', undefined],
    ['too many words', `{ ${'a '.repeat(6000)} }`, undefined],
  ])('a document with %s is refused', async (_what, query, field) => {
    expect(await faultOf(coordinator, query)).toEqual({ code: BAD, ...(field && { field }) });
  });

  it('a variable of a wrong type, null, or missing is refused by its name', async () => {
    const list = 'query($first: Int) { items(first: $first) { totalCount } }';
    for (const first of ['x', 1.5, 1e14, [1], {}])
      expect(await faultOf(coordinator, list, { first })).toEqual({ code: BAD, field: 'first' });
    expect(await faultOf(coordinator, LOG_DONATION)).toEqual({ code: BAD, field: 'input' });
    expect(await faultOf(coordinator, LOG_DONATION, {})).toEqual({ code: BAD, field: 'input' });
    expect(await faultOf(coordinator, LOG_DONATION, { input: null })).toEqual({ code: BAD, field: 'input' });
    expect(await faultOf(coordinator, LOG_DONATION, { input: 5 })).toEqual({ code: BAD, field: 'input' });
  });

  it('a good call after bad ones of the same text is answered, and a bad one after good ones refused', async () => {
    const query = 'query($first: Int!) { items(first: $first) { nodes { id } } }';
    for (const first of [0, 2, 'x', 3, 101, 1, null, 2]) {
      const { data, errors } = await coordinator.answer<{ items: { nodes: object[] } }>(query, { first });
      if (typeof first === 'number' && first > 0 && first < 100) expect(data?.items.nodes).toHaveLength(first);
      else expect(errors?.[0]?.extensions).toMatchObject({ code: BAD, field: 'first' });
    }
  });

  it('an id that is none is refused, and one of nothing or of something else finds nothing', async () => {
    const queries = [
      ...['donor', 'shipment', 'lot', 'plan', 'delivery'].map((name) => [`${name}(id:`, 'id', ids.recipient]),
      ['recipient(id:', 'id', ids.donor],
      ['donorImpact(donorId:', 'donorId', ids.recipient],
      ['lotTrace(lotId:', 'lotId', ids.recipient],
    ] as const;
    for (const [field, argument, other] of queries) {
      const typed = `query($x: ID!) { found: ${field} $x) { __typename } }`;
      for (const x of ['x', '', '5', `${NOWHERE}0`]) {
        expect(await faultOf(coordinator, typed, { x })).toEqual({ code: BAD, field: argument });
        expect(await faultOf(coordinator, `{ ${field} "${x}") { __typename } }`)).toEqual({
          code: BAD,
          field: argument,
        });
      }
      for (const x of [NOWHERE, other])
        expect(await thrice(coordinator, typed, { x })).toEqual({ status: 200, data: { found: null } });
    }
  });

  it('an id in capitals is the same id', async () => {
    const someone = ids.recipient;
    const found = await coordinator.ask<{ recipient: object }>('query($id: ID!) { recipient(id: $id) { id } }', {
      id: someone.toUpperCase(),
    });
    expect(found.recipient).toEqual({ id: someone });
    const plain = await coordinator.ask<{ deliveries: object }>(
      'query($id: ID!) { deliveries(recipientId: $id) { totalCount } }',
      { id: someone.toUpperCase() },
    );
    expect(plain.deliveries).toEqual({ totalCount: 0 });
  });

  it('an id that is none is refused in filters', async () => {
    const refused: [string, string][] = [
      ['recipients(groupIds: ["x"]) { totalCount }', 'groupIds.0'],
      ['shipments(donorIds: ["x"]) { totalCount }', 'donorIds.0'],
      ['deliveries(planId: "x") { totalCount }', 'planId'],
      ['deliveries(recipientId: "x") { totalCount }', 'recipientId'],
      ...['donorIds', 'recipientIds', 'groupIds', 'shipmentIds', 'lotIds'].flatMap((name): [string, string][] => [
        [`distributions(filter: { ${name}: ["x"] }) { totalCount }`, `filter.${name}.0`],
        [`distributionSummary(by: [ITEM], filter: { ${name}: ["x"] }) { units }`, `filter.${name}.0`],
      ]),
      ['distributions(filter: { timeZone: "Mars/Base" }) { totalCount }', 'filter.timeZone'],
      ['distributionSummary(by: [MONTH], filter: { timeZone: "+05:00" }) { units }', 'filter.timeZone'],
      ['distributions(filter: { itemCodes: ["MASK", "MUSK"] }) { totalCount }', 'filter.itemCodes.1'],
      ['distributionSummary(by: [ITEM], filter: { itemCodes: ["MUSK"] }) { units }', 'filter.itemCodes.0'],
      ['stock(itemCodes: ["MASK", "MUSK"]) { onHandUnits }', 'itemCodes.1'],
    ];
    for (const [query, field] of refused)
      expect(await faultOf(coordinator, `{ ${query} }`)).toEqual({ code: BAD, field });
  });

  it('no list gives a page of none, of more than 100, or after a cursor that is not its own', async () => {
    const lists = ['items', 'donors', 'shipments', 'recipients', 'groups', 'plans', 'deliveries', 'distributions'];
    const forged = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
    for (const [i, list] of lists.entries()) {
      const typed = `query($first: Int, $after: String) { ${list}(first: $first, after: $after) { totalCount nodes { id } } }`;
      for (const first of [0, -1, 101, 2_000_000_000]) {
        expect(await faultOf(coordinator, typed, { first })).toEqual({
          code: first > 101 ? 'TOO_COMPLEX' : BAD,
          ...(first <= 101 && { field: 'first' }),
        });
      }
      expect(await faultOf(coordinator, `{ ${list}(first: 101) { nodes { id } } }`)).toEqual({
        code: BAD,
        field: 'first',
      });
      const another = forged(lists[(i + 1) % lists.length], NOWHERE);
      const names = list === 'distributions' ? ['distributions ALLOCATED_AT DESC', 'x', NOWHERE] : [list, 'x'];
      for (const after of ['', 'x', '%', another, forged(list), forged(...names), forged(list, NOWHERE, NOWHERE)]) {
        expect(await faultOf(coordinator, typed, { after })).toEqual({ code: BAD, field: 'after' });
        expect(await faultOf(coordinator, `{ ${list}(after: "${after}") { nodes { id } } }`)).toEqual({
          code: BAD,
          field: 'after',
        });
      }
    }
  });

  it('a page within a page is checked as well', async () => {
    for (const argument of ['first: 0', 'first: 101'])
      expect(await faultOf(coordinator, `{ groups { nodes { members(${argument}) { nodes { id } } } } }`)).toEqual({
        code: BAD,
        field: 'first',
      });
    expect(await faultOf(coordinator, '{ groups { nodes { members(after: "x") { nodes { id } } } } }')).toEqual({
      code: BAD,
      field: 'after',
    });
  });

  it('a query that nests too deep or asks for too much is too complex, however it is written', async () => {
    const nested = (depth: number): string =>
      depth === 0 ? 'id' : `groups { members { nodes { ${nested(depth - 1)} } } }`;
    const page = 'groups(first: 100) { nodes { members(first: 100) { nodes { id name } } } }';
    const documents = [
      `{ recipients { nodes { ${nested(4)} } } }`,
      `{ ${page} }`,
      `{ ...F } fragment F on Query { ${page} }`,
      '{ groups(first: 100) { ...G } } fragment G on GroupConnection { nodes { members(first: 100) { ...R } } } fragment R on RecipientConnection { nodes { id name } }',
      '{ groups { ... on GroupConnection { nodes { members { ... on RecipientConnection { nodes { groups { members { ... { nodes { id name } } } } } } } } } } }',
      `{ ${Array.from({ length: 30 }, (_, i) => `a${i}: recipients(first: 100) { nodes { id name email phone country facility status } }`).join(' ')} }`,
    ];
    for (const document of documents) expect(await faultOf(coordinator, document)).toEqual({ code: 'TOO_COMPLEX' });
    const sized = 'groups(first: $n) { nodes { members(first: $n) { nodes { id name } } } }';
    expect(await faultOf(coordinator, `query($n: Int) { ${sized} }`, { n: 100 })).toEqual({ code: 'TOO_COMPLEX' });
    expect(await faultOf(coordinator, `query($n: Int = 100) { ${sized} }`)).toEqual({ code: 'TOO_COMPLEX' });
    expect((await thrice(coordinator, `query($n: Int = 100) { ${sized} }`, { n: 10 })).errors).toBeUndefined();
  });

  it('of two operations the one that is named runs, each time', async () => {
    const query = `query A { answer: items(first: 1) { totalCount } } query B { answer: groups(first: 1) { totalCount } }
      mutation M($name: String!) { answer: registerDonor(input: { name: $name, kind: PERSON }) { id } }`;
    const run = async (operationName: string | null, variables?: object) => {
      const response = await world.app.inject({
        method: 'POST',
        url: '/graphql',
        headers: signedIn('application/json'),
        payload: { query, operationName, variables },
      });
      return response.json<Answer<{ answer: { totalCount: number } }>>();
    };
    for (let round = 0; round < 3; round++) {
      expect((await run('A')).data?.answer.totalCount).toBeGreaterThan(5);
      expect((await run('B')).data?.answer.totalCount).toBe(1);
      expect((await run('M', { name: ' ' })).errors?.[0]?.extensions).toMatchObject({ code: BAD, field: 'input.name' });
      expect((await run('M', {})).errors?.[0]?.extensions).toMatchObject({ code: BAD, field: 'name' });
      expect((await run('Z')).errors?.[0]?.extensions).toMatchObject({ code: BAD });
      expect((await run(null)).errors?.[0]?.extensions).toEqual({ code: BAD, field: 'operationName' });
      expect((await run('', {})).errors?.[0]?.extensions).toMatchObject({ code: BAD });
    }
  });

  it('nobody without a token learns anything, whatever is asked', async () => {
    const stranger = world.with(null);
    const documents = [
      ITEMS,
      '{ __schema { types { name } } }',
      '{ __type(name: "Recipient") { fields { name } } }',
      '{ __typename }',
      '{ colour }',
      '{ items(',
      'mutation { registerDonor(input: { colour: 1 }) { id } }',
      'mutation { confirmDelivery(input: {}) { colour } }',
      'mutation { confirmDelivery(input: { colour: 1 }) { __typename } }',
      'mutation { confirmDelivery(input: {}) { __typename } registerDonor(input: {}) { id } }',
      'mutation { ...F } fragment F on Mutation { registerDonor(input: {}) { id } }',
      'mutation { confirmDelivery(input: {}) { ... on Delivery { ...F } } } fragment F on Delivery { colour }',
      `query A ${ITEMS} mutation B { confirmDelivery(input: {}) { __typename } }`,
      `mutation { confirmDelivery(input: { deliveryId: "${NOWHERE}" }) { __typename } }`,
    ];
    for (const document of documents) {
      const { errors } = await thrice(stranger, document);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    }
    expect(await send({ headers: { 'content-type': 'application/json' }, payload: '[]' })).toEqual(UNKNOWN);
    expect(await send({ method: 'GET', url: `/graphql?query=${encodeURIComponent(ITEMS)}`, headers: {} })).toEqual(
      UNKNOWN,
    );
  });

  it.each([
    'Bearer x',
    'Bearer ',
    'bearer',
    '',
    'Basic eDp5',
    `Bearer ppe_${'A'.repeat(43)}`,
    `Bearer ppe_${'A'.repeat(10_000)}`,
    'ppe',
  ])('the authorization "%.20s" is refused', async (authorization) => {
    const headers = { 'content-type': 'application/json', authorization };
    expect(await send({ headers, payload: JSON.stringify({ query: ITEMS }) })).toEqual(UNKNOWN);
    expect(await send({ headers, payload: '{"query":"{ colour }"}' })).toEqual(UNKNOWN);
    const confirm = JSON.stringify({ query: 'mutation { confirmDelivery(input: { token: "x" }) { __typename } }' });
    expect(await send({ headers, payload: confirm })).toEqual(UNKNOWN);
  });

  it('a token that was revoked is refused from the next call on', async () => {
    const auditor = await world.as('AUDITOR');
    await auditor.ask(ITEMS);
    await asOwner(
      world,
      `update access_token set revoked_at = now() where id = (select max(id::text)::uuid from access_token)`,
    );
    expect(await faultOf(auditor, ITEMS)).toEqual({ code: 'UNAUTHENTICATED' });
    expect(await faultOf(auditor, '{ colour }')).toEqual({ code: 'UNAUTHENTICATED' });
    await coordinator.ask(ITEMS);
  });

  it('has written nothing of all that but the token, and shown no fault of ours', async () => {
    await coordinator.error(REGISTER_DONOR, { input: { name: '', kind: 'PERSON' } });
    const after = await rowCounts(world);
    expect(after).toEqual({ ...before, access_token: before['access_token']! + 1, journal: before['journal']! + 1 });
    expect(messagesSeen.length).toBeGreaterThan(200);
    expect(messagesSeen.filter((message) => message.includes('INTERNAL'))).toEqual([]);
    expect(messagesSeen.filter((message) => /Clinician No|Donor \d/.test(message))).toEqual([]);
    expect(await world.breaches()).toEqual([]);
  });
});
