import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { leximinOver } from './network.js';
import { stagesOf } from './network-stages.js';
import type { Problem } from './problem.js';
import { split } from './split.js';

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

/** Lots that are for some, hard or soft, by the places of those they name; null names everyone. */
interface SoftNetwork {
  lots: { units: number; eligible: number[] | null; strength: 'ONLY' | 'FIRST' }[];
  bounds: number[];
  weights: number[];
}

const softNetworks: fc.Arbitrary<SoftNetwork> = fc.integer({ min: 1, max: 6 }).chain((people) =>
  fc.record({
    lots: fc.array(
      fc.record({
        units: fc.integer({ min: 0, max: 20 }),
        eligible: fc.option(fc.subarray(Array.from({ length: people }, (_, i) => i))),
        strength: fc.constantFrom<'ONLY' | 'FIRST'>('ONLY', 'FIRST'),
      }),
      { maxLength: 5 },
    ),
    bounds: fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Infinity)), {
      minLength: people,
      maxLength: people,
    }),
    weights: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: people, maxLength: people }),
  }),
);

/** The network as a problem: every lot with an earmark has a group of its own. */
function problemOf({ lots, bounds, weights }: SoftNetwork): Problem {
  return {
    policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' },
    lots: lots.map(({ units, eligible, strength }, lot) => ({
      id: `m${lot}`,
      item: 'M',
      units,
      ...(eligible && { earmark: { strength, groups: [`g${lot}`] } }),
    })),
    recipients: bounds.map((bound, i) => ({
      id: `r${i}`,
      weight: weights[i]!,
      groups: lots.flatMap(({ eligible }, lot) => (eligible?.includes(i) ? [`g${lot}`] : [])),
      ...(bound < Infinity && { claims: { M: bound } }),
    })),
  };
}

/** Each recipient's pieces, by lot. */
function piecesOf(network: SoftNetwork): { lot: number; units: number }[][] {
  const { awards } = split(problemOf(network));
  return network.bounds.map((_, i) =>
    (awards.find(({ recipient }) => recipient === `r${i}`)?.lots ?? []).map(({ lot, units }) => ({
      lot: Number(lot.slice(1)),
      units,
    })),
  );
}

const sumOf = (pieces: readonly { units: number }[]) => pieces.reduce((sum, { units }) => sum + units, 0);

describe('soft earmarks', () => {
  it('overflow: what those named do not want goes to the others', () => {
    const network: SoftNetwork = {
      lots: [{ units: 10, eligible: [0, 1], strength: 'FIRST' }],
      bounds: [3, 2, Infinity, Infinity],
      weights: [1, 1, 1, 1],
    };
    expect(piecesOf(network).map(sumOf)).toEqual([3, 2, 3, 2]);
    const { awards } = split(problemOf(network));
    expect(awards.map(({ why }) => why.pool!.earmarks)).toEqual([
      ...[0, 1].map(() => [{ strength: 'FIRST', groups: ['g0'] }]),
      ...[2, 3].map(() => [null]),
    ]);
  });

  it('count: whoever had her part first waits until the others have caught up', () => {
    const network: SoftNetwork = {
      lots: [
        { units: 8, eligible: null, strength: 'ONLY' },
        { units: 6, eligible: [0], strength: 'FIRST' },
      ],
      bounds: [Infinity, Infinity, Infinity],
      weights: [1, 1, 1],
    };
    expect(piecesOf(network).map(sumOf)).toEqual([6, 4, 4]);
  });

  it('without any soft lot are the plain network', () => {
    fc.assert(
      fc.property(softNetworks, (network) => {
        const hard = { ...network, lots: network.lots.map((lot) => ({ ...lot, strength: 'ONLY' as const })) };
        const { lots, bounds, weights } = hard;
        const figures = { bounds: Float64Array.from(bounds), weights: Float64Array.from(weights) };
        const plain = leximinOver({ lots, ...figures }, RANKS(bounds.length));
        const pieces = piecesOf(hard);
        const left = lots.map(({ units }, lot) => units - sumOf(pieces.flat().filter((piece) => piece.lot === lot)));
        expect(pieces.map(sumOf)).toEqual(Array.from(plain.units));
        expect(sumOf(left.map((units) => ({ units })))).toBe(plain.left.reduce((sum, units) => sum + units, 0));
      }),
    );
  });

  it('leave to others only what those named do not want, and lose no unit', () => {
    fc.assert(
      fc.property(softNetworks, (network) => {
        const { lots, bounds } = network;
        const pieces = piecesOf(network);
        const units = pieces.map(sumOf);
        pieces.forEach((hers, recipient) => {
          expect(units[recipient]).toBeLessThanOrEqual(bounds[recipient]!);
          expect(hers.map(({ lot }) => lot)).toEqual(hers.map(({ lot }) => lot).sort((a, b) => a - b));
          expect(new Set(hers.map(({ lot }) => lot)).size).toBe(hers.length);
          for (const { lot } of hers) {
            const { eligible, strength } = lots[lot]!;
            if (eligible === null || eligible.includes(recipient)) continue;
            expect(strength).toBe('FIRST');
            for (const named of eligible) expect(units[named]).toBe(bounds[named]);
          }
        });
        const { unallocated } = split(problemOf(network));
        lots.forEach((lot, i) => {
          const drawn = sumOf(pieces.flat().filter((piece) => piece.lot === i));
          expect(drawn + sumOf(unallocated.filter((left) => left.lot === `m${i}`))).toBe(lot.units);
        });
      }),
      { numRuns: 300 },
    );
  });
});
