import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { filterOfQuery, type Query } from './filter-query.js';

const ID = '01890000-0000-7000-8000-000000000001';

async function fieldOfFault(query: Query): Promise<unknown> {
  const fault = (await filterOfQuery(query).then(
    () => null,
    (error: unknown) => error,
  )) as { code: string; facts: { field?: string } } | null;
  return fault && [fault.code, fault.facts.field];
}

describe('a filter in a query string', () => {
  it('has the names that it has in GraphQL, lists repeated or with commas', async () => {
    expect(
      await filterOfQuery({
        donorIds: ID.toUpperCase(),
        itemCodes: ['MASK,N95', 'GOWN'],
        exposureTiers: '1,2',
        statuses: 'CONFIRMED',
        'allocatedOn.from': '2020-03-01',
        timeZone: 'America/New_York',
        search: 'mercy',
      }),
    ).toEqual({
      donorIds: [ID],
      itemCodes: ['MASK', 'N95', 'GOWN'],
      exposureTiers: [1, 2],
      statuses: ['CONFIRMED'],
      allocatedOn: { from: '2020-03-01' },
      timeZone: 'America/New_York',
      search: 'mercy',
    });
  });

  it('leaves alone what belongs to whoever asks', async () => {
    expect(await filterOfQuery({ bom: '1' }, ['bom'])).toEqual({});
  });

  it.each<[Query, string]>([
    [{ donorId: ID }, 'donorId'],
    [{ donorIds: `${ID},x` }, 'donorIds.1'],
    [{ statuses: 'CONFIRMED,LOSt' }, 'statuses.1'],
    [{ categories: 'HATS' }, 'categories.0'],
    [{ exposureTiers: '1,4' }, 'exposureTiers'],
    [{ exposureTiers: 'one' }, 'exposureTiers'],
    [{ 'allocatedOn.to': '2020-02-30' }, 'allocatedOn.to'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ search: ['a', 'b'] }, 'search'],
    [{ search: ' ' }, 'search'],
    [{ search: 'a\0b' }, 'search'],
    [{ lotNumbers: ['a', '\ud800'] }, 'lotNumbers'],
  ])('is refused with the field it is wrong in: %j', async (query, field) => {
    expect(await fieldOfFault(query)).toEqual(['BAD_USER_INPUT', field]);
  });
});
