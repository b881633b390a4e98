import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/**
 * The text of a committed file that a contract test compares. With `UPDATE_CONTRACT` set the file is written first:
 * the change then shows in the commit, which is where it is to be judged.
 */
export function committed(path: string, actual: string): string {
  const file = join(ROOT, path);
  if (process.env['UPDATE_CONTRACT']) writeFileSync(file, actual);
  return readFileSync(file, 'utf8');
}
