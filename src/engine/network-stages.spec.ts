import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { leximinOver } from './network.js';
import { leximinWithFirst, stagesOf, type EarmarkedLot, type SoftNetwork } from './network-stages.js';

const ONES = (people: number) => new Float64Array(people).fill(1);
const UNBOUNDED = (people: number) => new Float64Array(people).fill(Infinity);
const RANKS = (people: number) => Uint32Array.from({ length: people }, (_, rank) => rank);

describe('stages of hard earmarks', () => {
  it('go from the narrowest to the widest, lots for the same people together, ties by lot id', () => {
    const stages = stagesOf(
      [
        { id: 'm9', units: 10, eligible: null },
        { id: 'm5', units: 4, eligible: [2, 1] },
        { id: 'm4', units: 3, eligible: [0, 1] },
        { id: 'm3', units: 2, eligible: [1, 2, 1] },
        { id: 'm2', units: 1, eligible: [3] },
        { id: 'm1', units: 5, eligible: [3, 2, 1, 0] },
      ],
      4,
    );
    expect(stages).toEqual([
      { lots: [4], eligible: [3], units: 1 },
      { lots: [1, 3], eligible: [1, 2], units: 6 },
      { lots: [2], eligible: [0, 1], units: 3 },
      { lots: [0, 5], eligible: null, units: 15 },
    ]);
  });

  it('keep every lot exactly once, whatever the order of the lots', () => {
    const lots = fc.array(fc.option(fc.subarray([0, 1, 2, 3])), { maxLength: 6 });
    fc.assert(
      fc.property(lots, (named) => {
        const list = named.map((eligible, i) => ({ id: `m${i}`, units: i, eligible }));
        const idsOf = (all: typeof list) =>
          stagesOf(all, 4).map((stage) => stage.lots.map((lot) => all[lot]!.id).sort());
        expect(idsOf(list).flat().sort()).toEqual(list.map(({ id }) => id));
        expect(idsOf(list.toReversed())).toEqual(idsOf(list));
      }),
    );
  });
});

const softNetworks: fc.Arbitrary<SoftNetwork> = fc.integer({ min: 1, max: 6 }).chain((people) =>
  fc.record({
    lots: fc.array(
      fc.record({
        units: fc.integer({ min: 0, max: 20 }),
        eligible: fc.option(fc.subarray(Array.from({ length: people }, (_, i) => i))),
        strength: fc.constantFrom('ONLY', 'FIRST'),
      }),
      { maxLength: 5 },
    ) as fc.Arbitrary<EarmarkedLot[]>,
    bounds: fc
      .array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Infinity)), { minLength: people, maxLength: people })
      .map((bounds) => Float64Array.from(bounds)),
    weights: fc
      .array(fc.integer({ min: 1, max: 3 }), { minLength: people, maxLength: people })
      .map((weights) => Float64Array.from(weights)),
  }),
);

describe('soft earmarks', () => {
  it('overflow: what those named do not want goes to the others', () => {
    const shares = leximinWithFirst(
      {
        lots: [{ units: 10, eligible: [0, 1], strength: 'FIRST' }],
        bounds: Float64Array.from([3, 2, Infinity, Infinity]),
        weights: ONES(4),
      },
      RANKS(4),
    );
    expect(Array.from(shares.units)).toEqual([3, 2, 3, 2]);
    expect(Array.from(shares.toNamed.units)).toEqual([3, 2, 0, 0]);
  });

  it('count: whoever had her part first waits until the others have caught up', () => {
    const shares = leximinWithFirst(
      {
        lots: [
          { units: 8, eligible: null, strength: 'ONLY' },
          { units: 6, eligible: [0], strength: 'FIRST' },
        ],
        bounds: UNBOUNDED(3),
        weights: ONES(3),
      },
      RANKS(3),
    );
    expect(Array.from(shares.units)).toEqual([6, 4, 4]);
  });

  it('without any soft lot are the plain network', () => {
    fc.assert(
      fc.property(softNetworks, (network) => {
        const hard = { ...network, lots: network.lots.map((lot) => ({ ...lot, strength: 'ONLY' as const })) };
        const ranks = RANKS(network.bounds.length);
        const plain = leximinOver(hard, ranks);
        const shares = leximinWithFirst(hard, ranks);
        expect([shares.units, shares.flow, shares.left]).toEqual([plain.units, plain.flow, plain.left]);
      }),
    );
  });

  it('leave to others only what those named do not want, and lose no unit', () => {
    fc.assert(
      fc.property(softNetworks, (network) => {
        const { units, flow, left, toNamed } = leximinWithFirst(network, RANKS(network.bounds.length));
        const drawn = new Float64Array(network.lots.length);
        units.forEach((award, recipient) => {
          let pieces = 0;
          let lotBefore = -1;
          for (let piece = flow.starts[recipient]!; piece < flow.starts[recipient + 1]!; piece++) {
            const lot = flow.lots[piece]!;
            const { eligible, strength } = network.lots[lot]!;
            expect(lot).toBeGreaterThan(lotBefore);
            lotBefore = lot;
            pieces += flow.units[piece]!;
            drawn[lot]! += flow.units[piece]!;
            if (eligible === null || eligible.includes(recipient)) continue;
            expect(strength).toBe('FIRST');
            for (const named of eligible) expect(toNamed.units[named]).toBe(network.bounds[named]);
          }
          expect(pieces).toBe(award);
          expect(award).toBeLessThanOrEqual(network.bounds[recipient]!);
        });
        network.lots.forEach((lot, i) => expect(drawn[i]! + left[i]!).toBe(lot.units));
      }),
      { numRuns: 300 },
    );
  });
});
