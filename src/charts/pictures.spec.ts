import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { fairnessPicture } from './fairness-picture.rules.js';
import { flowPicture, type NamedFlow } from './flow-picture.rules.js';
import { cut, widthOf, wrap } from './label.rules.js';
import { lorenzOf } from './lorenz.rules.js';
import { monthsPicture } from './months-picture.rules.js';
import { KIND_LABEL, KINDS } from './months.rules.js';
import { oneLine, TAGS } from './svg.rules.js';
import { contrast, DARK, LIGHT } from './theme.rules.js';
import { countryName, itemName, languageAsked, WORDS } from './words.rules.js';

interface Parsed {
  readonly tags: Set<string>;
  readonly attributes: Set<string>;
  readonly texts: string[];
}

/** Reads a picture as XML, as strictly as the standard has it. */
function parsed(svg: string): Parsed {
  const found: Parsed = { tags: new Set(), attributes: new Set(), texts: [] };
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    expect(tag.uri).toBe('http://www.w3.org/2000/svg');
    found.tags.add(tag.name);
    for (const [attribute, { value }] of Object.entries(tag.attributes)) {
      found.attributes.add(attribute);
      // No reference leads out of the picture.
      if (attribute !== 'xmlns') expect(value).not.toMatch(/\/\/|url\((?!#)/);
    }
  });
  for (const no of ['doctype', 'cdata', 'processinginstruction', 'comment'] as const)
    parser.on(no, () => expect('nothing of this kind').toBe(no));
  parser.on('text', (text) => found.texts.push(text));
  parser.write(svg).close();
  return found;
}

const HOSTILE = [
  '</title><script>alert(1)</script>',
  '"><image href="https://evil.example/x.png"/>',
  "' onload='alert(1)",
  ']]><![CDATA[<foreignObject/>',
  '&amp;&lt;&#x0;&nbsp;&undefined;',
  '<!--<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
  '}</style>{fill:url(https://evil.example)}',
  '\u0000\u0001\u001F\uFFFE\uFFFF\uD800',
  '\u202Eesrever\u202C \u2066isolated',
  'line\nbreak\tand\u2028more',
  '武汉大学中南医院'.repeat(20),
  '👩‍⚕️'.repeat(40),
  'W'.repeat(300),
  '',
];
const anyName = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes)),
);

const KEYS = ['a', 'b', 'c'];
const flowOf = (names: readonly string[], to: NamedFlow['to'] = 'GROUP'): NamedFlow => ({
  to,
  columns: [0, 1, 2].map((column) =>
    KEYS.map((key, i) => ({ key, name: names[column * 3 + i]!, isLast: false })),
  ) as unknown as NamedFlow['columns'],
  flows: KEYS.flatMap((a, i) => KEYS.map((b, j) => ({ keys: [a, b, KEYS[(i + j) % 3]!] as const, units: 1 + i * j }))),
  days: [],
});
const names = fc.array(anyName, { minLength: 9, maxLength: 9 });
const languages = ['EN', 'ZH_HANS'] as const;
const months = [
  { month: '2020-03', kind: 'MASK', units: 1200 },
  { month: '2020-03', kind: 'GOGGLES', units: 100 },
  { month: '2020-06', kind: 'OTHERS', units: 7 },
] as const;

describe('a picture', () => {
  it('is XML of our own elements alone, whatever people are called', () => {
    fc.assert(
      fc.property(names, fc.constantFrom(...languages), (all, language) => {
        const { tags, attributes } = parsed(flowPicture(WORDS[language], flowOf(all)));
        expect([...tags].filter((tag) => !(TAGS as readonly string[]).includes(tag))).toEqual([]);
        expect([...attributes].filter((name) => /^on|href|src/i.test(name))).toEqual([]);
      }),
      { numRuns: 300, examples: HOSTILE.map((name) => [Array.from({ length: 9 }, () => name), 'EN']) },
    );
  });

  it('shows what people typed as they typed it, but for what turns the direction or breaks the line', () => {
    const { texts } = parsed(flowPicture(WORDS.EN, flowOf(['<b>&"\'', ...Array.from({ length: 8 }, () => 'x')])));
    expect(texts).toContain('<b>&"\'');
    expect(oneLine('\u202Ea\n\tb\u0000c ')).toBe('a b c');
  });

  it('is the same for the same data, in whatever order they come', () => {
    const flow = flowOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
    const reversed = {
      ...flow,
      columns: flow.columns.map((column) => column.toReversed()) as unknown as NamedFlow['columns'],
      flows: flow.flows.toReversed(),
    };
    expect(flowPicture(WORDS.EN, reversed)).toBe(flowPicture(WORDS.EN, flow));
    const asked = { zone: 'UTC', days: [], merges: false };
    const draw = (rows: typeof months | readonly (typeof months)[number][]) =>
      monthsPicture(WORDS.EN, { ...asked, rows });
    expect(draw(months.toReversed())).toBe(draw(months));
  });

  it('tells its figures in words, in both languages', () => {
    const points = lorenzOf([1, 1, 2, 6]);
    const fairness = { points, people: 4, units: 10, gini: 0.4, days: ['2020'] };
    const asked = { rows: months, zone: 'Asia/Shanghai', days: [], merges: true };
    const described = (svg: string): string => /<desc id="desc">([^<]*)</.exec(svg)![1]!;
    expect(described(fairnessPicture(WORDS.EN, fairness))).toContain('Gini 0.4');
    expect(described(fairnessPicture(WORDS.ZH_HANS, fairness))).toContain('基尼系数 0.4');
    const [english, chinese] = languages.map((language) => described(monthsPicture(WORDS[language], asked)));
    expect(english).toContain('Mar 2020: 1,300 units (Masks: 1,200 units; Goggles: 100 units)');
    expect(english).toContain('Apr 2020: nothing');
    expect(english).toContain('Asia/Shanghai');
    expect(chinese).toContain('2020年3月：1,300 件 (口罩：1,200 件；护目镜：100 件)');
    const flow = described(flowPicture(WORDS.EN, flowOf(['D', 'E', 'F', 'i', 'j', 'k', 'G', 'H', 'I'])));
    expect(flow).toContain('18 units.');
    expect(flow).toContain('Donors: F: 9 units; E: 6 units; D: 3 units');
  });

  it.each(languages)('says so where there is nothing to draw (%s)', (language) => {
    const words = WORDS[language];
    const empty = flowOf(Array.from({ length: 9 }, () => 'x'));
    const drawn = [
      flowPicture(words, { ...empty, flows: [] }),
      monthsPicture(words, { rows: [], zone: 'UTC', days: [], merges: false }),
      fairnessPicture(words, { points: [], people: 0, units: 0, gini: 0, days: [] }),
    ];
    for (const svg of drawn) expect(parsed(svg).texts.join('')).toContain(words.nothing.slice(0, 12));
    const zero = fairnessPicture(words, { points: [{ people: 3, units: 0 }], people: 3, units: 0, gini: 0, days: [] });
    expect(parsed(zero).texts.join('')).toContain(words.fairness.nothingReceived.slice(0, 12));
  });

  it('names every text of its own within its room, in both languages', () => {
    for (const language of languages) {
      const words = WORDS[language];
      for (const kind of KINDS) expect(cut(words.kind[kind], KIND_LABEL.width, 16)).toBe(words.kind[kind]);
    }
  });
});

describe('the colours', () => {
  it.each([['light', LIGHT] as const, ['dark', DARK] as const])(
    'are told from %s paper, and text from bands',
    (_, theme) => {
      const { paper, ink, muted, series } = theme;
      for (const colour of [ink, muted, ...series]) expect(contrast(colour, paper)).toBeGreaterThanOrEqual(4.5);
      for (const tint of series) {
        expect(contrast(ink, paper, tint)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(muted, paper, tint)).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  it('are reckoned as the standard does', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

describe('a label', () => {
  it('takes Chinese signs as wide as they are high', () => {
    expect(widthOf('医用口罩', 16)).toBe(64);
  });

  it('is broken between words and between Chinese signs, and ends with an ellipsis', () => {
    expect(wrap('Chinese doctors in the US', 150, 16, 3)).toEqual(['Chinese doctors', 'in the US']);
    expect(wrap('武汉大学中南医院发热门诊', 96, 16, 2)).toEqual(['武汉大学中南', '医院发热门诊']);
    expect(wrap('武汉大学中南医院发热门诊', 96, 16, 1)).toHaveLength(1);
    expect(wrap('Massachusetts General Hospital, Boston', 100, 16, 2).at(-1)).toMatch(/…$/);
  });

  it('fits, and loses nothing but what it says it leaves out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.integer({ min: 40, max: 200 }), (text, width) => {
        const clean = oneLine(text);
        const lines = wrap(clean, width, 16, 3);
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines) expect(widthOf(line, 16)).toBeLessThanOrEqual(Math.max(width, 24));
        const whole = lines.join('').replaceAll(' ', '');
        if (!whole.endsWith('…')) expect(whole).toBe(clean.replaceAll(' ', ''));
      }),
    );
  });
});

describe('words', () => {
  it('name items and countries in the language', () => {
    expect(itemName('ZH_HANS', { code: 'N95', name: 'N95 respirator' })).toBe('N95口罩');
    expect(itemName('ZH_HANS', { code: 'SYRINGE', name: 'Syringe' })).toBe('Syringe');
    expect(itemName('EN', { code: 'N95', name: 'N95 respirator' })).toBe('N95 respirator');
    expect([countryName('EN', 'US'), countryName('ZH_HANS', 'US'), countryName('EN', '!!')]).toEqual([
      'United States',
      '美国',
      '!!',
    ]);
  });

  it.each([['zh', 'ZH_HANS'], ['zh-CN', 'ZH_HANS'], ['ZH_HANS', 'ZH_HANS'], ['en', 'EN'], ['EN', 'EN'], ['fr', undefined]])(
    'know %s as a language', (asked, language) => expect(languageAsked(asked)).toBe(language),
  ); // prettier-ignore
});
