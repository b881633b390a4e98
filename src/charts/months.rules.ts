import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import { MARGIN, SMALL, WIDTH } from './page.rules.js';
import type { Kind } from './words.rules.js';

/** So many months are drawn, the newest; of earlier ones the sum is told in words. */
export const MOST_MONTHS = 36;

/** Units of one month and one category; the month as YYYY-MM. */
export interface MonthUnits {
  readonly month: string;
  readonly kind: Kind;
  readonly units: number;
}

export interface MonthPart {
  readonly kind: Kind;
  readonly units: number;
  readonly y: number;
  readonly height: number;
}

export interface MonthBar {
  readonly month: string;
  readonly units: number;
  readonly x: number;
  readonly width: number;
  /** From the bottom; none in a month in which nothing was allocated. */
  readonly parts: readonly MonthPart[];
}

/** A kind with its sum, and where its label stands beside the bars. */
export interface KindLabel {
  readonly kind: Kind;
  readonly units: number;
  readonly y: number;
}

export interface MonthsLayout {
  readonly height: number;
  readonly units: number;
  readonly bars: readonly MonthBar[];
  readonly ticks: readonly { readonly units: number; readonly y: number }[];
  readonly labels: readonly KindLabel[];
  /** What is not drawn: units before the first month. */
  readonly earlier: number;
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

/** Kinds in the order in which they are stacked and coloured. */
export const KINDS: readonly Kind[] = [...ITEM_CATEGORIES, 'OTHERS'];

export const PLOT = { left: 96, right: 484, top: 124, bottom: 416 } as const;
const BELOW = 64;
const LABELS_AT = PLOT.right + 16;
const LABEL_HEIGHT = 2 * SMALL.line + 1;
/** Part of a month's width that its bar takes up, and the widest that a bar may be. */
const BAR_PART = 0.72;
const WIDEST_BAR = 56;

/** Where the labels beside the bars begin, and how wide they may be. */
export const KIND_LABEL = { x: LABELS_AT, width: WIDTH - MARGIN - LABELS_AT - 22, height: LABEL_HEIGHT } as const;

/** Months since the year 0. */
export function monthNumber(month: string): number {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return year * 12 + number - 1;
}

/** A number of {@link monthNumber} as YYYY-MM. */
export function monthText(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** Round steps of an axis from 0 to the first that is not below `most`: 1, 2 or 5 times a power of ten, whole units. */
export function ticksTo(most: number): number[] {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

/** Moves labels apart so that none covers another, each as near to where it wants to be as order and room allow. */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const places: number[] = [];
  for (const y of wanted) places.push(Math.max(y, (places.at(-1) ?? top - gap) + gap));
  for (let i = places.length - 1; i >= 0; i--) places[i] = Math.min(places[i]!, (places[i + 1] ?? bottom + gap) - gap);
  return places;
}

function sumOf(rows: readonly MonthUnits[]): number {
  return rows.reduce((sum, { units }) => sum + units, 0);
}

function barOf(month: string, rows: readonly MonthUnits[], x: number, width: number, scale: number): MonthBar {
  let y = PLOT.bottom;
  const parts = KINDS.flatMap((kind) => {
    const units = sumOf(rows.filter((row) => row.kind === kind && row.month === month));
    if (units === 0) return [];
    const height = units * scale;
    y -= height;
    return [{ kind, units, y, height }];
  });
  return { month, units: parts.reduce((sum, part) => sum + part.units, 0), x, width, parts };
}

/** Labels from the top of the stack down, beside the parts of the last month where it has them. */
function labelsOf(rows: readonly MonthUnits[], last: MonthBar): KindLabel[] {
  const sums = KINDS.toReversed()
    .map((kind) => ({ kind, units: sumOf(rows.filter((row) => row.kind === kind)) }))
    .filter(({ units }) => units > 0);
  let above: number = PLOT.top;
  const wanted = sums.map(({ kind }) => {
    const part = last.parts.find((p) => p.kind === kind);
    if (part) above = part.y + part.height / 2;
    return above;
  });
  const half = LABEL_HEIGHT / 2;
  const places = spread(wanted, LABEL_HEIGHT, PLOT.top + half, PLOT.bottom - half);
  return sums.map((sum, i) => ({ ...sum, y: places[i]! }));
}

/** Lays out units by month as stacked bars; months in which nothing was allocated have an empty place. */
export function layOutMonths(rows: readonly MonthUnits[]): MonthsLayout | null {
  const given = rows.filter(({ units }) => units > 0);
  if (given.length === 0) return null;
  const numbers = given.map(({ month }) => monthNumber(month));
  const last = Math.max(...numbers);
  const first = Math.max(Math.min(...numbers), last - MOST_MONTHS + 1);
  const drawn = given.filter(({ month }) => monthNumber(month) >= first);
  const months = Array.from({ length: last - first + 1 }, (_, i) => monthText(first + i));
  const most = Math.max(...months.map((month) => sumOf(drawn.filter((row) => row.month === month))));
  const ticks = ticksTo(most);
  const scale = (PLOT.bottom - PLOT.top) / ticks.at(-1)!;
  const slot = (PLOT.right - PLOT.left) / months.length;
  const width = Math.min(slot * BAR_PART, WIDEST_BAR);
  const bars = months.map((month, i) => barOf(month, drawn, PLOT.left + slot * (i + 0.5) - width / 2, width, scale));
  return {
    height: PLOT.bottom + BELOW,
    units: sumOf(given),
    bars,
    ticks: ticks.map((units) => ({ units, y: PLOT.bottom - units * scale })),
    labels: labelsOf(drawn, bars.at(-1)!),
    earlier: sumOf(given) - sumOf(drawn),
    plot: PLOT,
  };
}
