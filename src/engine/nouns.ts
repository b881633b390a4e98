/** How one unit and several units of an item are called. */
export interface Noun {
  one: string;
  other: string;
  /** What stands between a number and the noun in languages that count so: 只 in 36只口罩. */
  measure?: string;
}

const PAIRS = new Set(['GOGGLES', 'GLASSES', 'SPECTACLES', 'SCRUBS']);

/**
 * An English noun for an item code, for want of a better one: `FACE_SHIELD` -> face shield, face shields;
 * `NITRILE_GLOVES` -> nitrile glove, nitrile gloves; `GOGGLES` -> pair of goggles, goggles; `N95` -> N95, N95s.
 */
export function nounOf(item: string): Noun {
  const words = item.split('_').filter((word) => word !== '');
  const last = words.pop();
  if (last === undefined) return { one: item, other: item };
  const before = words.map(spelled);
  const phrase = (word: string) => [...before, word].join(' ');
  const word = spelled(last);
  if (PAIRS.has(last)) return { one: `pair of ${phrase(word)}`, other: phrase(word) };
  if (/[^s]s$/.test(word)) return { one: phrase(word.slice(0, -1)), other: phrase(word) };
  return { one: phrase(word), other: phrase(pluralOf(word)) };
}

/** Names of standards such as N95 keep their capitals. */
function spelled(word: string): string {
  return /\d/.test(word) ? word : word.toLowerCase();
}

function pluralOf(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}
