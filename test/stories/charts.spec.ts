import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { curveOf, giniOf } from '../../src/charts/lorenz.rules.js';
import { FairnessService } from '../../src/history/fairness.service.js';
import { aCommittedPlan, aDonation, aDonor, aGroup, asOwner, FORM_GROUP, REGISTER } from '../support/builders.js';
import { statementsOf } from '../support/statements.js';
import { type Client, openWorld, type World } from '../support/world.js';

const HOSTILE = `Silk <Road> & "Co" ]]><script>alert('1')</script>`;
const CHARTS = ['flow', 'months', 'fairness'] as const;

interface Drawn {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly error?: { code: string; field?: string };
  /** The lines of the description, as a reader of XML has them. */
  readonly lines: string[];
  readonly tags: Set<string>;
}

/** What the description says, and what elements there are. */
function read(svg: string): Pick<Drawn, 'lines' | 'tags'> {
  const parser = new SaxesParser({ xmlns: true });
  const tags = new Set<string>();
  let inside = '';
  let description = '';
  parser.on('opentag', ({ name }) => {
    tags.add(name);
    inside = name;
  });
  parser.on('text', (text) => {
    if (inside === 'desc') description += text;
  });
  parser.on('closetag', () => {
    inside = '';
  });
  parser.write(svg).close();
  return { lines: description.split('\n'), tags };
}

describe('pictures of history', () => {
  let world: World;
  let coordinator: Client;
  let donor: { id: string };
  let hidden: { id: string };
  let people: string[];

  const get = async (client: Client, path: string, headers: object = {}): Promise<Drawn> => {
    const response = await world.app.inject({
      method: 'GET',
      url: `/charts/${path}`,
      headers: { ...(client.token !== null && { authorization: `Bearer ${client.token}` }), ...headers },
    });
    const { statusCode: status, body } = response;
    const error = status === 200 ? {} : { error: (response.json() as { error: Drawn['error'] }).error! };
    const seen = status === 200 ? read(body) : { lines: [], tags: new Set<string>() };
    return { status, headers: response.headers, body, ...error, ...seen };
  };

  // Six in the US: 0 to 3 in one group, 3 to 5 in another; two in China, in none. Ten masks and a pair of goggles each.
  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const recipients = Array.from({ length: 8 }, (_, i) => ({ name: `Dr. ${i}`, country: i < 6 ? 'US' : 'CN' }));
    const registered = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
      input: { recipients },
    });
    people = registered.registerRecipients.recipients.map(({ id }) => id);
    await coordinator.ask(FORM_GROUP, { input: { name: 'Doctors </desc><a/>', memberIds: people.slice(0, 4) } });
    await coordinator.ask(FORM_GROUP, { input: { name: '上海的医生', memberIds: people.slice(3, 6) } });
    donor = await aDonor(coordinator, { name: HOSTILE });
    hidden = await aDonor(coordinator, { name: 'Madame Li', anonymous: true });
    await aDonation(coordinator, { MASK: 80 }, { donorId: donor.id });
    await aCommittedPlan(coordinator);
    await aDonation(coordinator, { GOGGLES: 8 }, { donorId: hidden.id });
    await aCommittedPlan(coordinator);
    // In New York it was still December.
    await asOwner(world, `update distribution set allocated_at = '2021-01-01T03:00:00Z' where donor_id = $1`, [
      donor.id,
    ]);
    await asOwner(world, `update distribution set allocated_at = '2021-03-05T12:00:00Z' where donor_id = $1`, [
      hidden.id,
    ]);
  });
  afterAll(() => world.close());

  it('are SVG that nobody keeps, and that may run and fetch nothing', async () => {
    for (const chart of CHARTS) {
      const { status, headers, tags } = await get(coordinator, `${chart}.svg`);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'image/svg+xml; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'content-language': 'en',
      });
      expect(tags.has('script') || tags.has('a')).toBe(false);
    }
  });

  it('are the same bytes for the same data', async () => {
    for (const chart of CHARTS) {
      const [first, second] = [await get(coordinator, `${chart}.svg`), await get(coordinator, `${chart}.svg`)];
      expect(second.body).toBe(first.body);
    }
  });

  it('show where units went, every unit once, whoever is in several groups apart', async () => {
    const { lines } = await get(coordinator, 'flow.svg');
    expect(lines).toEqual([
      '88 units.',
      `Donors: ${HOSTILE}: 80 units; Madame Li: 8 units`,
      'Items: Mask: 80 units; Goggles: 8 units',
      'Groups: Doctors </desc><a/>: 33 units; 上海的医生: 22 units; In no group: 22 units; In several groups: 11 units',
      `${HOSTILE}: 80 units to Mask`,
      'Madame Li: 8 units to Goggles',
      'Mask: 30 units to Doctors </desc><a/>; 20 units to 上海的医生; 20 units to In no group; 10 units to In several groups',
      'Goggles: 3 units to Doctors </desc><a/>; 2 units to 上海的医生; 2 units to In no group; 1 unit to In several groups',
      'Every unit is counted once; groups are as they are now, and who is in several of them stands apart.',
    ]);
  });

  it('by some groups take nobody for a member of others', async () => {
    const extra = await aGroup(coordinator, people);
    const { lines } = await get(coordinator, `flow.svg?groupIds=${extra}&itemCodes=MASK`);
    expect(lines[3]).toMatch(/^Groups: Group \d+: 80 units$/);
    await coordinator.ask(`mutation($input: ChangeGroupMembersInput!) { changeGroupMembers(input: $input) { id } }`, {
      input: { groupId: extra, leave: people },
    });
  });

  it('tell auditors nothing of anonymous donors, and donors only of themselves, by country', async () => {
    const auditor = await get(await world.as('AUDITOR'), 'flow.svg');
    expect(auditor.lines[1]).toBe(`Donors: ${HOSTILE}: 80 units; Anonymous donors: 8 units`);
    expect(auditor.body).not.toContain('Madame');
    const hers = await world.as('DONOR', hidden.id);
    const flow = await get(hers, 'flow.svg');
    // The two in China would be known by it: they and, lest a subtraction tell, the next larger country are others.
    expect(flow.lines).toEqual([
      '8 units.',
      'Donors: Madame Li: 8 units',
      'Items: Goggles: 8 units',
      'Countries: Others: 8 units',
      'Madame Li: 8 units to Goggles',
      'Goggles: 8 units to Others',
      'What went to fewer than three people is merged into others.',
    ]);
    expect((await get(hers, 'months.svg')).lines.slice(1)).toEqual([
      'Mar 2021: 8 units (Goggles: 8 units)',
      'What went to fewer than three people is merged into others.',
    ]);
    const few = await get(hers, 'months.svg?countries=CN');
    expect(few.lines[1]).toBe('Mar 2021: 2 units (Others, merged: 2 units)');
    const foreign = await get(hers, `flow.svg?donorIds=${donor.id}`);
    expect(foreign.lines[0]).toMatch(/^There is nothing to draw/);
  });

  it('are for those who may see the figures', async () => {
    const roles = ['ADMIN', 'COORDINATOR', 'AUDITOR', 'DONOR', 'RECIPIENT'] as const;
    const statuses = await Promise.all(
      roles.map(async (role) => {
        const subject = { DONOR: donor.id, RECIPIENT: people[0]! }[role as string];
        const client = await world.as(role, subject);
        return [role, ...(await Promise.all(CHARTS.map(async (chart) => (await get(client, `${chart}.svg`)).status)))];
      }),
    );
    expect(statuses).toEqual([
      ['ADMIN', 200, 200, 200],
      ['COORDINATOR', 200, 200, 200],
      ['AUDITOR', 200, 200, 200],
      ['DONOR', 200, 200, 403],
      ['RECIPIENT', 403, 403, 403],
    ]);
    const nobody = await get(world.with(null), 'flow.svg');
    expect([nobody.status, nobody.error?.code]).toEqual([401, 'UNAUTHENTICATED']);
    const asking = await get(await world.as('DONOR', donor.id), `flow.svg?recipientIds=${people[0]}`);
    expect([asking.status, asking.error?.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('show units by month of the time zone, with months in which there was nothing', async () => {
    const { lines } = await get(coordinator, 'months.svg');
    expect(lines).toEqual([
      '88 units · by month of allocation · UTC',
      'Jan 2021: 80 units (Masks: 80 units)',
      'Feb 2021: nothing',
      'Mar 2021: 8 units (Goggles: 8 units)',
    ]);
    const newYork = await get(coordinator, 'months.svg?timeZone=America/New_York&allocatedOn.to=2020-12-31');
    expect(newYork.lines).toEqual([
      '80 units · by month of allocation · until 2020-12-31 · America/New_York',
      'Dec 2020: 80 units (Masks: 80 units)',
    ]);
  });

  it('leave out what was cancelled, unless it is asked for', async () => {
    const set = (to: string, from: string) =>
      asOwner(
        world,
        `update distribution set status = '${to}' where status = '${from}' and recipient_id = $1 and donor_id = $2`,
        [people[5], donor.id],
      );
    await set('CANCELLED', 'PREPARED');
    for (const chart of ['flow', 'months']) {
      expect((await get(coordinator, `${chart}.svg`)).lines[0]).toMatch(/^78 units/);
      expect((await get(coordinator, `${chart}.svg?statuses=CANCELLED`)).lines[0]).toMatch(/^10 units/);
    }
    await set('PREPARED', 'CANCELLED');
  });

  it('state the Gini coefficient that the API states, and draw a curve of that area', async () => {
    const filter = { itemCodes: ['MASK'], countries: ['US'] };
    const { fairness } = await coordinator.ask<{ fairness: { totals: { received: { gini: number } } } }>(
      `query($filter: DistributionFilter) { fairness(filter: $filter) { totals { received { gini } } } }`,
      { filter },
    );
    const { lines } = await get(coordinator, 'fairness.svg?itemCodes=MASK&countries=US');
    expect(lines[0]).toBe('6 people, 60 units.');
    expect(lines[1]).toContain(`Gini ${fairness.totals.received.gini} `);
    // Whoever got nothing in China is not asked for; over everything the eight have eleven each, until a parcel is lost.
    await asOwner(world, `update distribution set status = 'LOST' where recipient_id = $1 and donor_id = $2`, [
      people[0],
      donor.id,
    ]);
    const service = world.app.get(FairnessService);
    const { received } = await service.totals({});
    expect(received!.gini).toBeGreaterThan(0);
    const curve = curveOf(await service.curve({}));
    expect(giniOf(curve)).toBeCloseTo(received!.gini, 4);
    await asOwner(world, `update distribution set status = 'PREPARED' where status = 'LOST'`);
  });

  it('speak Chinese where the address or the header asks for it', async () => {
    const asked = await get(coordinator, 'flow.svg?language=zh');
    expect(asked.headers['content-language']).toBe('zh-Hans');
    expect(asked.lines[2]).toBe('物资：口罩：80 件；护目镜：8 件');
    const header = await get(coordinator, 'months.svg', { 'accept-language': 'zh-CN,en;q=0.5' });
    expect(header.lines[1]).toBe('2021年1月：80 件 (口罩：80 件)');
    const english = await get(coordinator, 'months.svg?language=en', { 'accept-language': 'zh-CN' });
    expect(english.headers['content-language']).toBe('en');
  });

  it.each([
    ['language=fr', 'language'],
    ['language=zh&language=en', 'language'],
    ['itemCode=MASK', 'itemCode'],
    ['allocatedOn.from=2020-02-30', 'allocatedOn.from'],
  ])('refuse what they do not understand: %s', async (query, field) => {
    for (const chart of CHARTS) {
      const { status, error } = await get(coordinator, `${chart}.svg?${query}`);
      expect([status, error?.code, error?.field]).toEqual([400, 'BAD_USER_INPUT', field]);
    }
  });

  it('say so where there is nothing to draw', async () => {
    for (const chart of CHARTS) {
      const { status, lines } = await get(coordinator, `${chart}.svg?allocatedOn.to=1999-12-31`);
      expect([status, lines[0]]).toEqual([200, 'There is nothing to draw: no line of history fits the filter.']);
    }
  });
});

describe('pictures of a long history', () => {
  let world: World;
  let coordinator: Client;
  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  it('sum the smallest where a column would have more than twelve, and lose no unit, in few statements', async () => {
    const recipients = Array.from({ length: 20 }, (_, i) => ({ name: `Dr. ${i}`, country: 'US' }));
    const registered = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
      input: { recipients },
    });
    const people = registered.registerRecipients.recipients.map(({ id }) => id);
    for (let i = 0; i < 15; i++) await aGroup(coordinator, [people[i]!]);
    await aGroup(coordinator, [people[0]!]);
    for (let i = 1; i <= 14; i++) await aDonation(coordinator, { MASK: 20 * i });
    await aCommittedPlan(coordinator);
    let body = '';
    const statements = await statementsOf(async () => {
      const headers = { authorization: `Bearer ${coordinator.token}` };
      ({ body } = await world.app.inject({ method: 'GET', url: '/charts/flow.svg', headers }));
    });
    const { lines } = read(body);
    expect(lines[0]).toBe('2,100 units.');
    expect(lines[1]).toMatch(/^Donors: Donor \d+: 280 units; .*; Others \(3\): 120 units$/);
    // Fifteen groups, of whose members one is in several: ten of them, those in none and in several, and others.
    expect(lines[3]!.split('; ')).toHaveLength(12);
    expect(lines[3]).toMatch(/Others \(\d+\)/);
    const sum = [...lines[3]!.matchAll(/: (\d+) units?/g)].reduce((units, [, own]) => units + Number(own), 0);
    expect(sum).toBe(2100);
    expect(statements).toBeGreaterThan(3);
    expect(statements).toBeLessThan(9);
  });

  it('bound the points of the curve, and keep its area', async () => {
    await asOwner(
      world,
      `update distribution t set units = s.units from (select id, (row_number() over (order by id))::int as units from distribution) s where s.id = t.id`,
    );
    const service = world.app.get(FairnessService);
    const all = curveOf(await service.curve({}));
    expect(giniOf(all)).toBeCloseTo((await service.totals({})).received!.gini, 4);
    // Two thousand people of whom no two received the same, and ten nearly everything.
    await asOwner(
      world,
      `insert into recipient (id, name, exposure_tier, headcount, status, created_at)
       select gen_random_uuid(), 'Clinician ' || i, 3, 1, 'ACTIVE', now() from generate_series(1, 1980) i`,
    );
    await asOwner(
      world,
      `insert into distribution select more.* from (select id, row_number() over (order by id) as place from recipient) r
       cross join (select * from distribution limit 1) d
       cross join jsonb_populate_record(null::distribution, to_jsonb(d) ||
         jsonb_build_object('id', gen_random_uuid(), 'recipient_id', r.id, 'units', r.place + case when r.place > 1990 then r.place * 10000 else 0 end)) more`,
    );
    const points = await service.curve({});
    expect(points.length).toBeGreaterThan(100);
    expect(points.length).toBeLessThanOrEqual(202);
    const { people, received, receivedUnits } = await service.totals({});
    expect(people).toBe(2000);
    expect(points.at(-1)).toEqual({ people, units: receivedUnits });
    expect(Math.abs(giniOf(curveOf(points)) - received!.gini)).toBeLessThan(0.0005);
  });
});
