import { randomUUID } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** RFC 9562 gives version 7 twelve bits that may count within a millisecond. */
const COUNTS_A_MILLISECOND = 4096;

let lastTime = 0;
let count = 0;

/**
 * A UUID version 7 (RFC 9562, method 1): ordered by time and, within a process, by the order in which ids were made, so
 * that people registered in one call are listed as they were given. Its 62 random bits are those of `randomUUID()`,
 * whose pool is cheaper than a call for each id.
 */
export function newId(now: number = Date.now()): string {
  count = now > lastTime ? 0 : count + 1;
  // A clock that stands still or goes back must not undo the order: time is borrowed from the next millisecond.
  lastTime = Math.max(now, lastTime) + (count === COUNTS_A_MILLISECOND ? 1 : 0);
  count %= COUNTS_A_MILLISECOND;
  const time = lastTime.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, '0')}-${randomUUID().slice(19)}`;
}

/** Whether a text has the form of an id of this system. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
