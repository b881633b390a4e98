import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PaperDocument from 'pdfkit';
import { thousands } from '../engine/language.js';
import { type ImpactStatement, type StatementText, textOf } from './impact-page.rules.js';
import { type ImpactPart, partsOf } from './impact.rules.js';

const require = createRequire(import.meta.url);
/** Noto Sans with the characters of Chinese; only those that a statement uses are put into it. */
const FONTS = join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts');
type Weight = 'Regular' | 'Bold';

const MARGIN = 50;
const ROW = 18;
const INK = '#1b1f24';
const SOFT = '#57606a';
const LINE = '#d0d7de';
const COLOURS: Readonly<Record<ImpactPart, string>> = {
  CONFIRMED: '#1a7f37',
  DELIVERED: '#4ac26b',
  ON_THE_WAY: '#0969da',
  PROMISED: '#54aeff',
  AVAILABLE: '#8c959f',
  QUARANTINED: '#bf8700',
  BETWEEN_SITES: '#a475f9',
  LOST: '#cf222e',
  DISCARDED: '#953800',
  RETURNED_TO_DONOR: '#6e7781',
};

type Document = PDFKit.PDFDocument;

const files = new Map<Weight, Buffer>();

/** A font as a file, read when it is first needed. */
function fontFile(weight: Weight): Buffer {
  const known = files.get(weight);
  if (known) return known;
  const file = readFileSync(join(FONTS, `NotoSansHans-${weight}.otf`));
  files.set(weight, file);
  return file;
}

/** Latin letters with a stroke are letters of their own to Unicode, and lose it only here. */
const WITHOUT_STROKE: Readonly<Record<string, string>> = { Ł: 'L', ł: 'l', Đ: 'D', đ: 'd', Ħ: 'H', ħ: 'h', ı: 'i' };

interface Glyphs {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

/**
 * A text as the font can show it: a letter with a mark that it does not have loses the mark, a character that it does not
 * have at all is a box, as it would be on a screen.
 */
function showable(document: Document, text: string): string {
  const { font } = (document as unknown as Glyphs)._font;
  const has = (character: string): boolean => font.hasGlyphForCodePoint(character.codePointAt(0)!);
  return [...text]
    .map((character) => {
      if (has(character)) return character;
      const [base = ''] = WITHOUT_STROKE[character] ?? character.normalize('NFKD');
      return base !== '' && has(base) ? base : '□';
    })
    .join('');
}

function write(document: Document, text: string, look: { size: number; weight?: Weight; colour?: string }): void {
  document
    .font(look.weight ?? 'Regular')
    .fontSize(look.size)
    .fillColor(look.colour ?? INK);
  document.text(showable(document, text), MARGIN, undefined, { width: widthOf(document) });
}

function widthOf(document: Document): number {
  return document.page.width - 2 * MARGIN;
}

/** Goes on on the next page where so much would not fit on this one. */
function makeRoom(document: Document, height: number): void {
  if (document.y + height > document.page.height - MARGIN) document.addPage();
}

/** A bar cut by where the units are. */
function bar(document: Document, line: ImpactStatement['lines'][number]): void {
  const parts = partsOf(line);
  const sum = parts.reduce((total, { units }) => total + units, 0);
  const y = document.y + 3;
  let x = MARGIN;
  for (const { part, units } of parts) {
    const width = (widthOf(document) * units) / sum;
    document.rect(x, y, width, 8).fill(COLOURS[part]);
    x += width;
  }
  document.y = y + 22;
}

/** A table an item, a row a place. */
function figures(document: Document, statement: ImpactStatement, { labels }: StatementText): void {
  for (const line of statement.lines) {
    const parts = partsOf(line);
    makeRoom(document, ROW * (parts.length + 4));
    write(document, line.itemName, { size: 11, weight: 'Bold' });
    row(document, labels.received, line.receivedUnits);
    if (line.foundUnits > 0) row(document, labels.found, line.foundUnits);
    for (const { part, units } of parts) row(document, labels.part[part], units, COLOURS[part]);
    document.y += 10;
  }
}

function row(document: Document, label: string, units: number, colour?: string): void {
  const { y } = document;
  if (colour) document.rect(MARGIN, y + 4, 7, 7).fill(colour);
  document.font('Regular').fontSize(10).fillColor(INK);
  document.text(showable(document, label), MARGIN + 12, y, { width: 208 });
  document.text(thousands(units), MARGIN + 220, y, { width: 90, align: 'right' });
  const under = document.y + 1;
  document
    .moveTo(MARGIN, under)
    .lineTo(MARGIN + 310, under)
    .lineWidth(0.5)
    .stroke(LINE);
  document.y += 3;
}

function lay(document: Document, statement: ImpactStatement, text: StatementText): void {
  const { labels, sentences } = text;
  write(document, labels.title, { size: 20, weight: 'Bold' });
  write(document, text.donorName, { size: 14 });
  write(document, `${labels.asOf} ${text.asOf}`, { size: 10, colour: SOFT });
  document.y += 16;
  if (sentences.length === 0) write(document, labels.nothing, { size: 12 });
  for (const [i, sentence] of sentences.entries()) {
    makeRoom(document, 60);
    write(document, sentence, { size: 12 });
    bar(document, statement.lines[i]!);
  }
  if (sentences.length > 0) {
    write(document, `${labels.recipients}: ${text.people}`, { size: 11 });
    if (text.countries !== '') write(document, `${labels.countries}: ${text.countries}`, { size: 11 });
    document.y += 14;
    figures(document, statement, text);
  }
  makeRoom(document, 40);
  write(document, labels.accounted, { size: 9, colour: SOFT });
  write(document, labels.privacy, { size: 9, colour: SOFT });
}

/** The statement on paper: PDF, A4, with its fonts inside, and text that can be searched and read aloud. */
export async function impactPdf(statement: ImpactStatement): Promise<Buffer> {
  const text = textOf(statement);
  const document = new PaperDocument({
    size: 'A4',
    margin: MARGIN,
    // Without a font of its own the library would open one that has no Chinese.
    font: null as unknown as string,
    lang: text.labels.tag,
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: `${text.labels.title} – ${text.donorName}`, CreationDate: statement.at, Producer: 'PPE tracker' },
  });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const written = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  document.registerFont('Regular', fontFile('Regular'));
  document.registerFont('Bold', fontFile('Bold'));
  lay(document, statement, text);
  document.end();
  await written;
  return Buffer.concat(pieces);
}
