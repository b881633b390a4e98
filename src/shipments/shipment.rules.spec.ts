import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../platform/rejection.js';
import {
  CARRIAGE_EVENTS,
  receive as receiveAs,
  SHIPMENT_STATUSES,
  SHIPMENT_STEPS,
  shipmentAfter,
  type Count,
  type LineCounts,
  type ShipmentStatus,
} from './shipment.rules.js';

const line = (announcedUnits: number, id = 'a'): LineCounts => ({
  id,
  announcedUnits,
  acceptedUnits: 0,
  rejectedUnits: 0,
  rejectReason: null,
  discrepancyReason: null,
});
const count = (acceptedUnits: number, rejectedUnits = 0, rejectReason: string | null = null, lineId = 'a') => ({
  lineId,
  acceptedUnits,
  rejectedUnits,
  rejectReason,
});
type Shipment = { status: ShipmentStatus; lines: LineCounts[] };
const receive = (
  shipment: Shipment,
  counts: Count[],
  close: boolean | null,
  reason: string | null,
  lineReasons: Record<string, string> = {},
) => receiveAs(shipment, counts, { close, reason, lineReasons: new Map(Object.entries(lineReasons)) });
const announced = (...lines: LineCounts[]) => ({ status: 'ANNOUNCED' as ShipmentStatus, lines });

describe('receiving a shipment', () => {
  it('is done when everything that was announced has been accepted', () => {
    expect(receive(announced(line(10)), [count(10)], null, null)).toMatchObject({ status: 'RECEIVED' });
  });

  it('stays open when the caller says that more will come, though all has arrived', () => {
    expect(receive(announced(line(10)), [count(10)], false, null)).toMatchObject({ status: 'PARTIALLY_RECEIVED' });
  });

  it('stays open while a line is short', () => {
    expect(receive(announced(line(10)), [count(9)], null, null)).toMatchObject({ status: 'PARTIALLY_RECEIVED' });
  });

  it('adds up the counts of several visits and of several lots of one line', () => {
    const first = receive(announced(line(10)), [count(3), count(4)], null, null);
    expect(first).toMatchObject({ status: 'PARTIALLY_RECEIVED', lines: [{ acceptedUnits: 7 }] });
    const second = receive(first as never, [count(3)], null, null);
    expect(second).toMatchObject({ status: 'RECEIVED', lines: [{ acceptedUnits: 10 }] });
  });

  it('needs a reason to be closed short, and names the lines', () => {
    const refused = receive(announced(line(10), line(5, 'b')), [count(9), count(5, 0, null, 'b')], true, null);
    expect(refused).toMatchObject({ code: 'DISCREPANCY_REASON_REQUIRED', lineIds: ['a'] });
    expect(receive(announced(line(10)), [count(9)], true, 'MISSING')).toMatchObject({ status: 'RECEIVED' });
  });

  it('needs a reason to be closed over, too', () => {
    expect(receive(announced(line(10)), [count(11)], true, null)).toMatchObject({
      code: 'DISCREPANCY_REASON_REQUIRED',
    });
  });

  it('may be closed by a reason for each line that differs, and keeps them', () => {
    const short = [count(9), count(6, 0, null, 'b')];
    const refused = receive(announced(line(10), line(5, 'b')), short, true, null, { a: 'MISSING' });
    expect(refused).toMatchObject({ code: 'DISCREPANCY_REASON_REQUIRED', lineIds: ['b'] });
    const both = { a: 'MISSING', b: 'FOUND' };
    expect(receive(announced(line(10), line(5, 'b')), short, true, null, both)).toMatchObject({
      status: 'RECEIVED',
      lines: [{ discrepancyReason: 'MISSING' }, { discrepancyReason: 'FOUND' }],
    });
  });

  it('is not closed by a reason alone: more may come until somebody says that it is all', () => {
    const short = receive(announced(line(10)), [count(9)], null, null, { a: 'MISSING' });
    expect(short).toMatchObject({ status: 'PARTIALLY_RECEIVED', lines: [{ discrepancyReason: 'MISSING' }] });
    expect(receive(short as never, [], true, null)).toMatchObject({ status: 'RECEIVED' });
    expect(receive(short as never, [count(1)], null, null)).toMatchObject({
      status: 'RECEIVED',
      lines: [{ discrepancyReason: null }],
    });
  });

  it('needs a reason for what was never announced', () => {
    const found = announced(line(10), line(0, 'b'));
    const counts = [count(10), count(4, 0, null, 'b')];
    expect(receive(found, counts, true, null)).toMatchObject({ lineIds: ['b'] });
    expect(receive(found, counts, null, null)).toMatchObject({ status: 'PARTIALLY_RECEIVED' });
    expect(receive(found, counts, true, 'FOUND')).toMatchObject({ status: 'RECEIVED' });
  });

  it('stays where it stands while nothing has been counted', () => {
    expect(receive(announced(line(10)), [], null, null)).toMatchObject({ status: 'ANNOUNCED' });
    expect(receive({ status: 'IN_TRANSIT', lines: [line(10)] }, [count(0)], false, null)).toMatchObject({
      status: 'IN_TRANSIT',
    });
  });

  it('takes the reason of a rejection for an explanation', () => {
    expect(receive(announced(line(10)), [count(8, 2, 'DAMAGED')], true, null)).toMatchObject({ status: 'RECEIVED' });
    expect(receive(announced(line(10)), [count(8, 2)], true, null)).toMatchObject({
      code: 'DISCREPANCY_REASON_REQUIRED',
    });
  });

  it.each(['RECEIVED', 'CANCELLED', 'LOST'] as const)('refuses a count on a shipment that is %s', (status) => {
    expect(receive({ status, lines: [line(10)] }, [count(1)], null, null)).toMatchObject({
      code: 'SHIPMENT_NOT_RECEIVABLE',
      status,
    });
  });
});

describe('the way of a shipment', () => {
  const steps = fc.array(fc.constantFrom(...SHIPMENT_STEPS), { maxLength: 30 });

  it('is, whatever is tried, one of those there are', () => {
    const before: Record<ShipmentStatus, ShipmentStatus[]> = {
      ANNOUNCED: [],
      IN_TRANSIT: ['ANNOUNCED', 'CANCELLED', 'LOST'],
      PARTIALLY_RECEIVED: ['ANNOUNCED', 'IN_TRANSIT', 'RECEIVED'],
      RECEIVED: ['ANNOUNCED', 'IN_TRANSIT', 'PARTIALLY_RECEIVED'],
      CANCELLED: ['ANNOUNCED', 'IN_TRANSIT'],
      LOST: ['ANNOUNCED', 'IN_TRANSIT'],
    };
    fc.assert(
      fc.property(steps, (path) => {
        let status: ShipmentStatus = 'ANNOUNCED';
        let isCounted = false;
        for (const step of path) {
          const next = shipmentAfter(status, step);
          if (isRefusal(next)) {
            expect(next).toMatchObject({ code: 'SHIPMENT_TRANSITION', status });
            continue;
          }
          if (next !== status) expect(before[next]).toContain(status);
          if (step === 'cancel' || step === 'lose') expect(isCounted).toBe(false);
          isCounted ||= step === 'count';
          status = next;
        }
        // Wherever it stands, there is a way to count it to the end.
        const reopened = shipmentAfter(status, 'reopen');
        const open = isRefusal(reopened) ? status : reopened;
        expect([shipmentAfter(open, 'count'), shipmentAfter(open, 'close')]).toEqual([
          'PARTIALLY_RECEIVED',
          'RECEIVED',
        ]);
      }),
    );
  });

  it('may be decided once: a second time each decision is refused', () => {
    for (const status of SHIPMENT_STATUSES)
      for (const step of ['close', 'cancel', 'lose', 'reopen'] as const) {
        const next = shipmentAfter(status, step);
        if (!isRefusal(next)) expect(isRefusal(shipmentAfter(next, step))).toBe(true);
      }
  });

  it('begins with the first news of it, and later news change nothing', () => {
    expect(CARRIAGE_EVENTS).toHaveLength(6);
    expect(SHIPMENT_STATUSES.map((status) => shipmentAfter(status, 'carry'))).toEqual([
      'IN_TRANSIT',
      ...SHIPMENT_STATUSES.slice(1),
    ]);
  });

  it('cannot be cancelled once something was counted, and the refusal says what to do instead', () => {
    for (const step of ['cancel', 'lose'] as const) {
      const refused = shipmentAfter('PARTIALLY_RECEIVED', step);
      expect(refused).toMatchObject({ message: expect.stringContaining('close it with a discrepancy reason') });
    }
  });
});
