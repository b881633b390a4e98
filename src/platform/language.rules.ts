/** The languages in which we speak to people. */
export const LANGUAGES = ['EN', 'ZH_HANS'] as const;
export type LanguageCode = (typeof LANGUAGES)[number];

const DEFAULT_LANGUAGE: LanguageCode = 'EN';

/** Chinese that is written in simplified characters, by script or by where it is spoken. `zh` alone mostly means it. */
const SIMPLIFIED_CHINESE = /^zh(-hans(-[a-z0-9]+)*|-(cn|sg|my))?$/;
const ENGLISH = /^en(-[a-z0-9]+)*$/;
/** RFC 9110, 12.4.2: at most three decimals; nothing counts as 1. */
const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

interface Wish {
  readonly tag: string;
  readonly quality: number;
}

/** `zh-CN;q=0.8` as a wish; null where it cannot be read. */
function wishOf(part: string): Wish | null {
  const [tag = '', weight, ...more] = part.split(';').map((piece) => piece.trim().toLowerCase());
  if (tag === '' || more.length > 0) return null;
  if (weight === undefined) return { tag, quality: 1 };
  const quality = QUALITY.exec(weight)?.[1];
  return quality === undefined ? null : { tag, quality: Number(quality) };
}

function languageOf(tag: string): LanguageCode | null {
  if (SIMPLIFIED_CHINESE.test(tag)) return 'ZH_HANS';
  return ENGLISH.test(tag) || tag === '*' ? DEFAULT_LANGUAGE : null;
}

/**
 * The language that a request's `Accept-Language` header likes best of ours (RFC 9110, 12.5.4), the first named where it
 * likes two alike; English where it names none, or cannot be read.
 */
export function preferredLanguage(header: string | undefined): LanguageCode {
  let best: { language: LanguageCode; quality: number } = { language: DEFAULT_LANGUAGE, quality: 0 };
  for (const part of (header ?? '').split(',')) {
    const wish = wishOf(part);
    const language = wish && languageOf(wish.tag);
    if (wish && language && wish.quality > best.quality) best = { language, quality: wish.quality };
  }
  return best.language;
}
