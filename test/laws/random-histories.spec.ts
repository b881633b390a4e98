import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDonor, aNeed, clinicians } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';
import * as tracker from './model.js';
import { seedFor, SIZE } from './size.js';
import { ITEMS, type Levels, Model, PEOPLE, type Real, type Step } from './model.js';

/** One thing that somebody does, and whether there is anything to do it to. */
class Deed implements fc.AsyncCommand<Model, Real & { before: Levels }> {
  constructor(
    private readonly words: string,
    private readonly needs: 'shipments' | 'plans' | 'parcels' | null,
    private readonly perform: (model: Model, real: Real) => Promise<void>,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.needs === null || model[this.needs].length > 0;
  }

  async run(model: Model, real: Real & { before: Levels }): Promise<void> {
    await this.perform(model, real);
    await tracker.assertEqual(model, real, real.before);
  }

  toString(): string {
    return this.words;
  }
}

const units = fc.integer({ min: 1, max: 60 });
const gift = fc
  .uniqueArray(fc.constantFrom(...ITEMS), { minLength: 1, maxLength: 3 })
  .chain((items) =>
    fc.tuple(...items.map((item) => units.map((n) => [item, n] as const))).map((lines) => Object.fromEntries(lines)),
  );
const which = fc.nat({ max: 50 });
const told = (...facts: unknown[]): string => facts.map((fact) => JSON.stringify(fact)).join(' ');

const donate = gift.map((g) => new Deed(`donate ${told(g)}`, null, (m, r) => tracker.donate(m, r, g)));
const announce = gift.map((g) => new Deed(`announce ${told(g)}`, null, (m, r) => tracker.announce(m, r, g)));
const receive = fc
  .tuple(which, fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([w, came, close]) => {
    const perform = (m: Model, r: Real): Promise<void> => tracker.receive(m, r, w, came, close);
    return new Deed(`receive ${told(w, came, close)}`, 'shipments', perform);
  });
const split = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...ITEMS), { minLength: 1, maxLength: 3 }),
    fc.uniqueArray(fc.nat({ max: PEOPLE - 1 }), { minLength: 1, maxLength: PEOPLE }),
    fc.option(fc.integer({ min: 1, max: 15 }), { freq: 3 }),
  )
  .map(([items, who, cap]) => {
    const perform = (m: Model, r: Real): Promise<void> => tracker.split(m, r, items, who, cap);
    return new Deed(`split ${told(items, who, cap)}`, 'shipments', perform);
  });
const commit = which.map((w) => new Deed(`commit ${w}`, 'plans', (m, r) => tracker.commit(m, r, w)));
const cancel = which.map((w) => new Deed(`cancel ${w}`, 'plans', (m, r) => tracker.cancel(m, r, w, true)));
const cancelOne = which.map((w) => new Deed(`cancel one ${w}`, 'parcels', (m, r) => tracker.cancel(m, r, w, false)));
const step = (name: Step) =>
  which.map((w) => new Deed(`${name} ${w}`, 'parcels', (m, r) => tracker.step(m, r, w, name)));
const confirm = fc
  .tuple(which, fc.nat({ max: 3 }), fc.constantFrom('DAMAGED' as const, null))
  .map(([w, short, reason]) => {
    const perform = (m: Model, r: Real): Promise<void> => tracker.confirm(m, r, w, short, reason);
    return new Deed(`confirm ${told(w, short, reason)}`, 'parcels', perform);
  });

describe('whatever people do, in whatever order', () => {
  let world: World;
  let client: Client;

  beforeAll(async () => {
    world = await openWorld();
    client = await world.as('COORDINATOR');
  });
  afterAll(() => world?.close());

  it('the stock is what a child would have counted, and the ledger is sound', async () => {
    const deeds = fc.commands(
      [
        donate,
        announce,
        receive,
        split,
        split,
        commit,
        commit,
        cancel,
        cancelOne,
        step('dispatchDelivery'),
        step('dispatchDelivery'),
        step('markDelivered'),
        step('returnDelivery'),
        step('reportDeliveryLost'),
        confirm,
      ],
      { maxCommands: SIZE.histories.commands, size: 'max' },
    );
    // A failing history is told with the seed and the path that bring it back.
    await fc.assert(
      fc.asyncProperty(deeds, async (history) => {
        const real = {
          world,
          client,
          donorId: (await aDonor(client)).id,
          people: await clinicians(client, PEOPLE),
          before: await tracker.levels(client),
        };
        const model = new Model();
        // Whatever is given counts towards these, and the laws watch what happens to them.
        for (const [i, person] of real.people.entries()) {
          await aNeed(client, person, { itemCode: ITEMS[i % 2], units: 5 + 7 * i });
          await aNeed(client, person, { category: 'MASK', units: 4 });
        }
        await tracker.donate(model, real, { MASK: 50, GOWN: 7 });
        await fc.asyncModelRun(() => ({ model, real }), history);
      }),
      { numRuns: SIZE.histories.runs, seed: seedFor('random histories') },
    );
    expect(await world.breaches()).toEqual([]);
  });
});
