import { type ItemCategory, unknownItem } from '../catalogue/item.rules.js';
import { headerKey } from './cell.rules.js';

/** What people write for the usual items besides their codes and names. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  MASK: ['口罩', '一次性口罩', 'masks', 'face mask', 'face masks'],
  SURGICAL_MASK: ['医用外科口罩', '外科口罩', '医用口罩', '一次性医用口罩', 'surgical masks', 'medical mask'],
  N95: ['N95口罩', '医用N95口罩', 'N95 mask', 'N95 masks', 'N95 respirators'],
  KN95: ['KN95口罩', 'KN95 mask', 'KN95 masks', 'KN95 respirators'],
  FFP2: ['FFP2口罩', 'FFP2 mask', 'FFP2 masks', 'FFP2 respirators'],
  PROTECTIVE_SUIT: ['防护服', '医用防护服', '一次性防护服', 'protective suits', 'protective clothing'],
  COVERALL: ['连体防护服', '连体服', 'coveralls'],
  GOWN: ['隔离衣', '一次性隔离衣', '手术衣', 'gowns', 'isolation gowns'],
  GOGGLES: ['护目镜', '医用护目镜', '防护眼镜', '防护镜', 'safety goggles', 'safety glasses'],
  FACE_SHIELD: ['面罩', '防护面罩', '面屏', '防护面屏', 'face shields'],
  NITRILE_GLOVES: ['手套', '丁腈手套', '医用手套', '一次性手套', 'gloves', 'nitrile glove', 'nitrile gloves'],
  HAND_SANITIZER: ['洗手液', '免洗洗手液', '手消毒液', 'hand sanitizer', 'hand sanitiser'],
  SHOE_COVERS: ['鞋套', 'shoe cover', 'shoe covers', 'booties'],
  BOUFFANT_CAP: ['帽子', '医用帽', '一次性医用帽', 'bouffant caps', 'surgical cap', 'surgical caps'],
};

/** The categories as they are written in Chinese and in the plural. */
export const CATEGORY_WORDS: Readonly<Record<ItemCategory, readonly string[]>> = {
  MASK: ['masks', '口罩', '口罩类'],
  PROTECTIVE_SUIT: ['protective suits', 'suits', '防护服', '防护服类'],
  GOGGLES: ['eye protection', '护目镜', '护目镜类'],
  FACE_SHIELD: ['face shields', '面罩', '面屏'],
  GLOVES: ['glove', '手套', '手套类'],
  OTHER: ['others', '其他', '其它'],
};

/** An entry of the catalogue, as far as it is found by what people write. */
export interface KnownItem {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** What may be repeated of an item that nobody knows: no address, and nothing long. */
const SHOWABLE = /^[\p{L}\p{N} _./()-]{1,60}$/u;

/** Finds items by code, by name, and by what people write for the usual ones; in this order. */
export class ItemFinder {
  private readonly found = new Map<string, KnownItem>();
  private readonly codes: readonly string[];

  constructor(items: readonly KnownItem[]) {
    this.codes = items.map((item) => item.code);
    const learn = (name: string, item: KnownItem): void => {
      if (!this.found.has(headerKey(name))) this.found.set(headerKey(name), item);
    };
    for (const item of items) learn(item.code, item);
    for (const item of items) learn(item.name, item);
    for (const item of items) for (const name of OTHER_NAMES[item.code] ?? []) learn(name, item);
  }

  find(typed: string): KnownItem | undefined {
    return this.found.get(headerKey(typed));
  }

  /** Why there is no such item, with its neighbours. */
  whyNot(typed: string): string {
    return SHOWABLE.test(typed) ? unknownItem(typed, this.codes).message : 'There is no item with this code or name.';
  }
}
