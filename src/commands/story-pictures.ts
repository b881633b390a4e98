import type { ItemCategory } from '../catalogue/item.rules.js';
import { fairnessPicture } from '../charts/fairness-picture.rules.js';
import { flowPicture } from '../charts/flow-picture.rules.js';
import { curveOf, giniOf, lorenzOf } from '../charts/lorenz.rules.js';
import { monthsPicture } from '../charts/months-picture.rules.js';
import { itemName, WORDS } from '../charts/words.rules.js';
import { rounded } from '../engine/fairness.js';
import { FLOW_KEYS } from '../history/flow.rules.js';
import { LANGUAGES, type LanguageCode } from '../platform/language.rules.js';

/** The people of the demo's story, by place: 18 doctors and 10 colleagues; then nurses, of whom two are colleagues, too. */
const DOCTORS = places(0, 18);
const COLLEAGUES = places(18, 28);
const NURSES = places(26, 40);

/** As the catalogue has them. */
const ITEMS = {
  MASK: { name: 'Mask', category: 'MASK' },
  N95: { name: 'N95 respirator', category: 'MASK' },
  PROTECTIVE_SUIT: { name: 'Protective suit', category: 'PROTECTIVE_SUIT' },
  GOGGLES: { name: 'Goggles', category: 'GOGGLES' },
  FACE_SHIELD: { name: 'Face shield', category: 'FACE_SHIELD' },
} as const;

/** The demo's gift, and what could have followed it. No id, instant or draw: the pictures are the same every time. */
const GIFTS: readonly {
  readonly month: string;
  readonly donor: string;
  readonly item: { readonly code: string; readonly name: string; readonly category: ItemCategory };
  readonly units: number;
  readonly to: readonly number[];
}[] = [
  gift('2020-03', 'Silk Road Trading Co.', 'MASK', 1000, [...DOCTORS, ...COLLEAGUES]),
  gift('2020-03', 'Silk Road Trading Co.', 'PROTECTIVE_SUIT', 100, [...DOCTORS, ...COLLEAGUES]),
  gift('2020-03', 'Silk Road Trading Co.', 'GOGGLES', 100, [...DOCTORS, ...COLLEAGUES]),
  gift('2020-04', 'Tongji Alumni Fund', 'N95', 420, NURSES),
  gift('2020-04', 'Harbor Makers', 'FACE_SHIELD', 180, [...COLLEAGUES, ...NURSES.slice(2)]),
  gift('2020-05', 'Tongji Alumni Fund', 'N95', 300, [...DOCTORS.slice(0, 6), ...NURSES.slice(2)]),
  gift('2020-05', 'Harbor Makers', 'FACE_SHIELD', 120, DOCTORS),
  gift('2020-07', 'Silk Road Trading Co.', 'MASK', 600, [...DOCTORS, ...COLLEAGUES, ...NURSES.slice(2)]),
  gift('2020-07', 'Tongji Alumni Fund', 'PROTECTIVE_SUIT', 80, NURSES),
];

function places(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function gift(month: string, donor: string, code: keyof typeof ITEMS, units: number, to: readonly number[]) {
  return { month, donor, item: { code, ...ITEMS[code] }, units, to };
}

interface Line {
  readonly gift: (typeof GIFTS)[number];
  readonly person: number;
  readonly units: number;
}

/** As equal as whole units allow; whoever comes first gets one more. */
function linesOf(given: (typeof GIFTS)[number]): Line[] {
  const people = given.to.length;
  return given.to.map((person, i) => ({
    gift: given,
    person,
    units: Math.floor(given.units / people) + (i < given.units % people ? 1 : 0),
  }));
}

function groupOf(person: number): string {
  const groups = [DOCTORS, COLLEAGUES, NURSES].flatMap((members, i) => (members.includes(person) ? String(i) : []));
  return groups.length === 1 ? groups[0]! : FLOW_KEYS.SEVERAL;
}

function drawFlow(language: LanguageCode, lines: readonly Line[]): string {
  const words = WORDS[language];
  const named = (pairs: readonly (readonly [string, string])[]) =>
    [...new Map(pairs)].map(([key, name]) => ({ key, name, isLast: key === FLOW_KEYS.SEVERAL }));
  const groups = ['Chinese doctors in the US', 'Colleagues', 'ICU nurses in New York'];
  return flowPicture(words, {
    to: 'GROUP',
    columns: [
      named(GIFTS.map(({ donor }) => [donor, donor])),
      named(GIFTS.map(({ item }) => [item.code, itemName(language, item)])),
      named([...groups.map((name, i) => [String(i), name] as const), [FLOW_KEYS.SEVERAL, words.flow.severalGroups]]),
    ],
    flows: lines.map((line) => ({
      keys: [line.gift.donor, line.gift.item.code, groupOf(line.person)],
      units: line.units,
    })),
    days: [],
  });
}

function drawFairness(language: LanguageCode, lines: readonly Line[]): string {
  const received = places(0, 40).map((person) =>
    lines.filter((line) => line.person === person).reduce((sum, { units }) => sum + units, 0),
  );
  const points = lorenzOf(received);
  const { people, units } = points.at(-1)!;
  return fairnessPicture(WORDS[language], { points, people, units, gini: rounded(giniOf(curveOf(points))), days: [] });
}

/** The pictures of the README, by the names of their files. */
export function storyPictures(): Map<string, string> {
  const lines = GIFTS.flatMap(linesOf);
  const rows = GIFTS.map(({ month, item, units }) => ({ month, kind: item.category, units }));
  return new Map(
    LANGUAGES.flatMap((language) => {
      const name = (chart: string) => (language === 'EN' ? `${chart}.svg` : `${chart}.zh.svg`);
      return [
        [name('flow'), drawFlow(language, lines)],
        [name('months'), monthsPicture(WORDS[language], { rows, zone: 'UTC', days: [], merges: false })],
        [name('fairness'), drawFairness(language, lines)],
      ] as const;
    }),
  );
}
