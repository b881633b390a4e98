import { describe, expect, it } from '@jest/globals';
import { placeOfMissing } from '../stock/ledger.rules.js';
import {
  counted,
  DELIVERY_STATUSES,
  emptied,
  stoppedLines,
  transition,
  type DeliveryStatus,
  type DeliveryStep,
} from './delivery.rules.js';

const legal: Readonly<Record<DeliveryStep, readonly DeliveryStatus[]>> = {
  dispatch: ['PREPARED'],
  cancel: ['PREPARED'],
  deliver: ['DISPATCHED'],
  confirm: ['DISPATCHED', 'DELIVERED'],
  return: ['DISPATCHED'],
  lose: ['DISPATCHED'],
};
const table = (Object.keys(legal) as DeliveryStep[]).flatMap((step) =>
  DELIVERY_STATUSES.map((status) => ({ step, status })),
);

describe('the path of a delivery', () => {
  it.each(table)('from $status: $step', ({ step, status }) => {
    const result = transition(status, step);
    if (legal[step].includes(status)) expect(result).not.toHaveProperty('code');
    else expect(result).toMatchObject({ __typename: 'DeliveryTransitionError', code: 'DELIVERY_TRANSITION', status });
  });

  it('can never be taken twice: no step starts where it ends', () => {
    for (const { step, status } of table) {
      const result = transition(status, step);
      if (!('code' in result)) expect(transition(result.status, step)).toHaveProperty('code');
    }
  });

  it('leads units from where the last step left them', () => {
    const dispatched = transition('PREPARED', 'dispatch');
    const delivered = transition('DISPATCHED', 'deliver');
    expect(dispatched).toMatchObject({ from: 'ALLOCATED', to: 'IN_TRANSIT' });
    expect(delivered).toMatchObject({ from: 'IN_TRANSIT', to: 'DELIVERED' });
    expect(transition('DELIVERED', 'confirm')).toMatchObject({ from: 'DELIVERED', to: 'DELIVERED' });
  });
});

describe('what a recipient counts', () => {
  const lines = [
    { id: 'a', units: 36 },
    { id: 'b', units: 4 },
  ];

  it('is as sent where nothing is said', () => {
    expect(counted(lines, []).map((line) => line.confirmedUnits)).toEqual([36, 4]);
  });

  it('may be short, and is missing when no reason is given', () => {
    expect(counted(lines, [{ lineId: 'a', units: 35 }])[0]).toEqual({
      id: 'a',
      sentUnits: 36,
      confirmedUnits: 35,
      reason: 'MISSING',
    });
  });

  it('needs no reason when all arrived', () => {
    expect(counted(lines, [{ lineId: 'b', units: 4, reason: 'DAMAGED' }])[1]).toMatchObject({ reason: null });
  });

  it('is discarded when it arrived unfit, lost when it did not arrive', () => {
    expect(placeOfMissing('DAMAGED')).toBe('DISCARDED');
    expect(placeOfMissing('MISSING')).toBe('LOST');
    expect(placeOfMissing(null)).toBe('LOST');
  });
});

describe('lines that are taken out', () => {
  const line = (id: string, deliveryId: string, status: DeliveryStatus = 'PREPARED') => ({ id, deliveryId, status });
  const lines = [line('a', 'x'), line('b', 'x', 'CANCELLED'), line('c', 'y'), line('d', 'y'), line('e', 'z')];

  it('empty a parcel when nothing else is in it, or was taken out before', () => {
    expect(emptied(lines, [lines[0]!, lines[2]!])).toEqual(['x']);
    expect(emptied(lines, [lines[2]!, lines[3]!, lines[0]!])).toEqual(['y', 'x']);
    expect(emptied(lines, [])).toEqual([]);
  });
});

describe('what may not leave', () => {
  const lots = [
    { id: 'good', condition: 'GOOD' as const, expiresOn: null },
    { id: 'last day', condition: 'GOOD' as const, expiresOn: '2027-01-31' },
    { id: 'expired', condition: 'GOOD' as const, expiresOn: '2027-01-30' },
    { id: 'set aside', condition: 'QUARANTINED' as const, expiresOn: null },
    { id: 'recalled', condition: 'RECALLED' as const, expiresOn: '2099-01-01' },
  ];
  const lines = lots.map(({ id }) => ({ id: `line of ${id}`, lotId: id, status: 'PREPARED' as const }));

  it('is of a lot that is set aside, recalled, or past its last day', () => {
    const stopped = stoppedLines(lines, lots, '2027-01-31');
    expect(stopped.map(({ lotId }) => lotId)).toEqual(['expired', 'set aside', 'recalled']);
    expect(stopped[0]).toEqual({
      lineId: 'line of expired',
      lotId: 'expired',
      condition: 'GOOD',
      expiresOn: '2027-01-30',
    });
  });

  it('is not what was taken out already', () => {
    const out = lines.map((line) => ({ ...line, status: 'CANCELLED' as const }));
    expect(stoppedLines(out, lots, '2027-01-31')).toEqual([]);
  });
});
