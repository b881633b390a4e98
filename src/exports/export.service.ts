import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { Database } from '../platform/database.js';
import { RequestFault } from '../platform/rejection.js';
import { encoded, paced } from './body.js';
import { statementOf } from './cell.repository.js';
import type { Sheet, SheetFormat, SheetKind } from './sheet.rules.js';
import { workbookOf } from './workbook.js';

/** A process sends so many at once: each can keep a core of the database busy, which has others to answer. */
const MOST_AT_ONCE = 3;
/** Whoever takes nothing for so long is cut off. */
const LONGEST_STALL_MS = 30_000;

/** What is to be sent, and how. */
export interface Wanted {
  readonly kind: SheetKind;
  readonly format: SheetFormat;
  readonly bom: boolean;
  readonly gzip: boolean;
}

/** Sends sheets, a few at once. */
@Injectable()
export class ExportService implements OnModuleDestroy {
  private readonly bodies = new Set<Readable>();
  private running = 0;

  constructor(private readonly database: Database) {}

  /**
   * Begins to read a sheet.
   * @returns what is to be sent; destroying it ends the reading, and a reading that fails destroys it
   * @throws RATE_LIMITED while as many are being sent as there may be
   */
  async open(sheet: Sheet, wanted: Wanted): Promise<Readable> {
    if (this.running >= MOST_AT_ONCE)
      throw new RequestFault('RATE_LIMITED', 'Other exports are being sent: try again in a moment.');
    this.running++;
    let text: Readable;
    try {
      const as = wanted.format === 'csv' ? 'CSV' : 'LINES';
      text = await this.database.stream(statementOf(sheet, wanted.format), sheet.parameters, as);
    } catch (error) {
      this.running--;
      throw error;
    }
    const body = this.bodyOf(text, sheet, wanted);
    this.bodies.add(body);
    text.once('close', () => this.running--);
    body.once('close', () => this.bodies.delete(body));
    return body;
  }

  private bodyOf(text: Readable, { columns }: Sheet, { kind, format, bom, gzip }: Wanted): Readable {
    const names = columns.map(({ name }) => name);
    const pieces = format === 'xlsx' ? workbookOf(text, kind, names) : encoded(text, { bom, gzip });
    return paced(pieces, LONGEST_STALL_MS, () => text.destroy());
  }

  /** Nobody waits for a file that takes minutes when the process is to end. */
  onModuleDestroy(): void {
    for (const body of this.bodies) body.destroy(new Error('the process ends'));
  }
}
