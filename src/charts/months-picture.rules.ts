import { thousands } from '../engine/language.js';
import { SMALL } from './page.rules.js';
import { cut, widthOf } from './label.rules.js';
import {
  KIND_LABEL,
  KINDS,
  layOutMonths,
  type KindLabel,
  type MonthBar,
  type MonthsLayout,
  type MonthUnits,
} from './months.rules.js';
import { emptyPicture, picture, textAt } from './picture.rules.js';
import { element, type Element } from './svg.rules.js';
import { fillOf } from './theme.rules.js';
import type { Words } from './words.rules.js';

/** Units by month, and what the filter says of days. */
export interface MonthsAsked {
  readonly rows: readonly MonthUnits[];
  readonly zone: string;
  readonly days: readonly string[];
  /** Whether small cells are merged, for whom they would point at people. */
  readonly merges: boolean;
}

/** Of so few months each bar says its units. */
const MOST_NAMED_BARS = 12;

function partsOf({ month }: Pick<MonthBar, 'month'>): { year: string; number: number } {
  const [year, number] = month.split('-') as [string, string];
  return { year, number: Number(number) };
}

/** 12,500,000 as 12.5M: an axis has little room. */
function short(units: number): string {
  const powers = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M']] as const; // prettier-ignore
  const power = powers.find(([least]) => units >= least);
  return power ? `${Math.round((units / power[0]) * 10) / 10}${power[1]}` : thousands(units);
}

function drawAxes({ plot, ticks }: MonthsLayout): Element[] {
  return ticks.flatMap(({ units, y }) => [
    element('line', { class: units === 0 ? 'axis' : 'grid', x1: plot.left, y1: y, x2: plot.right, y2: y }),
    textAt(plot.left - 10, y + 5, 'small muted end', short(units)),
  ]);
}

/** Every so many months are named, so that their names do not touch. */
function stepOf(words: Words, { bars, plot }: MonthsLayout): number {
  const widest = Math.max(...bars.map((bar) => widthOf(words.months.month(partsOf(bar).number), SMALL.size)));
  const slot = (plot.right - plot.left) / bars.length;
  return [1, 2, 3, 4, 6, 12].find((step) => step * slot >= widest + 6) ?? 12;
}

function drawMonths(words: Words, layout: MonthsLayout): Element[] {
  const step = stepOf(words, layout);
  const named = layout.bars.filter((bar) => (partsOf(bar).number - 1) % step === 0 || layout.bars.length <= step);
  let year = '';
  let free = 0;
  return named.flatMap((bar) => {
    const parts = partsOf(bar);
    const x = bar.x + bar.width / 2;
    const texts = [textAt(x, layout.plot.bottom + 22, 'small middle', words.months.month(parts.number))];
    const width = widthOf(parts.year, SMALL.size);
    if (parts.year !== year && x - width / 2 >= free) {
      texts.push(textAt(x, layout.plot.bottom + 44, 'small muted middle', parts.year));
      free = x + width / 2 + 6;
      year = parts.year;
    }
    return texts;
  });
}

function drawBar(words: Words, bar: MonthBar, saysUnits: boolean): Element[] {
  if (bar.parts.length === 0) return [];
  const { year, number } = partsOf(bar);
  const name = words.months.whole(year, number);
  const text = thousands(bar.units);
  const top = bar.parts.at(-1)!.y;
  return [
    element(
      'g',
      {},
      element('title', {}, words.of(name, words.units(bar.units))),
      ...bar.parts.map((part) =>
        element('rect', {
          ...fillOf(KINDS.indexOf(part.kind)),
          x: bar.x,
          y: part.y,
          width: bar.width,
          height: part.height,
        }),
      ),
      // A hair of paper between the parts of a stack, which colour alone would not part.
      ...bar.parts
        .slice(0, -1)
        .map((part) => element('line', { class: 'hatch', x1: bar.x, y1: part.y, x2: bar.x + bar.width, y2: part.y })),
    ),
    ...(saysUnits ? [textAt(bar.x + bar.width / 2, top - 7, 'small middle halo', text)] : []),
  ];
}

function drawLabel(words: Words, { kind, units, y }: KindLabel): Element[] {
  const { x, width } = KIND_LABEL;
  const textX = x + 22;
  return [
    element('rect', { ...fillOf(KINDS.indexOf(kind)), x, y: y - 16, width: 14, height: 14 }),
    textAt(textX, y - 3, '', cut(words.kind[kind], width, 16)),
    textAt(textX, y + SMALL.line - 4, 'small muted', cut(words.units(units), width, SMALL.size)),
  ];
}

function describe(words: Words, layout: MonthsLayout, subtitle: string, merges: boolean): string[] {
  const ofBar = (bar: MonthBar): string => {
    const { year, number } = partsOf(bar);
    const parts = bar.parts.map((part) => words.of(words.kind[part.kind], words.units(part.units)));
    const all = bar.parts.length === 0 ? words.months.gap : `${words.units(bar.units)} (${words.list(parts)})`;
    return words.of(words.months.whole(year, number), all);
  };
  return [subtitle, ...layout.bars.map(ofBar), ...(merges ? [words.flow.smallCells] : [])];
}

/** The picture of units by month, stacked by category. */
export function monthsPicture(words: Words, { rows, zone, days, merges }: MonthsAsked): string {
  const { title } = words.months;
  const layout = layOutMonths(rows);
  if (layout === null) return emptyPicture(words, title);
  const first = partsOf(layout.bars[0]!);
  const earlier = words.months.earlier(words.units(layout.earlier), words.months.whole(first.year, first.number));
  const subtitle = [
    words.units(layout.units),
    ...(layout.earlier > 0 ? [earlier] : []),
    words.months.byCommit,
    ...(days.length > 0 ? days : [zone]),
  ].join(' · ');
  const slot = (layout.plot.right - layout.plot.left) / layout.bars.length;
  const widest = Math.max(...layout.bars.map((bar) => widthOf(thousands(bar.units), SMALL.size)));
  const saysUnits = layout.bars.length <= MOST_NAMED_BARS && widest <= slot;
  const drawn = [
    ...drawAxes(layout),
    ...layout.bars.flatMap((bar) => drawBar(words, bar, saysUnits)),
    ...drawMonths(words, layout),
    ...layout.labels.flatMap((label) => drawLabel(words, label)),
  ];
  const description = describe(words, layout, subtitle, merges);
  return picture(words, layout.height, { title, subtitle, description }, drawn);
}
