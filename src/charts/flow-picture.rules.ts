import {
  type FlowBand,
  type FlowEntry,
  type FlowLayout,
  type FlowNode,
  type FlowUnits,
  layOutFlow,
} from './flow.rules.js';
import { LABEL, SMALL } from './page.rules.js';
import { emptyPicture, linesAt, picture, textAt } from './picture.rules.js';
import { element, oneLine, path, type Element } from './svg.rules.js';
import { OTHERS } from './small-cells.rules.js';
import { MERGED_SERIES } from './theme.rules.js';
import type { Words } from './words.rules.js';

/** A flow with the names of its entries, as the viewer may know them. */
export interface NamedFlow {
  readonly to: 'GROUP' | 'COUNTRY';
  readonly columns: readonly [readonly FlowEntry[], readonly FlowEntry[], readonly FlowEntry[]];
  readonly flows: readonly FlowUnits[];
  /** The days of the filter, in words, if it has any. */
  readonly days: readonly string[];
}

const HEADINGS_AT = 112;

function seriesOf(layout: FlowLayout, series: number): number {
  return layout.columns[1]![series]?.key === OTHERS ? MERGED_SERIES : series % MERGED_SERIES;
}

function drawBand(layout: FlowLayout, { from, to, y0, y1, height, series }: FlowBand): Element {
  const [x0, x1] = [from.x + from.width, to.x];
  const middle = (x0 + x1) / 2;
  const colour = seriesOf(layout, series);
  const there = path('M', [x0, y0], 'C', [middle, y0, middle, y1, x1, y1]);
  const back = path('L', [x1, y1 + height], 'C', [middle, y1 + height, middle, y0 + height, x0, y0 + height], 'Z');
  return element('path', { class: `band c${colour} s${colour}`, d: `${there} ${back}` });
}

function drawNode(layout: FlowLayout, words: Words, node: FlowNode, place: number): Element {
  const series = node.column === 1 ? `c${seriesOf(layout, place)}` : 'c6';
  const x = node.column === 0 ? node.x - 8 : node.x + node.width + 8;
  const side = node.column === 0 ? 'end' : node.column === 1 ? 'halo' : '';
  const height = node.lines.length * LABEL.line + SMALL.line;
  // The first line's foot, so that the label as a whole stands in the middle of its slot.
  const y = node.slot.y + (node.slot.height - height) / 2 + LABEL.size;
  const { x: left, y: top, width } = node;
  return element(
    'g',
    {},
    element('title', {}, words.of(node.name, words.units(node.units))),
    element('rect', { class: series, x: left, y: top, width, height: Math.max(node.height, 0.8) }),
    ...linesAt(x, y, side, node.lines),
    textAt(x, y + node.lines.length * LABEL.line, `small muted ${side}`.trim(), words.units(node.units)),
  );
}

function describe(words: Words, { columns, bands, units }: FlowLayout, { to, days }: NamedFlow): string[] {
  const names = [words.flow.columns.DONORS, words.flow.columns.ITEMS, words.flow.columns[to]];
  const sumsOf = (nodes: readonly FlowNode[]): string =>
    words.list(nodes.map((node) => words.of(node.name, words.units(node.units))));
  const out = columns.slice(0, 2).flatMap((nodes) =>
    nodes.map((node) => {
      const ways = bands.filter(({ from }) => from === node);
      return words.of(node.name, words.list(ways.map((band) => words.flow.to(words.units(band.units), band.to.name))));
    }),
  );
  return [
    words.sentence([words.units(units), ...days]),
    ...columns.map((nodes, column) => words.of(names[column]!, sumsOf(nodes))),
    ...out,
    to === 'GROUP' ? words.flow.onceEach : words.flow.smallCells,
  ];
}

/** The picture of a flow, donors to items to groups or countries. */
export function flowPicture(words: Words, flow: NamedFlow): string {
  const columns = flow.columns.map((entries) => entries.map((entry) => ({ ...entry, name: oneLine(entry.name) })));
  const layout = layOutFlow(columns, flow.flows);
  const { title, columns: headings } = words.flow;
  if (layout.units === 0) return emptyPicture(words, title);
  const [donors, items, ends] = layout.columns.map((nodes) => nodes[0]!);
  const drawn = [
    textAt(donors!.x - 8, HEADINGS_AT, 'small muted end', headings.DONORS),
    textAt(items!.x + items!.width + 8, HEADINGS_AT, 'small muted', headings.ITEMS),
    textAt(ends!.x + ends!.width + 8, HEADINGS_AT, 'small muted', headings[flow.to]),
    ...layout.bands.map((band) => drawBand(layout, band)),
    ...layout.columns.flatMap((nodes) => nodes.map((node, place) => drawNode(layout, words, node, place))),
  ];
  const description = describe(words, layout, flow);
  return picture(
    words,
    layout.height,
    { title, subtitle: [words.units(layout.units), ...flow.days].join(' · '), description },
    drawn,
  );
}
