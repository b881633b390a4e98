import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, clinicians, PREVIEW } from '../support/builders.js';
import { aLot, correct, LOT, placesOf } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const MOST = 100_000_000;
const RECOUNT = `mutation($input: RecountStockInput!) { recountStock(input: $input) { ... on Lot { ${LOT} } ... on UserError { code } } }`;

let world: World;
let coordinator: Client;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
});
afterAll(() => world?.close());

describe('sums of very many units', () => {
  it('a place holds two thousand million units of a lot and no more: what would pass them is refused, not a fault of ours', async () => {
    const lotId = await aLot(coordinator, MOST);
    const why = { reasonCode: 'FOUND', reason: 'typed again and again' };
    for (let times = 1; times < 20; times++) {
      await correct(coordinator, 'discardStock', { lotId, units: MOST });
      await correct(coordinator, 'recountStock', { lotId, countedUnits: MOST });
    }
    expect(await placesOf(coordinator, lotId)).toEqual({ AVAILABLE: MOST, DISCARDED: 19 * MOST });
    await correct(coordinator, 'discardStock', { lotId, units: MOST });
    const { message, extensions } = await coordinator.error(RECOUNT, { input: { lotId, countedUnits: 1, ...why } });
    expect({ message, extensions }).toMatchObject({
      message: 'input: more would have come of the lot than 2000000000 units',
      extensions: { code: 'BAD_USER_INPUT', field: 'input' },
    });
    expect(await placesOf(coordinator, lotId)).toEqual({ DISCARDED: 20 * MOST });
    expect(await world.breaches()).toEqual([]);
  });

  it('one person is awarded two thousand million of an item and no more', async () => {
    const lines = Array.from({ length: 21 }, () => ({ itemCode: 'N95', units: MOST }));
    const gift = await aDonation(coordinator, {}, { lines });
    const lotIds = gift.lines.map((line) => line.lots[0]!.id);
    const [her] = await clinicians(coordinator, 1);
    const choice = (some: string[]) => ({ stock: { lotIds: some }, recipients: { recipientIds: [her] } });
    const { extensions } = await coordinator.error(PREVIEW, { input: choice(lotIds) });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.stock' });
    const { plan } = await aCommittedPlan(coordinator, choice(lotIds.slice(1)));
    expect(plan.awards.nodes).toMatchObject([{ units: 20 * MOST }]);
    expect(await world.breaches()).toEqual([]);
  });
});
