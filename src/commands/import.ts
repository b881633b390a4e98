import {
  appendFileSync,
  closeSync,
  createReadStream,
  createWriteStream,
  ftruncateSync,
  openSync,
  rmSync,
} from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AccessModule } from '../access/access.module.js';
import { ImportService, type ImportReport } from '../imports/import.service.js';
import { ImportsModule } from '../imports/imports.module.js';
import { shapeOf } from '../imports/kind.rules.js';
import { BUILT_IN_MAPPINGS, extendedMapping, type Mapping, mappingFaults } from '../imports/mapping.rules.js';
import type { BadRow, Follower, ImportKind } from '../imports/report.rules.js';
import { PlatformModule } from '../platform/platform.module.js';
import { isRefusal, type Refusal } from '../platform/rejection.js';
import { COMMAND_LINE, fail, withWorkbench } from './workbench.js';

const KINDS: Readonly<Record<string, ImportKind>> = {
  donations: 'DONATION',
  recipients: 'RECIPIENT',
  needs: 'NEED',
};

const USAGE = `usage: npm run --silent import -- ${Object.keys(KINDS).join('|')} FILE|- [--dry-run] [--skip-bad-rows] [--mapping NAME|FILE] [--database NAME]
  -                 the table comes from standard input
  --dry-run         says what would happen, and writes nothing
  --skip-bad-rows   writes the good rows; else one bad row keeps the whole file out
  --mapping         ${Object.keys(BUILT_IN_MAPPINGS).join(', ')}, or a JSON file (README, "Importing")
  --database        another database of the embedded server, such as ppe_demo`;

/** A row is said every so many rows, and oftener to somebody who looks on. */
const PROGRESS_ROWS = 10_000;

interface Request {
  readonly kind: ImportKind;
  readonly file: string;
  readonly dryRun: boolean;
  readonly skipBadRows: boolean;
  readonly mapping: string | undefined;
  readonly database: string | undefined;
}

function request(argv: string[]): Request {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  try {
    const { positionals, values } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { 'dry-run': flag, 'skip-bad-rows': flag, mapping: text, database: text },
    });
    const [kind = '', file, ...others] = positionals;
    if (!Object.hasOwn(KINDS, kind) || file === undefined || others.length > 0) return fail(USAGE);
    const { mapping, database } = values;
    const dryRun = values['dry-run'];
    return { kind: KINDS[kind]!, file, dryRun, skipBadRows: values['skip-bad-rows'], mapping, database };
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

async function mappingOf({ kind, mapping }: Request): Promise<Mapping> {
  if (mapping === undefined) return {};
  const { fields } = shapeOf(kind);
  let read: unknown = BUILT_IN_MAPPINGS[mapping];
  try {
    read ??= JSON.parse(await readFile(mapping, 'utf8'));
  } catch (error) {
    return fail(
      `--mapping: ${mapping} is neither built in nor a JSON file that can be read: ${(error as Error).message}`,
    );
  }
  const { extends: base, ...own } = (read ?? {}) as { extends?: unknown };
  if (base !== undefined && !(typeof base === 'string' && Object.hasOwn(BUILT_IN_MAPPINGS, base)))
    return fail(`--mapping: extends: must be one of ${Object.keys(BUILT_IN_MAPPINGS).join(', ')}`);
  const whole = base === undefined ? {} : BUILT_IN_MAPPINGS[base as string]!;
  const faults = [...mappingFaults(fields, whole), ...mappingFaults(fields, base === undefined ? read : own)];
  if (faults.length > 0) return fail(faults.map((fault) => `--mapping: ${fault}`).join('\n'));
  return extendedMapping(whole, own as Mapping);
}

async function assertIsFile(file: string): Promise<void> {
  const found = file === '-' ? undefined : await stat(file).catch(() => null);
  if (found === null || found?.isFile() === false) fail(`${file}: there is no such file.`);
}

/** Where the table is read from, as often as the database asks: what came through a pipe is kept until the end. */
async function sourceOf(file: string, folder: string): Promise<string> {
  if (file !== '-') return file;
  const kept = join(folder, 'input.csv');
  await pipeline(process.stdin, createWriteStream(kept, { mode: 0o600 }));
  return kept;
}

/** Keeps the report of the run that counts: when the database has the import start again, its report does, too. */
class Report implements Follower {
  private lines: string[] = [];
  private said = 0;

  constructor(private readonly file: number) {}

  begin(): void {
    this.lines = [];
    this.said = 0;
    ftruncateSync(this.file);
  }

  fault({ row, column, field, code, message }: BadRow): void {
    const where = column === null || column === field ? (field ?? '') : `${JSON.stringify(column)} (${field})`;
    this.lines.push(`row ${row}${where && `, ${where}`}: ${code}: ${message}\n`);
    if (this.lines.length >= 1000) this.flush();
  }

  progress(rows: number): void {
    const { isTTY } = process.stderr;
    if (!isTTY && rows < this.said + PROGRESS_ROWS) return;
    this.said = isTTY ? rows : rows - (rows % PROGRESS_ROWS);
    process.stderr.write(isTTY ? `\r${this.said} rows` : `${this.said} rows\n`);
  }

  private flush(): void {
    appendFileSync(this.file, this.lines.join(''));
    this.lines = [];
  }

  /** Says the whole report. */
  async tell(path: string): Promise<void> {
    this.flush();
    if (process.stderr.isTTY && this.said > 0) process.stderr.write('\n');
    await pipeline(createReadStream(path), process.stdout, { end: false });
  }
}

function summaryOf(done: ImportReport | Refusal, dryRun: boolean): string {
  if (isRefusal(done)) return `${done.code}: ${done.message}`;
  const figures = Object.entries({
    rows: done.rows,
    [dryRun ? 'would be imported' : 'imported']: done.importedRows,
    'imported before': done.knownRows,
    'left out': done.leftOutRows,
    bad: done.totalBadRows,
    units: done.importedUnits,
    'new donors': done.newDonors,
    'new shipments': done.newShipments,
    'new recipients': done.newRecipients,
  });
  const ignored = done.ignoredColumns.map((column) => `column ${JSON.stringify(column)} was not read`);
  return [figures.map(([what, count]) => `${what} ${count}`).join(', '), ...ignored].join('\n');
}

/** The rooms that an import needs, without a server. */
async function withImports<T>(name: string | undefined, work: (imports: ImportService) => Promise<T>): Promise<T> {
  return withWorkbench({ prepare: true, name }, async ({ dataSource }) => {
    @Module({})
    class Rooms {}
    const rooms = {
      module: Rooms,
      global: true,
      imports: [PlatformModule, AccessModule, ImportsModule],
      providers: [{ provide: DataSource, useValue: dataSource }],
      exports: [DataSource],
    };
    const context = await NestFactory.createApplicationContext(rooms, { logger: ['fatal', 'error', 'warn'] });
    try {
      return await work(context.get(ImportService));
    } finally {
      await context.close();
    }
  });
}

async function main(asked: Request, mapping: Mapping, folder: string): Promise<number> {
  const path = await sourceOf(asked.file, folder);
  const reportPath = join(folder, 'report.txt');
  const file = openSync(reportPath, 'a', 0o600);
  try {
    const report = new Report(file);
    const done = await withImports(asked.database, (imports) =>
      imports.run(
        { ...asked, actor: COMMAND_LINE, open: () => createReadStream(path), mapping, mostRows: null },
        report,
      ),
    );
    await report.tell(reportPath);
    process.stdout.write(`${summaryOf(done, asked.dryRun)}\n`);
    return isRefusal(done) ? 1 : 0;
  } finally {
    closeSync(file);
  }
}

const asked = request(process.argv.slice(2));
const mapping = await mappingOf(asked);
await assertIsFile(asked.file);
const folder = await mkdtemp(join(tmpdir(), 'ppe-import-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // What came through a pipe holds people's names: it does not outlive the command.
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  process.exitCode = await main(asked, mapping, folder);
} catch (error) {
  // Only the message: what a database hangs on its errors holds the rows.
  process.stderr.write(`Nothing was imported: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
