import { wrap } from './label.rules.js';
import { LABEL, MARGIN, SMALL, WIDTH } from './page.rules.js';

/** Where the bands begin, below title and headings. */
const TOP = 128;
const NODE_WIDTH = 10;
const SIDE_LABEL = 148;
/** All units together are this high; names may stretch a column beyond. */
const FLOW_HEIGHT = 300;
const GAP = 12;
const MOST_NAME_LINES = 3;

/** An entry of a column, by name. `isLast` for what stands for several: it comes after the others. */
export interface FlowEntry {
  readonly key: string;
  readonly name: string;
  readonly isLast: boolean;
}

/** Units of one donor, of one item, to one end; by the keys of the three columns. */
export interface FlowUnits {
  readonly keys: readonly [string, string, string];
  readonly units: number;
}

export interface FlowNode {
  readonly column: number;
  readonly key: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly units: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What it takes up with its label; no two of a column share any of it. */
  readonly slot: { readonly y: number; readonly height: number };
}

export interface FlowBand {
  readonly from: FlowNode;
  readonly to: FlowNode;
  readonly units: number;
  readonly height: number;
  readonly y0: number;
  readonly y1: number;
  /** The place of its item in the middle column: what colours it. */
  readonly series: number;
}

export interface FlowLayout {
  readonly height: number;
  readonly units: number;
  readonly columns: readonly (readonly FlowNode[])[];
  readonly bands: readonly FlowBand[];
}

/** Where a column stands, and how wide its labels may be. */
const COLUMNS = [
  { x: MARGIN + SIDE_LABEL + 8, label: SIDE_LABEL },
  { x: 352, label: 136 },
  { x: WIDTH - MARGIN - SIDE_LABEL - 8 - NODE_WIDTH, label: SIDE_LABEL },
] as const;

interface Slotted {
  readonly entry: FlowEntry;
  readonly units: number;
  readonly lines: readonly string[];
  readonly height: number;
  readonly slot: number;
}

function slotsOf(column: number, entries: readonly FlowEntry[], flows: readonly FlowUnits[], scale: number): Slotted[] {
  const units = sums(flows, ({ keys }) => keys[column]!);
  return entries
    .filter(({ key }) => units.has(key))
    .sort(
      (a, b) =>
        Number(a.isLast) - Number(b.isLast) || units.get(b.key)! - units.get(a.key)! || (a.key < b.key ? -1 : 1),
    )
    .map((entry) => {
      const lines = wrap(entry.name, COLUMNS[column]!.label, LABEL.size, MOST_NAME_LINES);
      const height = units.get(entry.key)! * scale;
      const slot = Math.max(height, lines.length * LABEL.line + SMALL.line);
      return { entry, units: units.get(entry.key)!, lines, height, slot };
    });
}

function sums<T extends { readonly units: number }>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) found.set(keyOf(row), (found.get(keyOf(row)) ?? 0) + row.units);
  return found;
}

function heightOf(slots: readonly Slotted[]): number {
  return slots.reduce((sum, { slot }) => sum + slot, 0) + GAP * Math.max(0, slots.length - 1);
}

function nodesOf(column: number, slots: readonly Slotted[], height: number): FlowNode[] {
  let y = TOP + (height - heightOf(slots)) / 2;
  return slots.map(({ entry, units, lines, height: own, slot }) => {
    const node: FlowNode = {
      column,
      key: entry.key,
      name: entry.name,
      lines,
      units,
      x: COLUMNS[column]!.x,
      y: y + (slot - own) / 2,
      width: NODE_WIDTH,
      height: own,
      slot: { y, height: slot },
    };
    y += slot + GAP;
    return node;
  });
}

/** The bands between two columns, each side of a node filled from its top in the order of the nodes across. */
function bandsBetween(
  left: readonly FlowNode[],
  right: readonly FlowNode[],
  flows: readonly FlowUnits[],
  scale: number,
): FlowBand[] {
  const column = left[0]?.column ?? 0;
  const units = sums(flows, ({ keys }) => JSON.stringify([keys[column], keys[column + 1]]));
  const filledLeft = new Map(left.map((node) => [node.key, node.y]));
  const filledRight = new Map(right.map((node) => [node.key, node.y]));
  return left.flatMap((from) =>
    right.flatMap((to, place) => {
      const between = units.get(JSON.stringify([from.key, to.key]));
      if (between === undefined) return [];
      const height = between * scale;
      const [y0, y1] = [filledLeft.get(from.key)!, filledRight.get(to.key)!];
      filledLeft.set(from.key, y0 + height);
      filledRight.set(to.key, y1 + height);
      const series = column === 0 ? place : left.indexOf(from);
      return [{ from, to, units: between, height, y0, y1, series }];
    }),
  );
}

/**
 * Lays out a flow of units over three columns: heights are in proportion to units, and every column has all of them.
 * @param columns the entries of each column; those without units are left out
 */
export function layOutFlow(columns: readonly (readonly FlowEntry[])[], flows: readonly FlowUnits[]): FlowLayout {
  const given = flows.filter(({ units }) => units > 0);
  const units = given.reduce((sum, flow) => sum + flow.units, 0);
  const scale = units === 0 ? 0 : FLOW_HEIGHT / units;
  const slots = columns.map((entries, column) => slotsOf(column, entries, given, scale));
  const height = Math.max(...slots.map(heightOf));
  const nodes = slots.map((slotted, column) => nodesOf(column, slotted, height));
  const bands = [0, 1].flatMap((column) => bandsBetween(nodes[column]!, nodes[column + 1]!, given, scale));
  return { height: TOP + height + MARGIN, units, columns: nodes, bands };
}
