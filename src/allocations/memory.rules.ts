import { deficitAfter as withAward, ratioOf, type Rounded } from '../engine/deficits.js';

/**
 * By how much somebody was rounded down so far, once this award counts, or, taken back, counts no longer: exact, and
 * negative where she was rounded up.
 * @param deficit before, a fraction such as `1/3`
 */
export function deficitAfter(deficit: string, award: Rounded, is: 'given' | 'taken back'): string {
  return withAward(ratioOf(deficit), award, is === 'given' ? 1n : -1n);
}
