import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addUp,
  type ExpectedLine,
  matchLines,
  overfullLine,
  type Scan,
  type ScannedUnits,
  scanFault,
  scannedTwice,
  unitsOf,
} from './scan.rules.js';

const scan = (more: Partial<Scan> = {}): Scan => ({
  place: 0,
  gtin: '1',
  lotNumber: null,
  expiresOn: null,
  serial: null,
  sscc: null,
  count: null,
  packs: null,
  units: null,
  ...more,
});
const scanned = (itemId: string, units: number, more: Partial<ScannedUnits> = {}): ScannedUnits => ({
  place: 0,
  gtin: `gtin of ${itemId}`,
  itemId,
  unitsPerPack: 10,
  lotNumber: null,
  expiresOn: null,
  units,
  ...more,
});
const line = (id: string, itemId: string, more: Partial<ExpectedLine> = {}): ExpectedLine => ({
  id,
  itemId,
  announcedUnits: 100,
  acceptedUnits: 0,
  rejectedUnits: 0,
  lotNumber: null,
  expiresOn: null,
  ...more,
});
const found = (scans: ScannedUnits[], lines: ExpectedLine[]) =>
  matchLines(scans, lines).counts.map(({ lineId, units }) => [lineId, units]);

describe('a scan', () => {
  it.each([
    [{}, 50],
    [{ packs: 3 }, 150],
    [{ units: 7 }, 7],
    [{ count: 20 }, 1000],
    [{ count: 20, packs: 2 }, 2000],
    [{ count: 20, units: 7 }, 7],
  ])('with %j of packs of 50 stands for %d units', (more, units) => {
    expect(unitsOf(scan(more), 50)).toBe(units);
  });

  it.each([
    [{ packs: 1, units: 1 }, 'units'],
    [{ packs: 2, serial: 'S' }, 'packs'],
    [{ packs: 2, sscc: '106141412345678908' }, 'packs'],
    [{ count: 0 }, 'code'],
  ])('with %j contradicts itself', (more, field) => {
    expect(scanFault(scan(more))).toMatchObject({ field });
  });

  it.each([{ packs: 1, serial: 'S' }, { packs: 2 }, { units: 2, serial: 'S' }, { count: 0, units: 3 }])(
    'with %j does not',
    (more) => {
      expect(scanFault(scan(more))).toBeNull();
    },
  );

  it('of a serial number or logistic unit that came before is refused, and of another GTIN or number is not', () => {
    const twice = (...scans: Partial<Scan>[]) => scannedTwice(scans.map((more, place) => scan({ place, ...more })));
    expect(twice({ serial: 'A' }, { serial: 'B' }, { serial: 'A' })).toMatchObject({
      code: 'SCANNED_TWICE',
      scan: 2,
      firstScan: 0,
      serial: 'A',
      message: 'Scans 0 and 2 are of the same pack: its number is in both.',
    });
    expect(twice({}, { sscc: '9' }, { sscc: '9' })).toMatchObject({ scan: 2, firstScan: 1, sscc: '9', serial: null });
    expect(twice({ serial: 'A' }, { serial: 'A', gtin: '2' }, { sscc: '9' }, { sscc: '8' }, {}, {})).toBeNull();
  });
});

describe('scans of one GTIN, lot and expiry day', () => {
  it('are added up, and no others', () => {
    const some = [
      scanned('n95', 1),
      scanned('n95', 2, { place: 1, lotNumber: 'A' }),
      scanned('n95', 4, { place: 2 }),
      scanned('n95', 8, { place: 3, lotNumber: 'A', expiresOn: '2027-01-01' }),
      scanned('n95', 16, { place: 4, gtin: 'another' }),
    ];
    expect(addUp(some).map(({ place, units }) => [place, units])).toEqual([
      [0, 5],
      [1, 2],
      [3, 8],
      [4, 16],
    ]);
  });
});

describe('the line of a scan', () => {
  it('is that of its lot and day, else of its lot, else one without a lot, else one of its item', () => {
    const lines = [
      line('any', 'n95'),
      line('a', 'n95', { lotNumber: 'A' }),
      line('a-2027', 'n95', { lotNumber: 'A', expiresOn: '2027-01-01' }),
      line('gown', 'gown', { lotNumber: 'A' }),
    ];
    const a = { lotNumber: 'A' };
    expect(found([scanned('n95', 5, { ...a, expiresOn: '2027-01-01' })], lines)).toEqual([['a-2027', 5]]);
    expect(found([scanned('n95', 5, a)], lines)).toEqual([['a', 5]]);
    expect(found([scanned('n95', 5, { ...a, expiresOn: '2028-01-01' })], lines.slice(0, 2))).toEqual([['a', 5]]);
    expect(found([scanned('n95', 5, { lotNumber: 'B' })], lines)).toEqual([['any', 5]]);
    expect(found([scanned('gown', 5, { lotNumber: 'B' })], lines)).toEqual([['gown', 5]]);
    expect(matchLines([scanned('mask', 5)], lines)).toEqual({ counts: [], strays: [scanned('mask', 5)] });
  });

  it('where several fit alike is the first with room, and the last for what is too many', () => {
    const lines = [
      line('1', 'n95', { acceptedUnits: 60, rejectedUnits: 30 }),
      line('2', 'n95', { announcedUnits: 20 }),
    ];
    expect(found([scanned('n95', 5), scanned('n95', 15, { lotNumber: 'B' })], lines)).toEqual([
      ['1', 5],
      ['1', 5],
      ['2', 10],
    ]);
    expect(found([scanned('n95', 99)], lines)).toEqual([
      ['1', 10],
      ['2', 89],
    ]);
  });

  it('takes every unit once, on a line of its item', () => {
    const items = fc.constantFrom('n95', 'gown');
    const lots = fc.constantFrom(null, 'A', 'B');
    const scans = fc.array(
      fc
        .record({ itemId: items, units: fc.integer({ min: 1, max: 50 }), lotNumber: lots })
        .map(({ itemId, ...more }) => scanned(itemId, more.units, more)),
      { maxLength: 8 },
    );
    const lines = fc
      .array(fc.record({ itemId: items, lotNumber: lots, announcedUnits: fc.integer({ min: 1, max: 60 }) }), {
        maxLength: 6,
      })
      .map((some) => some.map(({ itemId, ...more }, i) => line(`${i}`, itemId, more)));
    fc.assert(
      fc.property(scans, lines, (some, all) => {
        const { counts, strays } = matchLines(some, all);
        for (const itemId of ['n95', 'gown']) {
          const sum = (rows: readonly { units: number }[]) => rows.reduce((total, { units }) => total + units, 0);
          const ofItem = all.filter((one) => one.itemId === itemId).map(({ id }) => id);
          const counted = sum(counts.filter(({ lineId }) => ofItem.includes(lineId)));
          expect(counted + sum(strays.filter((one) => one.itemId === itemId))).toBe(
            sum(some.filter((one) => one.itemId === itemId)),
          );
          expect(ofItem.length > 0 && strays.some((one) => one.itemId === itemId)).toBe(false);
        }
      }),
    );
  });

  it('that would hold more than a line can is named', () => {
    const lines = [line('1', 'n95', { acceptedUnits: 60 })];
    const { counts } = matchLines([scanned('n95', 40)], lines);
    expect([overfullLine(counts, lines, 100), overfullLine(counts, lines, 99)]).toEqual([undefined, lines[0]]);
  });
});
