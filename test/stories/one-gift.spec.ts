import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, CONFIRM, clinicians, DISPATCH, STOCK } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

describe('one gift, from the donor to the hand', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  it('is shared to the unit, sent, counted short, and accounted for', async () => {
    const shipment = await aDonation(coordinator, { MASK: 1000, PROTECTIVE_SUIT: 100, GOGGLES: 100 });
    expect(shipment).toMatchObject({
      status: 'RECEIVED',
      lines: [{ acceptedUnits: 1000 }, { acceptedUnits: 100 }, { acceptedUnits: 100 }],
    });
    await clinicians(coordinator, 28);

    const { plan, deliveries } = await aCommittedPlan(coordinator);
    expect(plan.awards.totalCount).toBe(84);
    expect(deliveries).toHaveLength(28);
    const total = deliveries.flatMap((d) => d.lines).reduce((sum, line) => sum + line.units, 0);
    expect(total).toBe(1200);

    const parcel = deliveries[0]!;
    const masks = parcel.lines.find(({ item }) => item.code === 'MASK')!;
    await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
    const counts = [{ lineId: masks.id, units: masks.units - 1, reason: 'DAMAGED' }];
    const { confirmDelivery } = await coordinator.ask<{ confirmDelivery: object }>(CONFIRM, {
      input: { deliveryId: parcel.id, counts },
    });
    expect(confirmDelivery).toMatchObject({ status: 'CONFIRMED' });

    const { stock } = await coordinator.ask<{ stock: object[] }>(STOCK, { itemCodes: ['MASK'] });
    expect(stock).toEqual([
      {
        item: { code: 'MASK' },
        onHandUnits: 1000 - masks.units,
        availableUnits: 0,
        allocatedUnits: 1000 - masks.units,
        quarantinedUnits: 0,
        inTransitUnits: 0,
        deliveredUnits: masks.units - 1,
      },
    ]);
    const query =
      'query($id: ID!) { plan(id: $id) { metrics { item { code } supplyUnits awardedUnits servedRecipients maxEnvyUnits } } }';
    const { plan: looked } = await coordinator.ask<{ plan: { metrics: object[] } }>(query, { id: plan.id });
    // By category, as a coordinator packs: masks, suits, goggles.
    expect(looked.metrics).toEqual([
      { item: { code: 'MASK' }, supplyUnits: 1000, awardedUnits: 1000, servedRecipients: 28, maxEnvyUnits: 1 },
      { item: { code: 'PROTECTIVE_SUIT' }, supplyUnits: 100, awardedUnits: 100, servedRecipients: 28, maxEnvyUnits: 1 },
      { item: { code: 'GOGGLES' }, supplyUnits: 100, awardedUnits: 100, servedRecipients: 28, maxEnvyUnits: 1 },
    ]);
    expect(await world.breaches()).toEqual([]);
  });
});
