import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LANGUAGES, preferredLanguage } from './language.rules.js';

describe('the language a request prefers', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'EN'],
    ['', 'EN'],
    ['en', 'EN'],
    ['zh', 'ZH_HANS'],
    ['zh-CN', 'ZH_HANS'],
    ['ZH-cn', 'ZH_HANS'],
    ['zh-SG', 'ZH_HANS'],
    ['zh-Hans', 'ZH_HANS'],
    ['zh-Hans-US', 'ZH_HANS'],
    // Traditional characters are not what we write.
    ['zh-TW', 'EN'],
    ['zh-Hant', 'EN'],
    ['zh-HK,zh-TW;q=0.9', 'EN'],
    ['zh-TW,zh;q=0.9,en;q=0.8', 'ZH_HANS'],
    // What a browser in China sends, and one in the United States.
    ['zh-CN,zh;q=0.9,en;q=0.8', 'ZH_HANS'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'EN'],
    ['en;q=0.5,zh;q=0.7', 'ZH_HANS'],
    ['en , zh', 'EN'],
    ['zh , en', 'ZH_HANS'],
    ['fr,de;q=0.9', 'EN'],
    ['fr,zh-CN;q=0.3', 'ZH_HANS'],
    ['*', 'EN'],
    ['zh;q=0.2,*;q=0.5', 'EN'],
    ['zh;q=0', 'EN'],
    ['zh;q=0.000', 'EN'],
    ['zh ; q=1.000', 'ZH_HANS'],
    // What cannot be read does not count, and does not spoil the rest.
    ['zh;q=2', 'EN'],
    ['zh;q=0.12345', 'EN'],
    ['zh;q=high,en;q=0.1', 'EN'],
    ['zh;level=1', 'EN'],
    [';;;,,,zh', 'ZH_HANS'],
    ['zhongwen', 'EN'],
    ['english', 'EN'],
  ])('%p: %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  it('is one of ours, whatever stands in the header', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('zh', 'en', 'q=0.5', ';', ',', 'zh-CN;q=0.1', '*'));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(LANGUAGES).toContain(preferredLanguage(parts.join('')));
        expect(LANGUAGES).toContain(preferredLanguage(parts.join(',')));
      }),
    );
  });

  it('is Chinese just where Chinese weighs more, or as much and comes first', () => {
    const thousandths = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(thousandths, thousandths, fc.boolean(), (zh, en, chineseFirst) => {
        const parts = [`zh-CN;q=${zh / 1000}`, `en-US;q=${en / 1000}`];
        const header = (chineseFirst ? parts : parts.toReversed()).join(', ');
        expect(preferredLanguage(header)).toBe(zh > en || (zh === en && chineseFirst) ? 'ZH_HANS' : 'EN');
      }),
    );
  });
});
