import { describe, expect, it } from '@jest/globals';
import { receive, type LineCounts, type ShipmentStatus } from './shipment.rules.js';

const line = (announcedUnits: number, id = 'a'): LineCounts => ({
  id,
  announcedUnits,
  acceptedUnits: 0,
  rejectedUnits: 0,
  rejectReason: null,
});
const count = (acceptedUnits: number, rejectedUnits = 0, rejectReason: string | null = null, lineId = 'a') => ({
  lineId,
  acceptedUnits,
  rejectedUnits,
  rejectReason,
});
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
