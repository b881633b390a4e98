import type { CurvePoint } from '../history/fairness.rules.js';
import { MARGIN, SMALL, WIDTH } from './page.rules.js';
import { wrap } from './label.rules.js';
import { curveOf, shareOfLeast, type Share } from './lorenz.rules.js';
import { emptyPicture, linesAt, picture, textAt } from './picture.rules.js';
import { element, path, place, type Element } from './svg.rules.js';
import type { Words } from './words.rules.js';

/** How evenly units were received. */
export interface FairnessAsked {
  readonly points: readonly CurvePoint[];
  readonly people: number;
  readonly units: number;
  /** As the API states it, to four decimals. */
  readonly gini: number;
  readonly days: readonly string[];
}

const SIDE = 380;
export const SQUARE = { left: 84, top: 112, right: 84 + SIDE, bottom: 112 + SIDE } as const;
const HEIGHT = SQUARE.bottom + 72;
const TEXT_AT = SQUARE.right + 32;

/** A share of people and of units as a point of the picture. */
export function pointOf({ people, units }: Share): [number, number] {
  return [SQUARE.left + people * SIDE, SQUARE.bottom - units * SIDE];
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}

function drawAxes(words: Words): Element[] {
  const { left, right, top, bottom } = SQUARE;
  const quarters = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const [x, y] = pointOf({ people: share, units: share });
    const kind = share === 0 ? 'axis' : 'grid';
    return [
      element('line', { class: kind, x1: left, y1: y, x2: right, y2: y }),
      element('line', { class: kind, x1: x, y1: top, x2: x, y2: bottom }),
      textAt(left - 10, y + 5, 'small muted end', percent(share)),
      textAt(x, bottom + 22, 'small muted middle', percent(share)),
    ];
  });
  const middle = (top + bottom) / 2;
  const upright = { x: 28, y: middle, class: 'small muted middle', transform: `rotate(-90 28 ${place(middle)})` };
  return [
    ...quarters,
    textAt((left + right) / 2, bottom + 48, 'small muted middle', words.fairness.acrossPeople),
    element('text', upright, words.fairness.upUnits),
  ];
}

function drawCurve(words: Words, curve: readonly Share[]): Element[] {
  const points = curve.map(pointOf);
  const line = ['M', points[0]!, ...points.slice(1).flatMap((point) => ['L', point])];
  const [x, y] = pointOf({ people: 0.36, units: 0.36 });
  const [curveX, curveY] = pointOf({ people: 0.6, units: shareOfLeast(curve, 0.6) });
  const isLow = SQUARE.bottom - curveY < 32;
  return [
    element('path', { class: 'band c0 s0', d: path(...line, 'Z') }),
    element('path', { class: 'axis equal', d: path('M', points[0]!, 'L', points.at(-1)!) }),
    element('path', { class: 'curve s0', d: path(...line) }),
    element(
      'text',
      { x, y: y - 8, class: 'small muted middle halo', transform: `rotate(-45 ${place(x)} ${place(y)})` },
      words.fairness.equality,
    ),
    // Below the curve and to its right there is room, unless it is nearly at the bottom: then there is room above.
    isLow
      ? textAt(curveX, curveY - 14, 'middle halo', words.fairness.received)
      : textAt(curveX + 8, curveY + 19, 'halo', words.fairness.received),
  ];
}

/** The picture of the Lorenz curve. */
export function fairnessPicture(words: Words, { points, people, units, gini, days }: FairnessAsked): string {
  const said = words.fairness;
  const curve = curveOf(points);
  if (people === 0) return emptyPicture(words, said.title);
  if (curve.length === 0) return emptyPicture(words, said.title, said.nothingReceived);
  const shares = [
    ...(people > 1 ? [said.half(percent(shareOfLeast(curve, 0.5)))] : []),
    ...(people >= 10 ? [said.tenth(percent(1 - shareOfLeast(curve, 0.9)))] : []),
  ];
  const width = WIDTH - MARGIN - TEXT_AT;
  let y = SQUARE.top + 40;
  const paragraphs = [said.giniMeans, ...shares].flatMap((text) => {
    const lines = wrap(text, width, SMALL.size, 6);
    const drawn = linesAt(TEXT_AT, y + 64, 'small muted', lines);
    y += lines.length * SMALL.line + 14;
    return drawn;
  });
  const subtitle = [words.people(people), words.units(units), ...days].join(' · ');
  const [word, figure] = [said.gini('').trim(), String(gini)];
  const drawn = [
    ...drawAxes(words),
    ...drawCurve(words, curve),
    textAt(TEXT_AT, SQUARE.top + 14, '', word),
    textAt(TEXT_AT, SQUARE.top + 62, 'big', figure),
    ...paragraphs,
  ];
  const description = [
    words.sentence([words.people(people), words.units(units), ...days]),
    words.sentence([`${said.gini(figure)} (${said.giniMeans})`, ...shares]),
    words.list(
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((share) =>
        words.of(percent(share), percent(shareOfLeast(curve, share))),
      ),
    ),
  ];
  return picture(words, HEIGHT, { title: said.title, subtitle, description }, drawn);
}
