import { element, type Element } from './svg.rules.js';

/** The colours of a picture on light or dark paper. */
export interface Theme {
  readonly paper: string;
  readonly ink: string;
  /** For what is said second. */
  readonly muted: string;
  /** For lines that help the eye and say nothing. */
  readonly grid: string;
  readonly series: readonly string[];
}

export const LIGHT: Theme = {
  paper: '#fdfcf9',
  ink: '#1f2328',
  muted: '#4b5157',
  grid: '#dedad2',
  series: ['#2f5d8a', '#a1492a', '#5c682a', '#77457a', '#256a66', '#855f10', '#5f646a'],
};
export const DARK: Theme = {
  paper: '#15181c',
  ink: '#eceae5',
  muted: '#b9bfc5',
  grid: '#343a41',
  series: ['#8fb8de', '#e3a07f', '#b9c27a', '#cda3cb', '#7fc4bd', '#dcb765', '#a9aeb4'],
};

/** The last colour is for what is merged. */
export const MERGED_SERIES = LIGHT.series.length - 1;
/** How much of its colour a band has: what crosses stays to be seen, and text on it to be read. */
export const BAND_OPACITY = 0.28;

const FONTS = `'Helvetica Neue', Helvetica, Arial, 'Noto Sans', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif`;

function rulesOf({ paper, ink, muted, grid, series }: Theme): string {
  return [
    `.paper{fill:${paper}}`,
    `text{fill:${ink}}`,
    `.muted{fill:${muted}}`,
    `.halo{stroke:${paper}}`,
    `.grid{stroke:${grid}}`,
    `.axis{stroke:${muted}}`,
    `.hatch{stroke:${paper}}`,
    ...series.map((colour, i) => `.c${i}{fill:${colour}}.s${i}{stroke:${colour}}`),
  ].join('');
}

/** The style of every picture, light or dark as the reader's screen is. */
export function styleElement(): Element {
  const style = [
    'svg{max-width:100%;height:auto}',
    `text{font-family:${FONTS};font-size:16px}`,
    '.title{font-size:22px;font-weight:600}.small{font-size:15px}.big{font-size:44px;font-weight:300}',
    '.end{text-anchor:end}.middle{text-anchor:middle}',
    '.halo{stroke-width:4px;stroke-opacity:.8;stroke-linejoin:round;paint-order:stroke}',
    `.band{fill-opacity:${BAND_OPACITY};stroke-width:.6;stroke-opacity:.7}`,
    '.grid,.axis{stroke-width:1;fill:none}.curve{stroke-width:2.5;fill:none}.hatch{stroke-width:1.2;fill:none}.equal{stroke-width:1;stroke-dasharray:5 4}',
    rulesOf(LIGHT),
    `@media (prefers-color-scheme:dark){${rulesOf(DARK)}}`,
  ];
  return element('style', {}, style.join(''));
}

const HATCHES: readonly string[] = ['', 'M0 8 L8 0', 'M0 2 L8 2', 'M0 0 L8 8', 'M2 0 L2 8', 'M0 4 L8 4 M4 0 L4 8'];

/** Patterns by which series are told apart without their colours; the first is plain, and so is what is merged. */
export function hatches(): Element {
  const patterns = HATCHES.flatMap((lines, i) =>
    lines === ''
      ? []
      : element(
          'pattern',
          { id: `hatch${i}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
          element('rect', { class: `c${i}`, width: 8, height: 8 }),
          element('path', { class: 'hatch', d: lines }),
        ),
  );
  return element('defs', {}, ...patterns);
}

/** How a shape of a series is filled. */
export function fillOf(series: number): Readonly<Record<string, string>> {
  return HATCHES[series] ? { fill: `url(#hatch${series})` } : { class: `c${series}` };
}

function channel(value: number): number {
  const part = value / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function luminance(channels: readonly number[]): number {
  const [red, green, blue] = channels.map(channel) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2 contrast of a colour on paper, over which `tint` may lie as bands do. */
export function contrast(colour: string, paper: string, tint = paper): number {
  const over = channelsOf(tint);
  const under = channelsOf(paper).map((value, i) => value * (1 - BAND_OPACITY) + over[i]! * BAND_OPACITY);
  const [low, high] = [luminance(channelsOf(colour)), luminance(under)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
