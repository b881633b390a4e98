/**
 * How wide text is can only be reckoned: the reader's machine chooses the font. These widths, in parts of the font's size,
 * are those of wide common fonts (DejaVu Sans, Verdana), so that nothing is cut off where a narrower one is used.
 */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^[\p{M}\p{Cf}]$/u, 0],
  [/^[ijl.,:;|!'’ ]$/u, 0.38],
  [/^[fIJrt()[\]/\\"·-]$/u, 0.48],
  [/^[mMwW@%—…]$/u, 1.02],
  [/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF00-\uFF60“”‘’]$/u, 1],
  [/^\p{Extended_Pictographic}$/u, 1.4],
  [/^\p{Lu}$/u, 0.78],
  [/^[\p{Ll}\p{Nd}]$/u, 0.65],
];
const OTHER_WIDTH = 0.9;
const FULL_WIDTH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFF60]/u;

/** At least how wide a text is, in the unit of `size`. */
export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const sign of text) width += WIDTHS.find(([kind]) => kind.test(sign))?.[1] ?? OTHER_WIDTH;
  return width * size;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemesOf(text: string): string[] {
  return [...GRAPHEMES.segment(text)].map(({ segment }) => segment);
}

/** As much of a text as fits, with an ellipsis where some is left out. */
export function cut(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text;
  let fitting = '';
  for (const sign of graphemesOf(text)) {
    if (widthOf(`${fitting}${sign}…`, size) > width) break;
    fitting += sign;
  }
  return `${fitting.trimEnd()}…`;
}

/** What may stand at the end of a line: a word with the space after it, or one sign of a script written without spaces. */
function piecesOf(text: string, width: number, size: number): string[] {
  const pieces: string[] = [];
  let word = '';
  for (const sign of graphemesOf(text)) {
    const isFull = FULL_WIDTH.test(sign);
    if (word !== '' && (isFull || widthOf(word + sign, size) > width)) {
      pieces.push(word);
      word = '';
    }
    word += sign;
    if (isFull || sign === ' ') {
      pieces.push(word);
      word = '';
    }
  }
  return word === '' ? pieces : [...pieces, word];
}

/**
 * A text in lines that are no wider than `width`; what does not fit into `most` lines ends with an ellipsis.
 * @returns at least one line
 */
export function wrap(text: string, width: number, size: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text, width, size)) {
    if (lines.length < most - 1 && line !== '' && widthOf((line + piece).trimEnd(), size) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, cut(line.trimEnd(), width, size)];
}
