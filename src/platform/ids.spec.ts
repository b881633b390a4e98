import { describe, expect, it } from '@jest/globals';
import { isId, newId } from './ids.js';

describe('ids', () => {
  it('are UUIDs of version 7 and the RFC variant', () => {
    for (let i = 0; i < 1000; i++)
      expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sort in the order in which they were made, also beyond 4096 in a millisecond', () => {
    const now = Date.now() + 1000;
    const ids = Array.from({ length: 10_000 }, () => newId(now));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keep their order when the clock goes back', () => {
    const later = newId(Date.now() + 60_000);
    expect(newId(Date.now()) > later).toBe(true);
  });

  it('are told from other texts', () => {
    expect(isId(newId())).toBe(true);
    for (const text of ['', '1', 'not-an-id', `${newId()}x`, newId().replaceAll('-', '')])
      expect(isId(text)).toBe(false);
  });
});
