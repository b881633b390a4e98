import type { Noun } from './nouns.js';

const NOUNS = new Map([
  ['MASK', noun('只', '口罩')],
  ['SURGICAL_MASK', noun('只', '外科口罩')],
  ['CLOTH_MASK', noun('只', '布口罩')],
  ['PROTECTIVE_SUIT', noun('件', '防护服')],
  ['COVERALL', noun('件', '连体防护服')],
  ['GOWN', noun('件', '隔离衣')],
  ['ISOLATION_GOWN', noun('件', '隔离衣')],
  ['GOGGLES', noun('副', '护目镜')],
  ['FACE_SHIELD', noun('个', '面屏')],
  ['GLOVES', noun('双', '手套')],
  ['NITRILE_GLOVES', noun('双', '丁腈手套')],
  ['SHOE_COVERS', noun('双', '鞋套')],
  ['CAP', noun('顶', '医用帽')],
  ['BOUFFANT_CAP', noun('顶', '圆形医用帽')],
  ['HAND_SANITIZER', noun('瓶', '免洗洗手液')],
]);

/** Standards of masks, which keep their names: `N95`, `KN95_MASK`, `FFP2_RESPIRATOR`. */
const STANDARD_MASK = /^(K?N9[059]|N100|FFP[123]|KF94)(_(MASK|RESPIRATOR)S?)?$/;

/**
 * A Chinese noun with its measure word for an item code: `MASK` -> 36只口罩, `N95` -> 36只N95口罩. A code that is not
 * known here stands for itself: 36件SYRINGE.
 */
export function chineseNounOf(item: string): Noun {
  const known = NOUNS.get(item) ?? NOUNS.get(`${item}S`) ?? NOUNS.get(item.replace(/S$/, ''));
  if (known) return known;
  const standard = STANDARD_MASK.exec(item)?.[1];
  return standard ? noun('只', `${standard}口罩`) : noun('件', item);
}

/** Chinese nouns have no plural. */
function noun(measure: string, word: string): Noun {
  return { one: word, other: word, measure };
}
