import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  REFUSAL,
  rowCounts,
  type ShipmentView,
  STOCK,
} from '../support/builders.js';
import { CORRECT, correct as correctShipment, correctItem, step, WHY } from '../support/corrections.js';
import { type Client, openWorld, type World } from '../support/world.js';

const IMPACT = `query($id: ID!) { donorImpact(donorId: $id) { receivedUnits allocatedUnits deliveredUnits confirmedUnits byItem { item { code } units } } }`;

describe('a shipment that was written down wrongly', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const correct = (input: object) => correctShipment(coordinator, input);
  const toItem = (shipment: ShipmentView, itemCode: string, line = 0) =>
    correctItem(coordinator, shipment, itemCode, line);
  const onHand = async (...itemCodes: string[]) =>
    Object.fromEntries(
      (
        await coordinator.ask<{ stock: { item: { code: string }; onHandUnits: number }[] }>(STOCK, { itemCodes })
      ).stock.map(({ item, onHandUnits }) => [item.code, onHandUnits]),
    );

  describe('before anybody got anything of it', () => {
    it('is put right fact by fact, and what was known before is kept', async () => {
      const coming = await anAnnouncement(coordinator, { MASK: 100, GOWN: 5 }, { reference: 'Wrong', carrier: 'DHL' });
      const other = await aDonor(coordinator);
      const [mask, gown] = coming.lines;
      const done = await correct({
        shipmentId: coming.id,
        donorId: other.id,
        reference: 'Right',
        carrier: null,
        trackingNumber: '77',
        expectedOn: '2030-02-28',
        lines: [
          { lineId: mask!.id, itemCode: 'n95', announcedUnits: 90, unitsPerPack: 10 },
          { lineId: gown!.id, earmark: { strength: 'FIRST', countries: ['us'] } },
        ],
      });
      expect(done).toMatchObject({
        status: 'ANNOUNCED',
        reference: 'Right',
        carrier: null,
        trackingNumber: '77',
        expectedOn: '2030-02-28',
        donor: { id: other.id },
        lines: [
          { item: { code: 'N95' }, announcedUnits: 90, unitsPerPack: 10 },
          { item: { code: 'GOWN' }, announcedUnits: 5, earmark: { strength: 'FIRST', countries: ['US'] } },
        ],
      });
      const facts = done.corrections.nodes.map(({ field, before, after, lineId }) => [field, before, after, lineId]);
      expect(facts).toEqual([
        ['DONOR', coming.donor.id, other.id, null],
        ['REFERENCE', 'Wrong', 'Right', null],
        ['CARRIER', 'DHL', null, null],
        ['TRACKING_NUMBER', null, '77', null],
        ['EXPECTED_ON', null, '2030-02-28', null],
        ['ITEM', expect.any(String), expect.any(String), mask!.id],
        ['ANNOUNCED_UNITS', '100', '90', mask!.id],
        ['UNITS_PER_PACK', null, '10', mask!.id],
        ['EARMARK', null, '{"countries":["US"],"strength":"FIRST"}', gown!.id],
      ]);
      for (const row of done.corrections.nodes)
        expect(row).toMatchObject({
          ...WHY,
          actor: { name: expect.any(String), role: 'COORDINATOR' },
          at: expect.any(String),
        });
      const again = await correct({
        shipmentId: coming.id,
        reasonCode: 'OTHER',
        lines: [{ lineId: gown!.id, earmark: null }],
      });
      expect(again).toMatchObject({
        lines: [{ unitsPerPack: 10 }, { earmark: null }],
        corrections: { totalCount: 10 },
      });
    });

    it('moves stock from the item it is not to the item it is, and previews of it are stale', async () => {
      const [her] = await clinicians(coordinator, 1);
      const before = await onHand('GOGGLES', 'FACE_SHIELD');
      const gift = await aDonation(coordinator, { GOGGLES: 40 });
      const plan = await aPreview(coordinator, {
        stock: { shipmentIds: [gift.id] },
        recipients: { recipientIds: [her] },
      });
      const done = await toItem(gift, 'FACE_SHIELD');
      expect(done.lines[0]!.lots).toMatchObject([{ item: { code: 'FACE_SHIELD' } }]);
      expect(await onHand('GOGGLES', 'FACE_SHIELD')).toEqual({
        GOGGLES: before['GOGGLES'] ?? 0,
        FACE_SHIELD: (before['FACE_SHIELD'] ?? 0) + 40,
      });
      const { commitAllocation } = await coordinator.ask<{ commitAllocation: object }>(COMMIT, {
        input: { planId: plan.id },
      });
      expect(commitAllocation).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
      const kept = await asOwner(
        world,
        `select field, reason, actor_id is not null as known from lot_change where lot_id = $1`,
        [gift.lines[0]!.lots[0]!.id],
      );
      expect(kept).toEqual([{ field: 'ITEM', reason: WHY.reason, known: true }]);
      expect(await world.breaches()).toEqual([]);
    });

    it('gives its lots the pack size and earmark they have in truth, each line its own, and no other lot', async () => {
      const gift = await aDonation(coordinator, { MASK: 30, GOWN: 20, N95: 10 });
      const [mask, gown] = gift.lines;
      await correct({
        shipmentId: gift.id,
        reasonCode: 'PACK_SIZE',
        lines: [
          { lineId: mask!.id, unitsPerPack: 5 },
          { lineId: gown!.id, unitsPerPack: 2, earmark: { strength: 'ONLY', countries: ['CN'] } },
        ],
      });
      const lots = await asOwner(
        world,
        `select units_per_pack as pack, earmark->'countries' as countries from lot where shipment_id = $1 order by id`,
        [gift.id],
      );
      expect(lots).toEqual([
        { pack: 5, countries: null },
        { pack: 2, countries: ['CN'] },
        { pack: null, countries: null },
      ]);
      const more = { lineId: gift.lines[2]!.id, announcedUnits: 12 };
      await correct({ shipmentId: gift.id, lines: [more] });
      expect(
        await asOwner(
          world,
          `select count(*)::int as n from lot_change c join lot l on l.id = c.lot_id where l.shipment_id = $1`,
          [gift.id],
        ),
      ).toEqual([{ n: 3 }]);
    });

    it('is refused where nothing is otherwise, or what is named is none', async () => {
      const coming = await anAnnouncement(coordinator, { MASK: 100 }, { carrier: 'DHL' });
      const lineId = coming.lines[0]!.id;
      const nobody = '01900000-0000-7000-8000-00000000dead';
      const group = { strength: 'ONLY', groupIds: [nobody] };
      const before = await rowCounts(world);
      const cases: [object, string, string][] = [
        [{}, 'input', 'BAD_USER_INPUT'],
        [
          { carrier: 'DHL', donorId: coming.donor.id, lines: [{ lineId, itemCode: 'mask' }] },
          'input',
          'BAD_USER_INPUT',
        ],
        [{ trackingNumber: null, reference: null, donorId: null, lines: null }, 'input', 'BAD_USER_INPUT'],
        [{ shipmentId: nobody, carrier: 'X' }, 'input.shipmentId', 'NOT_FOUND'],
        [{ donorId: nobody }, 'input.donorId', 'NOT_FOUND'],
        [{ lines: [{ lineId: nobody, announcedUnits: 1 }] }, 'input.lines.0.lineId', 'NOT_FOUND'],
        [{ lines: [{ lineId }, { lineId }] }, 'input.lines.1.lineId', 'BAD_USER_INPUT'],
        [{ lines: [{ lineId, earmark: { strength: 'ONLY' } }] }, 'input.lines.0.earmark', 'BAD_USER_INPUT'],
        [{ lines: [{ lineId, earmark: group }] }, 'input.lines.0.earmark.groupIds.0', 'NOT_FOUND'],
        [{ lines: [{ lineId, announcedUnits: 100_000_001 }] }, 'input.lines.0.announcedUnits', 'BAD_USER_INPUT'],
        [{ carrier: ' ' }, 'input.carrier', 'BAD_USER_INPUT'],
        [{ carrier: 'X', reason: ' ' }, 'input.reason', 'BAD_USER_INPUT'],
      ];
      for (const [input, field, code] of cases) {
        const { extensions } = await coordinator.error(CORRECT, { input: { shipmentId: coming.id, ...WHY, ...input } });
        expect([input, extensions]).toMatchObject([input, { code, field }]);
      }
      expect(await toItem(coming, 'MASKE')).toMatchObject({
        __typename: 'UnknownItemError',
        itemCode: 'MASKE',
        didYouMean: expect.arrayContaining(['MASK']),
      });
      expect(await rowCounts(world)).toEqual(before);
    });

    it('under a key is corrected once; to clear a fact is another input than to leave it', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 100 }, { carrier: 'DHL', trackingNumber: '1' });
      const input = { shipmentId: id, carrier: 'UPS', idempotencyKey: `correct ${id}`, ...WHY };
      expect(await correct(input)).toEqual(await correct(input));
      const clearing = { input: { ...input, trackingNumber: null } };
      expect((await coordinator.error(CORRECT, clearing)).extensions.code).toBe('CONFLICT');
    });

    it('is corrected by staff alone; auditors see that it was, and neither references nor words', async () => {
      const donor = await aDonor(coordinator, { anonymous: true });
      const coming = await anAnnouncement(coordinator, { MASK: 100 }, { donorId: donor.id, reference: 'From Jack' });
      const hers = await world.as('DONOR', donor.id);
      const input = { shipmentId: coming.id, carrier: 'X', ...WHY };
      expect((await hers.error(CORRECT, { input })).extensions.code).toBe('FORBIDDEN');
      await correct({ shipmentId: coming.id, reference: 'From Mr. Ma', carrier: 'SF' });
      const query = `query($id: ID!) { shipment(id: $id) { corrections { nodes { field before after reason reasonCode } } } }`;
      const seen = { reason: null, reasonCode: 'DATA_ENTRY_ERROR' };
      expect(await (await world.as('AUDITOR')).ask(query, { id: coming.id })).toEqual({
        shipment: {
          corrections: {
            nodes: [
              { field: 'REFERENCE', before: null, after: null, ...seen },
              { field: 'CARRIER', before: null, after: 'SF', ...seen },
            ],
          },
        },
      });
      expect((await hers.error(query, { id: coming.id })).extensions.code).toBe('FORBIDDEN');
    });
  });

  it('from another donor takes the whole chain along: what came of it is the impact of whoever gave it', async () => {
    const [her] = await clinicians(coordinator, 1);
    const [wrong, right] = [await aDonor(coordinator), await aDonor(coordinator)];
    const earmark = { strength: 'FIRST', countries: ['US'] };
    const lines = [{ itemCode: 'MASK', units: 10, earmark }];
    const gift = await aDonation(coordinator, {}, { donorId: wrong.id, lines });
    const { deliveries } = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: [her] },
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 6 }] },
    });
    await step(coordinator, 'dispatchDelivery', { deliveryId: deliveries[0]!.id });
    await step(coordinator, 'confirmDelivery', { deliveryId: deliveries[0]!.id });
    const impact = async ({ id }: { id: string }) =>
      (await coordinator.ask<{ donorImpact: object }>(IMPACT, { id })).donorImpact;
    const nothing = { receivedUnits: 0, allocatedUnits: 0, deliveredUnits: 0, confirmedUnits: 0, byItem: [] };
    const some = {
      receivedUnits: 10,
      allocatedUnits: 6,
      deliveredUnits: 6,
      confirmedUnits: 6,
      byItem: [{ item: { code: 'MASK' }, units: 6 }],
    };
    expect([await impact(wrong), await impact(right)]).toEqual([some, nothing]);
    const done = await correct({ shipmentId: gift.id, donorId: right.id });
    expect(done).toMatchObject({
      donor: { id: right.id },
      lines: [{ earmark, lots: [{ donor: { id: right.id }, earmark: { countries: ['US'] } }] }],
    });
    expect([await impact(wrong), await impact(right)]).toEqual([nothing, some]);
    const { distributions } = await (
      await world.as('DONOR', right.id)
    ).ask<{ distributions: { nodes: object[] } }>(`{ distributions { nodes { units donor { id } } } }`);
    expect(distributions.nodes).toEqual([{ units: 6, donor: { id: right.id } }]);
    const before = await world.as('DONOR', wrong.id);
    expect(await before.ask(`query($id: ID!) { shipment(id: $id) { id } }`, { id: gift.id })).toEqual({
      shipment: null,
    });
    expect(await before.ask(`{ distributions { nodes { units } } }`)).toEqual({ distributions: { nodes: [] } });
    const next = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: [her] },
    });
    expect(next.deliveries).toHaveLength(1);
    expect(await impact(right)).toMatchObject({ allocatedUnits: 10 });
    expect(await world.breaches()).toEqual([]);
  });

  it('says why its counts differ once they do, as a closed one does; what was said before stays', async () => {
    const reasonOf = async (id: string) =>
      (
        await coordinator.ask<{ shipment: { discrepancyReason: string | null } }>(
          `query($id: ID!) { shipment(id: $id) { discrepancyReason } }`,
          { id },
        )
      ).shipment.discrepancyReason;
    const gift = await aDonation(coordinator, { MASK: 10, GOWN: 4 });
    const announced = (line: number, announcedUnits: number) => [{ lineId: gift.lines[line]!.id, announcedUnits }];
    await correct({ shipmentId: gift.id, lines: announced(0, 12), reasonCode: 'PACK_SIZE' });
    expect(await reasonOf(gift.id)).toBe('PACK_SIZE');
    await correct({ shipmentId: gift.id, lines: announced(1, 5), reasonCode: 'OTHER' });
    expect(await reasonOf(gift.id)).toBe('PACK_SIZE');
    const coming = await anAnnouncement(coordinator, { MASK: 10 });
    await correct({ shipmentId: coming.id, lines: [{ lineId: coming.lines[0]!.id, announcedUnits: 20 }] });
    expect(await reasonOf(coming.id)).toBeNull();
  });

  it('gets what is counted later as what it is in truth', async () => {
    const coming = await anAnnouncement(coordinator, { MASK: 10 });
    const RECEIVE = `mutation($input: ReceiveShipmentInput!) { receiveShipment(input: $input) { ... on Shipment { status lines { lots { item { code } donor { id } availableUnits } } } ${REFUSAL} } }`;
    const visit = (acceptedUnits: number) =>
      coordinator.ask(RECEIVE, {
        input: { shipmentId: coming.id, counts: [{ lineId: coming.lines[0]!.id, acceptedUnits }] },
      });
    await visit(4);
    const donor = await aDonor(coordinator);
    await correct({ shipmentId: coming.id, donorId: donor.id });
    await toItem(coming, 'SHOE_COVERS');
    expect(await visit(6)).toEqual({
      receiveShipment: {
        status: 'RECEIVED',
        lines: [{ lots: [{ item: { code: 'SHOE_COVERS' }, donor: { id: donor.id }, availableUnits: 10 }] }],
      },
    });
    expect(await world.breaches()).toEqual([]);
  });
});
