import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import yazl from 'yazl';
import { lettersOf, MOST_ROWS_A_SHEET } from './sheet.rules.js';

const NEWLINE = 10;
/** The text of a sheet repeats itself so much that more effort saves little and costs most of the time. */
const COMPRESSION = { compressionLevel: 1 };

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Cells of style 1 are instants, of style 2 days, of style 3 the names of columns. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
const ROOT = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const SHEET_END = '</sheetData></worksheet>';

function sheetStart(columns: readonly string[]): string {
  const names = columns.map((name, i) => `<c r="${lettersOf(i)}1" s="3" t="inlineStr"><is><t>${name}</t></is></c>`);
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row r="1">${names.join('')}</row>\n`;
}

/** The parts that name all worksheets; written when their number is known. */
function partsOf(title: string, sheets: number): [path: string, text: string][] {
  const numbers = Array.from({ length: sheets }, (_, i) => i + 1);
  const each = (text: (n: number) => string): string => numbers.map(text).join('');
  const named = each((n) => `<sheet name="${n === 1 ? title : `${title} ${n}`}" sheetId="${n}" r:id="rId${n}"/>`);
  const related = each(
    (n) => `<Relationship Id="rId${n}" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  const typed = each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`);
  return [
    ['xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${named}</sheets></workbook>`],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${related}<Relationship Id="rId${sheets + 1}" Type="${DOCUMENT}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${typed}</Types>`,
    ],
  ];
}

/** Rows as they come, a line each, handed out sheet by sheet. */
class Rows {
  private rest: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(
    source: AsyncIterable<Buffer>,
    private readonly mostRows: number,
  ) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Whether there are more; asked before each sheet. */
  async any(): Promise<boolean> {
    if (this.rest.length > 0) return true;
    const { value, done } = await this.chunks.next();
    if (!done) this.rest = value as Buffer;
    return !done;
  }

  /** The rows of one sheet: as many as it takes, whole ones. */
  async *sheet(): AsyncGenerator<Buffer> {
    let rows = 0;
    for (;;) {
      let end = 0;
      let newline = -1;
      while (rows < this.mostRows && (newline = this.rest.indexOf(NEWLINE, end)) >= 0) {
        end = newline + 1;
        rows++;
      }
      const isFull = rows >= this.mostRows;
      // A row that is cut in the middle goes on in the next piece, on the same sheet.
      const taken = isFull ? end : this.rest.length;
      yield this.rest.subarray(0, taken);
      this.rest = this.rest.subarray(taken);
      // oxlint-disable-next-line no-await-in-loop -- what follows is read when what was read is taken
      if (isFull || !(await this.any())) return;
    }
  }
}

/**
 * Wraps rows of worksheets into a workbook (OOXML), piece by piece: only what is on its way is in memory. A sheet that is
 * full is followed by another one.
 * @param source the rows as XML, a line each
 * @param title the name of the first sheet: letters only
 * @param mostRows how many rows a sheet takes
 */
export function workbookOf(
  source: AsyncIterable<Buffer>,
  title: string,
  columns: readonly string[],
  mostRows = MOST_ROWS_A_SHEET,
): Readable {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const rows = new Rows(source, mostRows);
  async function* sheet(): AsyncGenerator<string | Buffer> {
    yield sheetStart(columns);
    if (await rows.any()) yield* rows.sheet();
    yield SHEET_END;
  }
  async function fill(): Promise<void> {
    let sheets = 0;
    do {
      const text = Readable.from(sheet(), { objectMode: false });
      zip.addReadStream(text, `xl/worksheets/sheet${++sheets}.xml`, COMPRESSION);
      // oxlint-disable-next-line no-await-in-loop -- one sheet after the other
      await finished(text);
      // oxlint-disable-next-line no-await-in-loop -- as above
    } while (await rows.any());
    for (const [path, text] of partsOf(title, sheets)) zip.addBuffer(Buffer.from(XML + text), path);
    zip.addBuffer(Buffer.from(STYLES), 'xl/styles.xml');
    zip.addBuffer(Buffer.from(ROOT), '_rels/.rels');
    zip.end();
  }
  zip.on('error', (error: Error) => output.destroy(error));
  fill().catch((error: Error) => output.destroy(error));
  return output;
}
