import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
  REGISTER,
  type ShipmentView,
} from '../support/builders.js';
import { correct as correctShipment, correctItem, step } from '../support/corrections.js';
import { aSite, aTransfer } from '../support/sites.js';
import { callBack, correct } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Figures {
  readonly receivedUnits: number;
  readonly foundUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly onTheWayUnits: number;
  readonly promisedUnits: number;
  readonly availableUnits: number;
  readonly quarantinedUnits: number;
  readonly betweenSitesUnits: number;
  readonly lostUnits: number;
  readonly discardedUnits: number;
  readonly returnedToDonorUnits: number;
  readonly confirmedRecipients: number;
  readonly confirmedCountries: number;
}
interface Line extends Figures {
  readonly item: { readonly code: string };
  readonly sentence: string;
  readonly zh: string;
}
interface Impact extends Figures {
  readonly recipients: number;
  readonly countries: string[];
  readonly elsewhereCountries: number;
  readonly lines: Line[];
  readonly byItem: { readonly item: { readonly code: string }; readonly units: number }[];
}

const FIGURES = `receivedUnits foundUnits allocatedUnits deliveredUnits confirmedUnits onTheWayUnits promisedUnits availableUnits quarantinedUnits
  betweenSitesUnits lostUnits discardedUnits returnedToDonorUnits confirmedRecipients confirmedCountries`;
const IMPACT = `query($id: ID!, $shipmentId: ID) { donorImpact(donorId: $id, shipmentId: $shipmentId) { recipients countries elsewhereCountries ${FIGURES}
  byItem { item { code } units } lines { item { code } ${FIGURES} sentence zh: sentence(language: ZH_HANS) } } }`;

/** Every unit that came in and was found is in one place. */
function somewhere(figures: Figures): number {
  const { deliveredUnits, onTheWayUnits, promisedUnits, availableUnits, quarantinedUnits } = figures;
  const { betweenSitesUnits, lostUnits, discardedUnits, returnedToDonorUnits } = figures;
  const ours = promisedUnits + availableUnits + quarantinedUnits + betweenSitesUnits;
  return deliveredUnits + onTheWayUnits + ours + lostUnits + discardedUnits + returnedToDonorUnits;
}

describe('what became of a gift', () => {
  let world: World;
  let coordinator: Client;
  let donorId: string;
  let gift: ShipmentView;
  let parcels: DeliveryView[];
  let donor: Client;

  const impactOf = async (id = donorId, client = coordinator, shipmentId: string | null = null): Promise<Impact> =>
    (await client.ask<{ donorImpact: Impact }>(IMPACT, { id, shipmentId })).donorImpact;
  const lineOf = async (code: string, id = donorId): Promise<Line> =>
    (await impactOf(id)).lines.find(({ item }) => item.code === code)!;
  const send = async (parcel: DeliveryView, counts?: object[]): Promise<void> => {
    await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
    if (counts) await coordinator.ask(CONFIRM, { input: { deliveryId: parcel.id, counts } });
  };
  const get = (path: string, client: Client | null, headers: object = {}) =>
    world.app.inject({
      method: 'GET',
      url: path,
      headers: { ...(client && { authorization: `Bearer ${client.token}` }), ...headers },
    });

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    donorId = (await aDonor(coordinator, { name: '丝路 <Silk Road> & Sons' })).id;
    donor = await world.as('DONOR', donorId);
    gift = await aDonation(coordinator, { MASK: 1000, PROTECTIVE_SUIT: 100, GOGGLES: 100 }, { donorId });
    // 18 friends, most of them in the US, and 10 colleagues.
    const countryOf = (i: number): string => (i < 24 ? 'US' : i < 27 ? 'CN' : 'IT');
    const recipients = Array.from({ length: 28 }, (_, i) => ({ name: `Doctor ${i}`, country: countryOf(i) }));
    await coordinator.ask(REGISTER, { input: { recipients } });
    // In the order of registration: the first is one of those in the US.
    parcels = (await aCommittedPlan(coordinator)).deliveries.toSorted((a, b) =>
      a.recipient.id < b.recipient.id ? -1 : 1,
    );
  });
  afterAll(() => world.close());

  it('is promised, and nothing of it is anywhere else', async () => {
    expect((await lineOf('MASK')).sentence).toBe('Your 1,000 masks: 1,000 promised and not yet sent.');
    expect((await impactOf()).recipients).toBe(28);
  });

  it('is told in one sentence an item once twenty-seven have counted and one waits', async () => {
    for (const [i, parcel] of parcels.entries()) await send(parcel, i === 0 ? undefined : []);
    const { lines } = await impactOf();
    const waiting = (code: string) => parcels[0]!.lines.find(({ item }) => item.code === code)!.units;
    const masks = waiting('MASK');
    expect(lines.map(({ item }) => item.code)).toEqual(['MASK', 'PROTECTIVE_SUIT', 'GOGGLES']);
    expect(lines[0]!.sentence).toBe(
      `Your 1,000 masks: ${1000 - masks} confirmed by 27 doctors in 3 countries, ${masks} on the way.`,
    );
    expect(lines[0]!.zh).toBe(`您的1,000只口罩：${1000 - masks}只已由3个国家的27位医生确认收到，${masks}只在途中。`);
    expect(lines[2]!.sentence).toBe(
      `Your 100 goggles: ${100 - waiting('GOGGLES')} confirmed by 27 doctors in 3 countries, ${waiting('GOGGLES')} on the way.`,
    );
  });

  it('names countries to the donor only where at least three people were reached', async () => {
    expect(await impactOf()).toMatchObject({ countries: ['CN', 'IT', 'US'], elsewhereCountries: 0 });
    expect(await impactOf(donorId, donor)).toMatchObject({ countries: ['CN', 'US'], elsewhereCountries: 1 });
  });

  it('is for its donor and for those who read the whole chain', async () => {
    const other = await world.as('DONOR', (await aDonor(coordinator)).id);
    expect(await impactOf(donorId, other)).toBeNull();
    expect(await impactOf(donorId, await world.as('DONOR'))).toBeNull();
    const { countries: _, elsewhereCountries: __, ...figures } = await impactOf(donorId, donor);
    expect(await impactOf(donorId, await world.as('AUDITOR'))).toMatchObject(figures);
    expect((await (await world.as('RECIPIENT')).error(IMPACT, { id: donorId })).extensions.code).toBe('FORBIDDEN');
  });

  it('of one consignment is told apart from the others', async () => {
    const second = await aDonation(coordinator, { N95: 7 }, { donorId });
    expect((await impactOf(donorId, donor, second.id)).lines).toMatchObject([
      { item: { code: 'N95' }, sentence: 'Your 7 N95s: 7 on the shelf.' },
    ]);
    expect(await impactOf(donorId, donor, gift.id)).toMatchObject({ receivedUnits: 1200, recipients: 28 });
    const foreign = await aDonation(coordinator, { MASK: 5 });
    expect(await impactOf(donorId, donor, foreign.id)).toMatchObject({ receivedUnits: 0, lines: [], byItem: [] });
  });

  describe('printed', () => {
    it('is one page without script, that asks nobody for anything, and says what the API says', async () => {
      const { statusCode, headers, body } = await get(`/donors/${donorId}/impact`, donor);
      expect(statusCode).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-store',
        'content-language': 'en',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(body).toContain('<html lang="en">');
      expect(body).toContain('丝路 &lt;Silk Road&gt; &amp; Sons');
      expect(body).not.toMatch(/<script|https?:|url\(|@import|<link|<img|src=|Doctor \d/);
      for (const { sentence } of (await impactOf(donorId, donor)).lines) expect(body).toContain(sentence);
      expect(body).toContain('China, United States and one other country');
      expect(body).not.toContain('Italy');
    });

    it.each([
      ['', 'zh-CN', 'zh-Hans'],
      ['?language=ZH_HANS', 'en', 'zh-Hans'],
      ['?language=zh-hans', undefined, 'zh-Hans'],
      ['?language=EN', 'zh', 'en'],
    ])('in the language that is asked for: %s, %s', async (query, header, tag) => {
      const { headers, body } = await get(
        `/donors/${donorId}/impact${query}`,
        donor,
        header ? { 'accept-language': header } : {},
      );
      expect(headers['content-language']).toBe(tag);
      expect(body).toContain(`<html lang="${tag}">`);
      expect(body).toContain(tag === 'en' ? 'Your 1,000 masks' : '您的1,000只口罩');
    });

    it('is refused to others as if there were no such donor', async () => {
      const other = await world.as('DONOR', (await aDonor(coordinator)).id);
      const unknown = '01900000-0000-7000-8000-00000000dead';
      for (const file of ['impact', 'impact.pdf']) {
        for (const [id, client] of [
          [donorId, other],
          [unknown, coordinator],
        ] as const) {
          const answer = await get(`/donors/${id}/${file}`, client);
          expect([answer.statusCode, answer.json()]).toEqual([
            404,
            { error: { message: 'There is no donor with this id.', code: 'NOT_FOUND', field: 'id' } },
          ]);
        }
        expect((await get(`/donors/${donorId}/${file}`, null)).statusCode).toBe(401);
        expect((await get(`/donors/${donorId}/${file}`, await world.as('RECIPIENT'))).statusCode).toBe(403);
        for (const query of ['?language=FR', '?shipmentId=x', '?lang=EN', '?language=EN&language=EN'])
          expect((await get(`/donors/${donorId}/${file}${query}`, donor)).statusCode).toBe(400);
        expect((await get(`/donors/nobody/${file}`, donor)).statusCode).toBe(400);
      }
    });

    it('keeps an anonymous donor anonymous to auditors', async () => {
      const { id } = await aDonor(coordinator, { name: 'Shy Giver', anonymous: true });
      const path = `/donors/${id}/impact`;
      expect((await get(path, await world.as('AUDITOR'))).body).toContain('Anonymous donor');
      expect((await get(path, await world.as('AUDITOR'))).body).not.toContain('Shy');
      expect((await get(path, coordinator)).body).toContain('Shy Giver');
      expect((await get(path, await world.as('DONOR', id))).body).toContain('Nothing has been received yet.');
    });

    it('is a PDF, with text that can be read out of it, Chinese too', async () => {
      for (const [language, title] of [
        ['EN', 'What became of your gift'],
        ['ZH_HANS', '您的捐赠去向'],
      ]) {
        const { statusCode, headers, rawPayload } = await get(
          `/donors/${donorId}/impact.pdf?language=${language}`,
          donor,
        );
        expect(statusCode).toBe(200);
        expect(headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'private, no-store' });
        expect(headers['content-disposition']).toMatch(/^attachment; filename="impact-\d{4}-\d\d-\d\d\.pdf"$/);
        const paper = await getDocument({ data: new Uint8Array(rawPayload), verbosity: 0 }).promise;
        const { items } = await (await paper.getPage(1)).getTextContent();
        const text = items.map((item) => ('str' in item ? item.str : '')).join('');
        expect(text).toContain(title);
        expect(text).toContain('丝路 <Silk Road> & Sons');
        const { lines } = await impactOf(donorId, donor);
        const said = lines.map(({ sentence, zh }) => (language === 'EN' ? sentence : zh));
        for (const sentence of said) expect(text.replaceAll(/\s/g, '')).toContain(sentence.replaceAll(/\s/g, ''));
        await paper.destroy();
      }
    });
  });

  describe('through everything that can happen to it', () => {
    let giver: string;
    let goods: ShipmentView;
    const lotOf = (line: number): string => goods.lines[line]!.lots[0]!.id;

    it('keeps every unit in its sentence', async () => {
      giver = (await aDonor(coordinator)).id;
      goods = await aDonation(coordinator, { KN95: 560, GOWN: 60 }, { donorId: giver });
      const stock = { shipmentIds: [goods.id] };
      const cap = [
        { itemCode: 'KN95', units: 10 },
        { itemCode: 'GOWN', units: 1 },
      ];
      const { plan, deliveries } = await aCommittedPlan(coordinator, {
        stock,
        policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap },
      });
      const masks = (i: number) => deliveries[i]!.lines.find(({ item }) => item.code === 'KN95')!;
      await send(deliveries[0]!, [{ lineId: masks(0).id, units: 7, reason: 'DAMAGED' }]);
      await send(deliveries[1]!, [{ lineId: masks(1).id, units: 8, reason: 'MISSING' }]);
      for (const i of [2, 3, 4, 5]) await send(deliveries[i]!);
      await step(coordinator, 'markDelivered', { deliveryId: deliveries[2]!.id });
      await step(coordinator, 'returnDelivery', { deliveryId: deliveries[3]!.id });
      await step(coordinator, 'reportDeliveryLost', { deliveryId: deliveries[4]!.id });
      const recipientIds = [deliveries[6]!.recipient.id];
      await step(coordinator, 'cancelAllocation', { planId: plan.id, recipientIds, reason: 'x' });
      await correct(coordinator, 'returnToDonor', { lotId: lotOf(0), units: 11 });
      await correct(coordinator, 'discardStock', { lotId: lotOf(0), units: 13 });
      const { id: from } = (await coordinator.ask<{ sites: { nodes: { id: string }[] } }>(`{ sites { nodes { id } } }`))
        .sites.nodes[0]!;
      await aTransfer(coordinator, [from, await aSite(coordinator)], { [lotOf(0)]: 17 });

      const said = await lineOf('KN95', giver);
      expect(said).toMatchObject({ receivedUnits: 560, confirmedUnits: 15, deliveredUnits: 25, onTheWayUnits: 10 });
      expect(said).toMatchObject({
        betweenSitesUnits: 17,
        lostUnits: 12,
        discardedUnits: 16,
        returnedToDonorUnits: 11,
      });
      // What came back, and what was taken back, is nobody's.
      expect(await impactOf(giver)).toMatchObject({ recipients: 26, allocatedUnits: 260 + 26 });
      expect(said).toMatchObject({ promisedUnits: 210, quarantinedUnits: 0, confirmedRecipients: 2 });
      expect(said.sentence).toBe(
        'Your 560 KN95s: 15 confirmed by 2 doctors in 2 countries, 10 delivered and not yet counted, 10 on the way, ' +
          '210 promised and not yet sent, 259 on the shelf, 17 on the way between our sites, 12 lost, 16 discarded, 11 returned to you.',
      );
    });

    it('follows a recall, a count that finds more, and a corrected intake', async () => {
      await callBack(coordinator, [lotOf(0)]);
      expect(await lineOf('KN95', giver)).toMatchObject({ promisedUnits: 0, availableUnits: 0, quarantinedUnits: 469 });
      await correct(coordinator, 'recountStock', { lotId: lotOf(1), countedUnits: 70 });
      await correct(coordinator, 'correctIntake', { lotId: lotOf(0), receivedUnits: 550 });
      const gowns = await lineOf('GOWN', giver);
      expect(gowns.foundUnits).toBeGreaterThan(0);
      expect(gowns.sentence).toMatch(/^Your 60 gowns, and \d+ more that counts found: /);
      expect(await lineOf('KN95', giver)).toMatchObject({ receivedUnits: 550 });
      for (const figures of [await impactOf(giver), ...(await impactOf(giver)).lines])
        expect(somewhere(figures)).toBe(figures.receivedUnits + figures.foundUnits);
    });

    it('follows goods that turn out to be another item, and from another donor', async () => {
      await correctItem(coordinator, goods, 'N95');
      const { lines, byItem } = await impactOf(giver);
      expect(lines.map(({ item }) => item.code)).toEqual(['N95', 'GOWN']);
      expect(lines[0]).toMatchObject({ receivedUnits: 550, confirmedUnits: 15 });
      expect(byItem.find(({ item }) => item.code === 'N95')!.units).toBe(50);
      const { id: other } = await aDonor(coordinator);
      await correctShipment(coordinator, { shipmentId: goods.id, donorId: other });
      expect(await impactOf(giver)).toMatchObject({ receivedUnits: 0, confirmedUnits: 0, recipients: 0, lines: [] });
      expect((await impactOf(other)).lines).toEqual(lines);
      for (const line of (await impactOf(other)).lines)
        expect(somewhere(line)).toBe(line.receivedUnits + line.foundUnits);
      expect(await world.breaches()).toEqual([]);
    });
  });
});
