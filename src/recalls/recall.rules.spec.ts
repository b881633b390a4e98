import { describe, expect, it } from '@jest/globals';
import { type MeantLot, numbersOf, stillSetAside, stillToStop } from './recall.rules.js';

const lot = (id: string, recallId: string | null = null, lotNumber: string | null = 'A1'): MeantLot => ({
  id,
  itemId: 'mask',
  condition: 'GOOD',
  lotNumber,
  recallId,
});

describe('what is still to be stopped', () => {
  it('is whatever is under no recall', () => {
    const lots = [lot('a', 'first'), lot('b'), lot('c')];
    expect(stillToStop({ lots, watchedBy: null })).toEqual([lots[1], lots[2]]);
  });

  it('is nothing, and a refusal, where all is under one', () => {
    expect(stillToStop({ lots: [lot('a', 'first'), lot('b', 'second')], watchedBy: null })).toMatchObject({
      __typename: 'AlreadyRecalledError',
      recallId: 'first',
    });
  });

  it('is nothing yet where the number is not here, and a refusal where it is watched for', () => {
    expect(stillToStop({ lots: [], watchedBy: null })).toEqual([]);
    expect(stillToStop({ lots: [], watchedBy: 'first' })).toMatchObject({ recallId: 'first' });
  });

  it('is stopped although its number is watched for: another recall missed it', () => {
    expect(stillToStop({ lots: [lot('a')], watchedBy: 'first' })).toEqual([lot('a')]);
  });
});

describe('what was set aside for a recall', () => {
  it('is stopped by it, unless somebody released it, or another recall has it', () => {
    const aside = (id: string, recallId: string | null = null): MeantLot => ({
      ...lot(id, recallId),
      condition: 'QUARANTINED',
    });
    expect(stillSetAside([aside('a'), lot('b'), aside('c', 'first')])).toEqual([aside('a')]);
  });
});

describe('the numbers of lots', () => {
  it('are watched once each, by item; lots without one have none', () => {
    const lots = [lot('a'), lot('b'), lot('c', null, null), { ...lot('d'), itemId: 'gown' }];
    expect(numbersOf(lots)).toEqual([
      { itemId: 'mask', lotNumber: 'A1' },
      { itemId: 'gown', lotNumber: 'A1' },
    ]);
  });
});
