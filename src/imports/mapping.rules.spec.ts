import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '../platform/rejection.js';
import { shapeOf } from './kind.rules.js';
import { BUILT_IN_MAPPINGS, extendedMapping, findColumns, type Mapping, mappingFaults } from './mapping.rules.js';

const donations = shapeOf('DONATION');
const needs = shapeOf('NEED');

function placesOf(header: string[], mapping: Mapping = {}, shape = donations): object {
  const found = findColumns(shape, mapping, header);
  return isRefusal(found) ? found : Object.fromEntries(found.placeOf);
}

describe('columns', () => {
  it('are found by their names in English and Chinese, in any order', () => {
    expect(placesOf(['QTY', ' Donor Name ', 'Item'])).toEqual({ units: 0, donor: 1, item: 2 });
    expect(placesOf(['捐赠方', '物资名称', '数量（件）', '收到日期'])).toEqual({
      donor: 0,
      item: 1,
      units: 2,
      receivedOn: 3,
    });
  });

  it('that are missing are refused by the name of the field', () => {
    expect(placesOf(['donor', 'amount of money'])).toMatchObject({
      code: 'MISSING_COLUMNS',
      columns: ['item', 'units'],
    });
    expect(placesOf(['units'], {}, needs)).toMatchObject({
      columns: ['recipientId or email or recipientReference', 'item or category'],
    });
  });

  it('a default stands in for a column', () => {
    expect(placesOf(['item', 'units'], { defaults: { donor: 'Someone' } })).toEqual({ item: 0, units: 1 });
  });

  it('of which there are two are refused by their headers', () => {
    expect(placesOf(['donor', 'item', 'units', 'Quantity'])).toMatchObject({
      code: 'AMBIGUOUS_COLUMNS',
      columns: ['units', 'Quantity'],
    });
    expect(placesOf(['donor', 'item', 'units', 'Quantity'], { columns: { units: 'Quantity' } })).toEqual({
      donor: 0,
      item: 1,
      units: 3,
    });
  });

  it('that a mapping names and the file has not are refused', () => {
    expect(placesOf(['donor', 'item', 'units'], { columns: { units: 'Stück' } })).toMatchObject({
      code: 'UNKNOWN_COLUMNS',
      columns: ['Stück'],
    });
  });

  it('that no field takes are named', () => {
    expect(findColumns(donations, {}, ['', 'donor', 'item', 'units', 'Remarks'])).toMatchObject({
      ignored: ['Remarks'],
    });
  });
});

describe('a mapping', () => {
  it('is checked, part by part', () => {
    expect(mappingFaults(donations.fields, [])).toHaveLength(1);
    expect(
      mappingFaults(donations.fields, {
        column: {},
        columns: { colour: 'x', units: 5 },
        values: { item: { a: 1 } },
        defaults: 'MASK',
        createRecipients: 'yes',
        mostUnits: 1.5,
      }).map((fault) => fault.split(':')[0]),
    ).toEqual([
      'column',
      'columns.colour',
      'columns.units',
      'values.item',
      'defaults',
      'createRecipients',
      'mostUnits',
    ]);
  });

  it('goes before the one it extends, value by value', () => {
    const base = {
      columns: { units: 'a' },
      values: { item: { x: 'MASK', y: 'N95' } },
      createRecipients: true,
      mostUnits: 5,
    };
    expect(extendedMapping(base, { columns: { donor: 'b' }, values: { item: { y: null } } })).toEqual({
      columns: { units: 'a', donor: 'b' },
      values: { item: { x: 'MASK', y: null } },
      defaults: {},
      createRecipients: true,
      mostUnits: 5,
    });
  });

  it('that ships with the program is sound', () => {
    expect(mappingFaults(donations.fields, BUILT_IN_MAPPINGS['getusppe-donors'])).toEqual([]);
    expect(mappingFaults(needs.fields, BUILT_IN_MAPPINGS['getusppe-requests'])).toEqual([]);
  });
});
