import { hmacOverEndings } from './sha256.js';
import { compareText, orderByKeys } from './ordering.js';

/** What fixes a lottery: the secret seed, the plan's name (may be empty) and the item. */
export interface Lottery {
  seed: string;
  plan: string;
  item: string;
}

/**
 * Draws the lottery among `ids` and returns their positions in the order drawn: the first has place 1.
 *
 * Anyone can redraw it. For each recipient the message is the UTF-8 bytes of `plan|item|recipient`, three texts joined by
 * the byte 0x7C, nothing before, between or after; the key is the UTF-8 bytes of the seed. The digest is HMAC-SHA-256 of
 * the message. Digests compare as 32 bytes, first byte first; the lowest draws place 1. Plan and item hold no `|` (the
 * check sees to it), so no two draws share a message.
 *
 * In a shell: `printf '%s' 'plan-7|MASK|r01' | openssl dgst -sha256 -hmac "$SEED"`.
 */
export function draw(ids: readonly string[], { seed, plan, item }: Lottery): Uint32Array {
  const digestOf = hmacOverEndings(seed, `${plan}|${item}|`);
  const high = new Uint32Array(ids.length);
  const low = new Uint32Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    const digest = digestOf(ids[i]!);
    high[i] = digest[0]!;
    low[i] = digest[1]!;
  }
  return orderByKeys({ high, low }, (a, b) => {
    // Two digests agree in 64 bits about once in 37 million lotteries of a million people: compare them whole.
    const [first, second] = [hexOf(digestOf(ids[a]!)), hexOf(digestOf(ids[b]!))];
    return compareText(first, second) || compareText(ids[a]!, ids[b]!);
  });
}

function hexOf(digest: Int32Array): string {
  return Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
