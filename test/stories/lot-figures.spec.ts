import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, aDonor, clinicians } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const FIGURES = ['onHandUnits', 'availableUnits', 'allocatedUnits', 'quarantinedUnits'] as const;

describe('how much of a lot is where', () => {
  let world: World;
  let coordinator: Client;
  let donorId: string;
  let her: string;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    donorId = (await aDonor(coordinator)).id;
    const gift = await aDonation(coordinator, { GOGGLES: 50 }, { donorId });
    const people = await clinicians(coordinator, 2);
    her = people[0]!;
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'GOGGLES', units: 5 }] };
    const recipients = { recipientIds: people };
    await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] }, recipients, policy });
  });
  afterAll(() => world.close());

  const lotsOf = (what: string): string => `{ distributions { nodes { units lot { ${what} } } } }`;

  it('is not for whoever got some of it: she sees her own units', async () => {
    const hers = await world.as('RECIPIENT', her);
    for (const figure of FIGURES)
      expect((await hers.error(lotsOf(figure))).extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect(await hers.ask(lotsOf('places { place units }'))).toEqual({
      distributions: { nodes: [{ units: 5, lot: { places: [] } }] },
    });
  });

  it('is for whoever gave it, and for those who read the whole chain', async () => {
    const lot = { onHandUnits: 50, availableUnits: 40, allocatedUnits: 10, quarantinedUnits: 0 };
    const places = [
      { place: 'ALLOCATED', units: 10 },
      { place: 'AVAILABLE', units: 40 },
    ];
    const nodes = [1, 2].map(() => ({ units: 5, lot: { ...lot, places } }));
    for (const client of [coordinator, await world.as('AUDITOR'), await world.as('DONOR', donorId)])
      expect(await client.ask(lotsOf(`${FIGURES.join(' ')} places { place units }`))).toEqual({
        distributions: { nodes },
      });
  });
});
