import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import {
  aCommittedPlan,
  aDonation,
  anAnnouncement,
  asOwner,
  clinicians,
  faultOfInput,
  LOG_DONATION,
  RECEIVE,
  type ShipmentView,
} from '../support/builders.js';
import { act } from '../laws/acts.js';
import { connect } from '../support/database.js';
import { aMove, aSite, aTransfer, doAtSite, MAIN_SITE, placesOf, siteMutation } from '../support/sites.js';
import { correct, entriesOf, waysOf } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
const lotOf = (gift: ShipmentView): string => gift.lines[0]!.lots[0]!.id;

describe('sites', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(async () => {
    expect(await world.breaches()).toEqual([]);
    await world.close();
  });

  const close = (siteId: string, reason = 'the lease ended') => doAtSite(coordinator, 'closeSite', { siteId, reason });
  const list = async (open?: boolean): Promise<string[]> => {
    const { sites } = await coordinator.ask<{ sites: { nodes: { id: string }[] } }>(
      `query($open: Boolean) { sites(open: $open, first: 100) { nodes { id } } }`,
      { open },
    );
    return sites.nodes.map(({ id }) => id);
  };
  const entries = async (action: string): Promise<number> =>
    (await asOwner(world, 'select 1 from journal where action = $1', [action])).length;

  it('there is one from the start, and goods go there when nobody says where', async () => {
    const { sites } = await coordinator.ask<{ sites: object }>(
      `{ sites { totalCount nodes { id name isDefault closedAt } } }`,
    );
    expect(sites).toEqual({
      totalCount: 1,
      nodes: [{ id: MAIN_SITE, name: 'Main site', isDefault: true, closedAt: null }],
    });
    const lot = lotOf(await aDonation(coordinator, { MASK: 3 }));
    expect(await placesOf(coordinator, lot)).toEqual({ [`AVAILABLE at ${MAIN_SITE}`]: 3 });
  });

  it('a new one is written down with what is known of it, and a gift can be logged there', async () => {
    const input = { name: '  The  Garage ', address: '1 Elm St', country: 'us', note: 'Ring twice' };
    const site = await doAtSite(coordinator, 'registerSite', input);
    expect(site).toMatchObject({
      __typename: 'Site',
      name: 'The  Garage',
      address: '1 Elm St',
      country: 'US',
      note: 'Ring twice',
      isDefault: false,
      closedAt: null,
    });
    const lot = lotOf(await aDonation(coordinator, { GOWN: 4 }, { siteId: site.id }));
    expect(await placesOf(coordinator, lot)).toEqual({ [`AVAILABLE at ${site.id}`]: 4 });
  });

  it('no two open ones share a name, whatever its case and spaces', async () => {
    const siteId = await aSite(coordinator, { name: 'North Clinic' });
    const other = await aSite(coordinator, { name: 'South Clinic' });
    const taken = { __typename: 'SiteNameTakenError', code: 'SITE_NAME_TAKEN', siteId };
    expect(await doAtSite(coordinator, 'registerSite', { name: ' north  CLINIC' })).toMatchObject(taken);
    expect(await doAtSite(coordinator, 'reviseSite', { siteId: other, name: 'NORTH CLINIC' })).toMatchObject(taken);
    expect(await doAtSite(coordinator, 'reviseSite', { siteId, name: 'north clinic' })).toMatchObject({
      name: 'north clinic',
    });
    const said = await Promise.all(
      Array.from({ length: 5 }, () => doAtSite(coordinator, 'registerSite', { name: 'West Clinic' })),
    );
    expect(said.map(({ __typename }) => __typename).sort()).toEqual(['Site', ...Array(4).fill('SiteNameTakenError')]);
  });

  it('under one key, what is taken away is not what is left out', async () => {
    const siteId = await aSite(coordinator, { name: 'Barn', note: 'Back door' });
    const input = { siteId, idempotencyKey: `barn ${siteId}` };
    await doAtSite(coordinator, 'reviseSite', input);
    const { extensions } = await coordinator.error(siteMutation('reviseSite'), { input: { ...input, note: null } });
    expect(extensions).toMatchObject({ code: 'CONFLICT' });
  });

  it('what is revised changes, what is left out stays, and null takes it away', async () => {
    const siteId = await aSite(coordinator, { name: 'Depot', address: '2 Oak St', country: 'DE', note: 'Back door' });
    const revised = await doAtSite(coordinator, 'reviseSite', { siteId, address: '3 Oak St', note: null });
    expect(revised).toMatchObject({ name: 'Depot', address: '3 Oak St', country: 'DE', note: null });
    expect(await faultOfInput(coordinator, 'reviseSite', { siteId: NOBODY })).toEqual({
      code: 'NOT_FOUND',
      field: 'input.siteId',
    });
  });

  it('what cannot be a site is refused by its field', async () => {
    for (const [input, field] of [
      [{ name: '  ' }, 'input.name'],
      [{ name: 'x'.repeat(201) }, 'input.name'],
      [{ name: 'A', country: 'XX' }, 'input.country'],
      [{ name: 'A', address: 'x'.repeat(501) }, 'input.address'],
    ] as const) {
      expect(await faultOfInput(coordinator, 'registerSite', input)).toEqual({ code: 'BAD_USER_INPUT', field });
    }
    const siteId = await aSite(coordinator);
    expect(await faultOfInput(coordinator, 'closeSite', { siteId, reason: ' ' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.reason',
    });
  });

  it('an empty one is closed with a reason, stays on record, and its name is free again', async () => {
    const siteId = await aSite(coordinator, { name: 'Pop-up' });
    const before = await entries('closeSite');
    const closed = await close(siteId, 'the fair is over');
    expect(closed).toMatchObject({ id: siteId, name: 'Pop-up', closedBecause: 'the fair is over' });
    expect(closed.closedAt).not.toBeNull();
    expect(await entries('closeSite')).toBe(before + 1);
    expect(await list(false)).toEqual([siteId]);
    expect(await list(true)).not.toContain(siteId);
    expect(await list()).toContain(siteId);
    const refused = { __typename: 'SiteClosedError', siteId, closedSince: closed.closedAt };
    expect(await close(siteId)).toMatchObject(refused);
    expect(await doAtSite(coordinator, 'reviseSite', { siteId, note: 'gone' })).toMatchObject(refused);
    expect(await doAtSite(coordinator, 'makeSiteDefault', { siteId })).toMatchObject(refused);
    expect(await aSite(coordinator, { name: 'POP-UP' })).not.toBe(siteId);
  });

  it('nothing can be brought to a closed one, or to one that there is not', async () => {
    const siteId = await aSite(coordinator);
    await close(siteId);
    const gift = (id: string) => ({
      newDonor: { name: 'D', kind: 'PERSON' },
      siteId: id,
      lines: [{ itemCode: 'MASK', units: 1 }],
    });
    const closed = { code: 'BAD_USER_INPUT', field: 'input.siteId' };
    expect(await faultOfInput(coordinator, 'logDonation', gift(siteId))).toEqual(closed);
    expect(await faultOfInput(coordinator, 'logDonation', gift(NOBODY))).toEqual({ ...closed, code: 'NOT_FOUND' });
    const coming = await anAnnouncement(coordinator, { MASK: 5 });
    const counts = [{ lineId: coming.lines[0]!.id, acceptedUnits: 5 }];
    const error = await coordinator.error(RECEIVE, { input: { shipmentId: coming.id, siteId, counts } });
    expect(error.extensions).toMatchObject(closed);
  });

  it('one in use is not closed, and says by what', async () => {
    const siteId = await aSite(coordinator);
    const gift = await aDonation(coordinator, { FACE_SHIELD: 10 }, { siteId });
    const lotId = lotOf(gift);
    const inUse = { __typename: 'SiteInUseError', code: 'SITE_IN_USE', siteId };
    const nothing = { availableUnits: 0, quarantinedUnits: 0, parcelUnits: 0, transfers: 0 };
    expect(await close(siteId)).toEqual({
      ...inUse,
      ...nothing,
      availableUnits: 10,
      message: 'This site is in use: 10 units are available.',
    });
    const { deliveries } = await aCommittedPlan(coordinator, {
      stock: { lotIds: [lotId] },
      recipients: { recipientIds: await clinicians(coordinator, 2) },
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'FACE_SHIELD', units: 2 }] },
    });
    const [first, second] = deliveries;
    await act(coordinator, 'dispatchDelivery', { deliveryId: first!.id });
    const there = { availableUnits: 6, parcelUnits: 4 };
    expect(await close(siteId)).toMatchObject({ ...inUse, ...nothing, ...there });
    const transferId = await aTransfer(coordinator, [siteId, MAIN_SITE], { [lotId]: 6 });
    const away = { ...inUse, ...nothing, parcelUnits: 4, transfers: 1 };
    expect(await close(siteId)).toMatchObject(away);
    await doAtSite(coordinator, 'receiveTransfer', { transferId });
    await act(coordinator, 'confirmDelivery', { deliveryId: first!.id });
    expect(await close(siteId)).toMatchObject({ ...inUse, ...nothing, parcelUnits: 2 });
    await act(coordinator, 'dispatchDelivery', { deliveryId: second!.id });
    await act(coordinator, 'reportDeliveryLost', { deliveryId: second!.id });
    expect(await close(siteId)).toMatchObject({ __typename: 'Site', closedBecause: 'the lease ended' });
  });

  it('one to which a transfer is under way is not closed, and one where a lot is set aside is not', async () => {
    const [from, to] = [await aSite(coordinator), await aSite(coordinator)];
    const lotId = lotOf(await aDonation(coordinator, { GOGGLES: 2 }, { siteId: from }));
    const transferId = await aTransfer(coordinator, [from, to], { [lotId]: 2 });
    expect(await close(to)).toMatchObject({ __typename: 'SiteInUseError', parcelUnits: 0, transfers: 1 });
    await correct(coordinator, 'quarantineLot', { lotId });
    await doAtSite(coordinator, 'receiveTransfer', { transferId });
    expect(await close(to)).toMatchObject({ __typename: 'SiteInUseError', quarantinedUnits: 2, transfers: 0 });
    expect(await close(from)).toMatchObject({ __typename: 'Site' });
  });

  it('the default one is closed only after another is made the default, where goods go from then on', async () => {
    const depot = await aSite(coordinator, { name: 'Second depot' });
    const third = await aSite(coordinator, { name: 'Third depot' });
    await doAtSite(coordinator, 'makeSiteDefault', { siteId: depot });
    expect(await close(depot)).toMatchObject({ __typename: 'SiteIsDefaultError', siteId: depot });
    const lot = lotOf(await aDonation(coordinator, { MASK: 2 }));
    expect(await placesOf(coordinator, lot)).toEqual({ [`AVAILABLE at ${depot}`]: 2 });
    expect(await doAtSite(coordinator, 'makeSiteDefault', { siteId: third })).toMatchObject({ isDefault: true });
    expect(await doAtSite(coordinator, 'makeSiteDefault', { siteId: third })).toMatchObject({ isDefault: true });
    expect(await close(depot)).toMatchObject({ __typename: 'SiteInUseError', availableUnits: 2 });
    await aMove(coordinator, [depot, third], { [lot]: 2 });
    expect(await close(depot)).toMatchObject({ __typename: 'Site', isDefault: false });
  });

  it('whoever brings goods while the default moves or a site closes is before or after, never in between', async () => {
    const homes = [await aSite(coordinator), await aSite(coordinator), await aSite(coordinator)];
    for (let round = 0; round < 6; round++) {
      const leaving = await aSite(coordinator);
      const gift = { newDonor: { name: 'D', kind: 'PERSON' }, lines: [{ itemCode: 'MASK', units: 1 }] };
      const bring = (siteId?: string) => coordinator.answer(LOG_DONATION, { input: { ...gift, siteId } });
      const [brought, closed, ...others] = await Promise.all([
        bring(leaving),
        close(leaving),
        bring(),
        bring(),
        ...homes.map((siteId) => doAtSite(coordinator, 'makeSiteDefault', { siteId })),
      ]);
      const isThere = brought.errors === undefined;
      expect(closed.__typename).toBe(isThere ? 'SiteInUseError' : 'Site');
      expect(others.flatMap((answer) => ('errors' in answer ? answer.errors : []))).toEqual([]);
    }
    const defaults = await asOwner(world, 'select id from site where is_default');
    expect(defaults).toHaveLength(1);
  });

  describe('while somebody else is about to', () => {
    let other: pg.Client;
    beforeAll(async () => {
      other = await connect(world.databaseUrl);
    });
    afterAll(() => other?.end());

    /** Asks while another transaction has done something and not committed it. */
    const during = async <T>(sql: string[], ask: () => Promise<T>): Promise<T> => {
      await other.query('begin');
      for (const statement of sql) await other.query(statement);
      const asked = ask();
      await wait(200);
      await other.query('commit');
      return asked;
    };
    const gift = (siteId?: string) => ({
      input: { newDonor: { name: 'D', kind: 'PERSON' }, lines: [{ itemCode: 'MASK', units: 1 }], siteId },
    });

    it('close a site, nothing comes to it', async () => {
      const siteId = await aSite(coordinator);
      const closing = [`update site set closed_at = now(), closed_because = 'r' where id = '${siteId}'`];
      const { errors } = await during(closing, () => coordinator.answer(LOG_DONATION, gift(siteId)));
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.siteId' });
    });

    it('bring something, a site is not closed', async () => {
      const siteId = await aSite(coordinator);
      const lotId = lotOf(await aDonation(coordinator, { MASK: 1 }));
      const balance = `lot_balance where lot_id = '${lotId}' and site_id = '${siteId}'`;
      const bringing = [
        `select 1 from site where id = '${siteId}' for share`,
        `insert into lot_balance (lot_id, site_id, place, units) values ('${lotId}', '${siteId}', 'AVAILABLE', 1)`,
      ];
      expect(await during(bringing, () => close(siteId))).toMatchObject({
        __typename: 'SiteInUseError',
        availableUnits: 1,
      });
      await asOwner(world, `delete from ${balance}`);
    });

    it('move the default, goods go to the new one', async () => {
      const siteId = await aSite(coordinator);
      const moving = [
        'update site set is_default = false where is_default',
        `update site set is_default = true where id = '${siteId}'`,
      ];
      const { data } = await during(moving, () =>
        coordinator.answer<{ logDonation: ShipmentView }>(LOG_DONATION, gift()),
      );
      expect(await placesOf(coordinator, lotOf(data!.logDonation))).toEqual({ [`AVAILABLE at ${siteId}`]: 1 });
    });

    it('set a lot aside, none of it is sent as if it were free', async () => {
      const siteId = await aSite(coordinator);
      const lotId = lotOf(await aDonation(coordinator, { MASK: 2 }, { siteId }));
      const aside = [
        `update lot set condition = 'QUARANTINED' where id = '${lotId}'`,
        `update lot_balance set units = 0 where lot_id = '${lotId}' and place = 'AVAILABLE'`,
        `insert into lot_balance (lot_id, site_id, place, units) values ('${lotId}', '${siteId}', 'QUARANTINED', 2)`,
        `insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, at, from_units_after, to_units_after)
         values (gen_random_uuid(), '${lotId}', '${siteId}', 'AVAILABLE', '${siteId}', 'QUARANTINED', 2, 'LOT_QUARANTINED', '${lotId}', now(), 0, 2)`,
      ];
      const input = { fromSiteId: siteId, toSiteId: MAIN_SITE, lines: [{ lotId, units: 2 }] };
      expect(await during(aside, () => doAtSite(coordinator, 'dispatchTransfer', input))).toMatchObject({
        status: 'DISPATCHED',
      });
      const sent = await entriesOf(coordinator, { lotIds: [lotId], causes: ['TRANSFER_DISPATCHED'] });
      expect(waysOf(sent)).toEqual(['QUARANTINED > IN_TRANSIT 2']);
    });
  });

  it('are asked for one by one, and where they are is not for donors', async () => {
    const siteId = await aSite(coordinator, { name: 'Home of Lee', address: '9 Pine St', note: 'Dog' });
    const asked = `query($id: ID!) { site(id: $id) { name address note } }`;
    const auditor = await world.as('AUDITOR');
    expect(await auditor.ask(asked, { id: siteId })).toEqual({
      site: { name: 'Home of Lee', address: '9 Pine St', note: 'Dog' },
    });
    expect(await auditor.ask(asked, { id: NOBODY })).toEqual({ site: null });
    const gift = await aDonation(coordinator, { MASK: 1 }, { siteId });
    const donor = await world.as('DONOR', gift.donor.id);
    const { lotTrace } = await donor.ask<{ lotTrace: object }>(
      `query($id: ID!) { lotTrace(lotId: $id) { places { place units site { name address note closedBecause } } } }`,
      { id: lotOf(gift) },
    );
    const site = { name: 'Home of Lee', address: null, note: null, closedBecause: null };
    expect(lotTrace).toEqual({ places: [{ place: 'AVAILABLE', units: 1, site }] });
  });

  it('a repeated call with the same key opens one site', async () => {
    const input = { name: 'Once', idempotencyKey: 'site-once' };
    const first = await doAtSite(coordinator, 'registerSite', input);
    expect(await doAtSite(coordinator, 'registerSite', input)).toEqual(first);
  });
});
