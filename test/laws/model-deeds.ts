import fc from 'fast-check';
import { ITEMS, Model, NUMBERS, PEOPLE, type Real, type Reason } from './model.js';
import { assertEqual, type Levels } from './model-compare.js';
import * as gifts from './model-gifts.js';
import * as parcels from './model-parcels.js';
import * as plans from './model-plans.js';
import * as recalls from './model-recalls.js';
import * as stock from './model-stock.js';
import * as transfers from './model-transfers.js';

/** What a history is played on. */
export type Stage = Real & { readonly before: Levels };
type Subject = 'shipments' | 'plans' | 'parcels' | 'lots' | 'transfers' | 'recalls';
type Perform = (model: Model, real: Real) => Promise<void>;

/** One thing that somebody does, and whether there is anything to do it to. */
class Deed implements fc.AsyncCommand<Model, Stage> {
  constructor(
    private readonly words: string,
    private readonly needs: Subject | null,
    private readonly perform: Perform,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.needs === null || model[this.needs].length > 0;
  }

  async run(model: Model, real: Stage): Promise<void> {
    await this.perform(model, real);
    await assertEqual(model, real, real.before);
  }

  toString(): string {
    return this.words;
  }
}

/** A deed with the facts that make it this one, which a failing history is told with. */
function deed<Facts extends unknown[]>(
  name: string,
  needs: Subject | null,
  facts: { readonly [I in keyof Facts]: fc.Arbitrary<Facts[I]> },
  perform: (...facts: Facts) => Perform,
): fc.Arbitrary<Deed> {
  return fc
    .tuple<Facts>(...facts)
    .map((chosen) => new Deed([name, ...chosen.map((f) => JSON.stringify(f))].join(' '), needs, perform(...chosen)));
}

const units = fc.integer({ min: 1, max: 60 });
const gift = fc.record({
  units: fc
    .uniqueArray(fc.constantFrom(...ITEMS), { minLength: 1, maxLength: 3 })
    .chain((items) =>
      fc.tuple(...items.map((item) => units.map((n) => [item, n] as const))).map((lines) => Object.fromEntries(lines)),
    ),
  number: fc.option(fc.constantFrom(...NUMBERS), { freq: 3 }),
});
const which = fc.nat({ max: 199 });
const few = fc.integer({ min: 1, max: 2 });
const short = fc.nat({ max: 3 });
const site = fc.nat({ max: 1 });
const anySite = fc.constantFrom(null, 0, 1);
const off = fc.integer({ min: -30, max: 30 });
const reason = fc.constantFrom<Reason>('DAMAGED', 'MISSING');
const wish = fc.record({
  items: fc.uniqueArray(fc.constantFrom(...ITEMS), { minLength: 1, maxLength: 3 }),
  who: fc.uniqueArray(fc.nat({ max: PEOPLE - 1 }), { minLength: 1, maxLength: PEOPLE }),
  cap: fc.option(fc.integer({ min: 1, max: 15 }), { freq: 3 }),
  at: anySite,
});
const came = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 });
const visit = fc.tuple(site, fc.boolean());

const step = (name: parcels.Step) => deed(name, 'parcels', [which], (w) => (m, r) => parcels.step(m, r, w, name));
const decide = (name: gifts.Decision) => deed(name, 'shipments', [which], (w) => (m, r) => gifts.decide(m, r, w, name));
const takeOff = (way: stock.WayOff) =>
  deed(way, 'lots', [which, units], (w, n) => (m, r) => stock.takeOff(m, r, w, n, way));
const endTransfer = (name: 'cancelTransfer' | 'reportTransferLost') =>
  deed(name, 'transfers', [which], (w) => (m, r) => transfers.endTransfer(m, r, w, name));

/** Everything that people do, as often as it should come up beside the others. */
const DEEDS: readonly (readonly [times: number, fc.Arbitrary<Deed>])[] = [
  [2, deed('donate', null, [gift, anySite], (g, at) => (m, r) => gifts.donate(m, r, g, at))],
  [1, deed('announce', null, [gift], (g) => (m, r) => gifts.announce(m, r, g))],
  [2, deed('receive', 'shipments', [which, came, visit], (w, n, v) => (m, r) => gifts.receive(m, r, w, n, v))],
  [1, decide('cancelShipment')],
  [1, decide('reportShipmentLost')],
  [1, decide('reopenShipment')],
  [1, deed('correctDonor', 'shipments', [which], (w) => (m, r) => gifts.correctDonor(m, r, w))],
  [2, deed('correctItem', 'shipments', [which], (w) => (m, r) => gifts.correctItem(m, r, w))],
  [4, deed('give', 'shipments', [wish], (w) => (m, r) => plans.give(m, r, w))],
  [2, deed('split', 'shipments', [wish], (w) => (m, r) => plans.split(m, r, w))],
  [3, deed('commit', 'plans', [which], (w) => (m, r) => plans.commit(m, r, w))],
  [1, deed('cancel', 'plans', [which], (w) => (m, r) => plans.cancel(m, r, w, true))],
  [1, deed('cancel one', 'parcels', [which], (w) => (m, r) => plans.cancel(m, r, w, false))],
  [6, step('dispatchDelivery')],
  [2, step('markDelivered')],
  [1, step('returnDelivery')],
  [1, step('reportDeliveryLost')],
  [2, deed('takeOut', 'parcels', [which, few], (w, n) => (m, r) => parcels.takeOut(m, r, w, n))],
  [
    3,
    deed(
      'confirm',
      'parcels',
      [which, short, fc.constantFrom('DAMAGED' as const, null)],
      (w, n, why) => (m, r) => parcels.confirm(m, r, w, n, why),
    ),
  ],
  [2, deed('quarantine', 'lots', [which], (w) => (m, r) => stock.quarantine(m, r, w))],
  [2, deed('release', 'lots', [which], (w) => (m, r) => stock.release(m, r, w))],
  [3, deed('recount', 'lots', [which, off, reason], (w, n, why) => (m, r) => stock.recount(m, r, w, n, why))],
  [1, takeOff('discardStock')],
  [1, takeOff('returnToDonor')],
  [
    2,
    deed('correctIntake', 'lots', [which, anySite, off], (w, at, n) => (m, r) => stock.correctIntake(m, r, w, at, n)),
  ],
  [
    3,
    deed(
      'send',
      'lots',
      [fc.tuple(which, site), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 2 })],
      (w, n) => (m, r) => transfers.send(m, r, w, n),
    ),
  ],
  [
    3,
    deed(
      'receiveTransfer',
      'transfers',
      [which, short, fc.option(reason, { freq: 4 })],
      (w, n, why) => (m, r) => transfers.receiveTransfer(m, r, w, n, why),
    ),
  ],
  [1, endTransfer('cancelTransfer')],
  [1, endTransfer('reportTransferLost')],
  [1, deed('recallSome', 'lots', [which, few], (w, n) => (m, r) => recalls.recallSome(m, r, w, n))],
  [
    1,
    deed(
      'recallNumber',
      null,
      [fc.constantFrom(...ITEMS), fc.constantFrom(...NUMBERS)],
      (i, n) => (m, r) => recalls.recallNumber(m, r, i, n),
    ),
  ],
  [1, deed('endRecall', 'recalls', [which], (w) => (m, r) => recalls.endRecall(m, r, w))],
];

/** Histories of so many deeds: some shorter, some up to twice as long. */
export function histories(deeds: number): ReturnType<typeof fc.commands<Model, Stage, false>> {
  return fc.commands(
    DEEDS.flatMap(([times, one]) => Array.from({ length: times }, () => one)),
    { maxCommands: 2 * deeds, size: 'max' },
  );
}
