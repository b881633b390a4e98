import { MARGIN, SMALL, WIDTH } from './page.rules.js';
import { wrap } from './label.rules.js';
import { element, oneLine, svgText, type Element } from './svg.rules.js';
import { hatches, styleElement } from './theme.rules.js';
import type { Words } from './words.rules.js';

/** What every picture says of itself. */
export interface Heading {
  readonly title: string;
  /** Below the title; wrapped, so that it may be long. */
  readonly subtitle: string;
  /** The figures in words, for whoever does not see the picture. */
  readonly description: readonly string[];
}

/** Text at a place. */
export function textAt(x: number, y: number, classes: string, text: string): Element {
  return element('text', classes === '' ? { x, y } : { x, y, class: classes }, text);
}

/** Lines of text, one below the other; `y` is the first one's. */
export function linesAt(x: number, y: number, classes: string, lines: readonly string[]): Element[] {
  return lines.map((line, i) => textAt(x, y + i * SMALL.line, classes, line));
}

const HEIGHT_OF_NOTHING = 200;

/** A whole picture as SVG text: paper, title, subtitle, and what is drawn. */
export function picture(words: Words, height: number, heading: Heading, drawn: readonly Element[]): string {
  const subtitle = wrap(oneLine(heading.subtitle), WIDTH - 2 * MARGIN, SMALL.size, 2);
  return svgText(
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        'xml:lang': words.tag,
        lang: words.tag,
        role: 'img',
        'aria-labelledby': 'title desc',
        width: WIDTH,
        height: Math.ceil(height),
        viewBox: `0 0 ${WIDTH} ${Math.ceil(height)}`,
      },
      element('title', { id: 'title' }, heading.title),
      element('desc', { id: 'desc' }, heading.description.map(oneLine).join('\n')),
      styleElement(),
      hatches(),
      element('rect', { class: 'paper', width: WIDTH, height: Math.ceil(height) }),
      textAt(MARGIN, 44, 'title', heading.title),
      ...linesAt(MARGIN, 70, 'small muted', subtitle),
      ...drawn,
    ),
  );
}

/** A picture that says that there is nothing to draw. */
export function emptyPicture(words: Words, title: string, why = words.nothing): string {
  const lines = wrap(why, WIDTH - 2 * MARGIN, SMALL.size, 3);
  const drawn = linesAt(WIDTH / 2, 140, 'middle', lines);
  return picture(words, HEIGHT_OF_NOTHING, { title, subtitle: '', description: [why] }, drawn);
}

/** The days of a filter in words, and their time zone; nothing where there are none. */
export function daysOf(
  words: Words,
  filter: {
    readonly allocatedOn?: { readonly from?: string | null; readonly to?: string | null } | null;
    readonly timeZone?: string | null;
  },
): string[] {
  const { from, to } = filter.allocatedOn ?? {};
  return from == null && to == null ? [] : [words.days(from ?? undefined, to ?? undefined), filter.timeZone ?? 'UTC'];
}
