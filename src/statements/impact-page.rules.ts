import { thousands } from '../engine/language.js';
import type { LanguageCode } from '../platform/language.rules.js';
import { impactIn } from './impact-wording.rules.js';
import { type ImpactLabels, labelsIn } from './impact-labels.rules.js';
import { type CountriesShown, type ImpactFigures, type ImpactPart, partsOf } from './impact.rules.js';

/** What became of the units of one item, and how it is called. */
export interface StatementLine extends ImpactFigures {
  readonly itemCode: string;
  readonly itemName: string;
}

/** What a donor prints. */
export interface ImpactStatement extends CountriesShown {
  readonly language: LanguageCode;
  /** Null where she wishes to stay anonymous and the reader may not know her. */
  readonly donorName: string | null;
  readonly at: Date;
  readonly recipients: number;
  readonly lines: readonly StatementLine[];
}

/** The statement laid out as text, whatever it is printed on. */
export interface StatementText {
  readonly labels: ImpactLabels;
  readonly donorName: string;
  /** `2026-11-23 09:30 UTC` */
  readonly asOf: string;
  /** A sentence an item. */
  readonly sentences: readonly string[];
  readonly countries: string;
  readonly people: string;
}

function countriesIn({ countries, elsewhereCountries }: CountriesShown, labels: ImpactLabels): string {
  const names = new Intl.DisplayNames([labels.tag], { type: 'region', fallback: 'code' });
  const known = countries.map((code) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code));
  const separator = labels.tag === 'en' ? ', ' : '、';
  const last = elsewhereCountries === 0 ? [] : [labels.elsewhere(elsewhereCountries)];
  return known.length === 0 ? last.join('') : [known.join(separator), ...last].join(labels.tag === 'en' ? ' ' : '');
}

/** The words of a statement. */
export function textOf(statement: ImpactStatement): StatementText {
  const labels = labelsIn(statement.language);
  return {
    labels,
    donorName: statement.donorName ?? labels.anonymous,
    asOf: `${statement.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    sentences: statement.lines.map((line) => impactIn(statement.language, line.itemCode, line)),
    countries: countriesIn(statement, labels),
    people: thousands(statement.recipients),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in HTML, between tags or in an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);
}

/** Light, dark, and on paper: colours that can be told apart, also by those who see few. */
const STYLE = `:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--c0:#1a7f37;--c1:#4ac26b;--c2:#0969da;--c3:#54aeff;--c4:#8c959f;--c5:#bf8700;--c6:#a475f9;--c7:#cf222e;--c8:#953800;--c9:#6e7781}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--paper:#0d1117;--line:#3d444d;--c0:#3fb950;--c1:#7ee787;--c2:#58a6ff;--c3:#a5d6ff;--c4:#6e7681;--c5:#d29922;--c6:#bc8cff;--c7:#ff7b72;--c8:#db6d28;--c9:#8b949e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem}h1{margin:0;font-size:1.75rem;line-height:1.25}header p{margin:.25rem 0;color:var(--soft)}.donor{font-size:1.25rem;color:var(--ink)!important;overflow-wrap:anywhere}
section{margin-top:1.75rem}section p{margin:0 0 .5rem;font-size:1.125rem}.bar{display:flex;height:.875rem;border-radius:.25rem;overflow:hidden;background:var(--line)}.bar i{display:block;min-width:2px}
.tables{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1.5rem 2rem;align-items:start}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding-bottom:.25rem;overflow-wrap:anywhere}th,td{padding:.25rem 0;border-bottom:1px solid var(--line);text-align:left;font-weight:400}td{text-align:right;padding-left:1rem}
.key{display:inline-block;width:.625rem;height:.625rem;border-radius:.125rem;margin-right:.375rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}dt{color:var(--soft)}dd{margin:0}footer{margin-top:2rem;color:var(--soft);font-size:.875rem}footer p{margin:0}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--paper:#fff;--line:#bbb;--c0:#1a7f37;--c1:#4ac26b;--c2:#0969da;--c3:#54aeff;--c4:#8c959f;--c5:#bf8700;--c6:#a475f9;--c7:#cf222e;--c8:#953800;--c9:#6e7781}main{max-width:none;padding:0}section:not(.tables),table{break-inside:avoid}.bar,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}@page{margin:18mm}}`;

const COLOURS = new Map(
  (Object.keys(labelsIn('EN').part) as ImpactPart[]).map((part, i) => [part, `background:var(--c${i})`]),
);

function sectionOf(line: StatementLine, sentence: string): string {
  const bits = partsOf(line).map(({ part, units }) => `<i style="${COLOURS.get(part)!};flex:${units} 1 0"></i>`);
  return `<section><p>${escaped(sentence)}</p><div class="bar" aria-hidden="true">${bits.join('')}</div></section>`;
}

/** A table an item: all places beside each other would not fit on a telephone, nor on paper. */
function tableOf(line: StatementLine, labels: ImpactLabels): string {
  const key = (part: ImpactPart): string => `<span class="key" style="${COLOURS.get(part)!}"></span>`;
  const found: [string, number][] = line.foundUnits === 0 ? [] : [[escaped(labels.found), line.foundUnits]];
  const rows: [string, number][] = [
    [escaped(labels.received), line.receivedUnits],
    ...found,
    ...partsOf(line).map(({ part, units }): [string, number] => [`${key(part)}${escaped(labels.part[part])}`, units]),
  ];
  const body = rows.map(([head, n]) => `<tr><th scope="row">${head}</th><td>${thousands(n)}</td></tr>`);
  return `<table><caption>${escaped(line.itemName)}</caption><tbody>${body.join('')}</tbody></table>`;
}

function factsOf({ labels, people, countries }: StatementText): string {
  const where = countries === '' ? '' : `<dt>${escaped(labels.countries)}</dt><dd>${escaped(countries)}</dd>`;
  return `<section><dl><dt>${escaped(labels.recipients)}</dt><dd>${people}</dd>${where}</dl></section>`;
}

/** The statement as a page: one file, no script, no request to anywhere. */
export function impactPage(statement: ImpactStatement): string {
  const text = textOf(statement);
  const { labels, donorName, asOf, sentences } = text;
  const nothing = `<section><p>${escaped(labels.nothing)}</p></section>`;
  const body =
    statement.lines.length === 0
      ? nothing
      : [
          ...statement.lines.map((line, i) => sectionOf(line, sentences[i]!)),
          factsOf(text),
          `<section class="tables" aria-label="${escaped(labels.figures)}">${statement.lines.map((line) => tableOf(line, labels)).join('')}</section>`,
        ].join('\n');
  return `<!doctype html>
<html lang="${labels.tag}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${escaped(labels.title)} – ${escaped(donorName)}</title>
<style>${STYLE}</style></head>
<body><main>
<header><h1>${escaped(labels.title)}</h1><p class="donor">${escaped(donorName)}</p><p>${escaped(labels.asOf)} ${asOf}</p></header>
${body}
<footer><p>${escaped(labels.accounted)}</p><p>${escaped(labels.privacy)}</p></footer>
</main></body>
</html>
`;
}
