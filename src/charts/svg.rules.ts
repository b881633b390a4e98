/** What our pictures are made of. A picture holds no other element. */
export const TAGS = [
  'svg',
  'title',
  'desc',
  'style',
  'defs',
  'pattern',
  'g',
  'rect',
  'path',
  'line',
  'text',
  'tspan',
] as const;
export type Tag = (typeof TAGS)[number];

export interface Element {
  readonly tag: Tag;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Element | string)[];
}

/** An element; its attributes are written in the order in which they are given. */
export function element(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Element | string)[]
): Element {
  return { tag, attributes, children };
}

/** A point of a picture has two decimals: the same data give the same bytes. */
export function place(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}

/** A path through points, in SVG's own words: `path('M', [0, 1], 'L', [2, 3])`. */
export function path(...parts: readonly (string | readonly number[])[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.map(place).join(' '))).join(' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What people typed, as one line of text: no control characters, and none that turn the direction. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

function escaped(text: string): string {
  return text.replace(/[\p{Surrogate}\uFFFE\uFFFF]/gu, '\uFFFD').replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}

function written({ tag, attributes, children }: Element): string {
  const pairs = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${typeof value === 'number' ? place(value) : escaped(value)}"`,
  );
  const inside = children.map((child) => (typeof child === 'string' ? escaped(child) : written(child))).join('');
  return inside === ''
    ? `<${tag}${pairs.join('')}/>`
    : `<${tag}${pairs.join('')}>${inside}</${tag}>${ENDS_LINE.has(tag) ? '\n' : ''}`;
}

/** White space between these is not seen; it lets a change of a committed picture be read line by line. */
const ENDS_LINE: ReadonlySet<Tag> = new Set(['title', 'desc', 'style', 'defs', 'g', 'text']);

/** The picture as text: XML, with everything that came from people escaped. */
export function svgText(picture: Element): string {
  return `${written(picture)}\n`;
}
