import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, requestContextOf } from '../access/request-context.js';
import type { Query } from '../history/filter-query.js';
import { Clock, dayOf } from '../platform/clock.js';
import { harmless } from '../platform/graphql/errors.js';
import { RequestFault } from '../platform/rejection.js';
import { ExportService } from './export.service.js';
import { SheetService } from './sheet.service.js';
import { optionsOf } from './sheet-query.js';
import {
  fileNameOf,
  SHEET_FORMATS,
  SHEET_VERSION,
  type SheetFormat,
  type SheetKind,
  takesGzip,
} from './sheet.rules.js';

const MEDIA_TYPE: Readonly<Record<SheetFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const TRY_AGAIN_SECONDS = '10';

const files = (kind: SheetKind): string[] => SHEET_FORMATS.map((format) => `${kind}.${format}`);

/** Sheets as files: the same rows, and as much of them, as GraphQL shows to whoever asks. */
@Controller('exports')
export class ExportController {
  constructor(
    private readonly sheets: SheetService,
    private readonly exports: ExportService,
    private readonly clock: Clock,
  ) {}

  /** Who got what, as `distributions`. */
  @Get(files('distributions'))
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  distributions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send('distributions', request, reply);
  }

  /** What is where, as `stock`, lot by lot. */
  @Get(files('stock'))
  @AllowedTo(...OVERSIGHT)
  stock(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send('stock', request, reply);
  }

  /** Who was awarded what, as `plans`, award by award. */
  @Get(files('plans'))
  @AllowedTo(...OVERSIGHT)
  plans(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send('plans', request, reply);
  }

  private async send(kind: SheetKind, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const format = (request.routeOptions.url ?? '').split('.').at(-1) as SheetFormat;
    const [{ bom }, filter] = optionsOf(request.query as Query, format);
    const gzip = format !== 'xlsx' && takesGzip(request.headers['accept-encoding']);
    const sheet = await this.sheets.sheet(kind, requestContextOf(request), filter);
    const body = request.method === 'HEAD' ? undefined : await this.opened(reply, sheet, { kind, format, bom, gzip });
    body?.on('error', (error) => request.log.warn({ err: harmless(error) }, 'an export broke off'));
    const name = fileNameOf(kind, format, dayOf(this.clock.now()));
    void reply
      .headers({
        'content-type': MEDIA_TYPE[format],
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-export-version': SHEET_VERSION,
        vary: 'accept-encoding',
        ...(gzip && { 'content-encoding': 'gzip' }),
      })
      .send(body ?? '');
  }

  private async opened(reply: FastifyReply, ...wanted: Parameters<ExportService['open']>) {
    try {
      return await this.exports.open(...wanted);
    } catch (error) {
      if (error instanceof RequestFault && error.code === 'RATE_LIMITED')
        void reply.header('retry-after', TRY_AGAIN_SECONDS);
      throw error;
    }
  }
}
