import { createHash } from 'node:crypto';

/** The first half of SHA-256, as a UUID: 128 bits tell any rows apart, and take a quarter of the room that text would. */
export function hashOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** The key of a row that has a reference of its own, by which it is found whatever else the row says. */
export function referenceKey(reference: string): string {
  return hashOf(`reference\n${reference.trim()}`);
}

/** Keys of the rows of one file that have no reference: their content, and how often it came before in the file. */
export class OccurrenceKeys {
  private readonly seen = new Map<string, number>();

  keyOf(content: string): string {
    // Half of the hash, one byte a character: of a million rows a file's worth of texts would be kept otherwise.
    const short = createHash('sha256').update(content).digest().toString('latin1', 0, 16);
    const occurrence = (this.seen.get(short) ?? 0) + 1;
    this.seen.set(short, occurrence);
    return hashOf(`row\n${content}\n${occurrence}`);
  }
}
