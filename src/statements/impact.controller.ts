import { Controller, Get, Header, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, requestContextOf } from '../access/request-context.js';
import { IdPipe } from '../platform/graphql/checked.js';
import { dayOf } from '../platform/clock.js';
import { labelsIn } from './impact-labels.rules.js';
import { impactPage } from './impact-page.rules.js';
import { impactPdf } from './impact-pdf.js';
import { type PrintQuery, PrintService } from './print.service.js';

/** The page asks nobody for anything, and runs nothing. */
const NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What a donor prints: the answer of `donorImpact`, on a page and on paper. */
@Controller('donors')
export class ImpactController {
  constructor(private readonly prints: PrintService) {}

  @Get(':id/impact')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'private, no-store')
  @Header('vary', 'authorization, accept-language')
  @Header('content-security-policy', NOTHING_FROM_OUTSIDE)
  @Header('x-content-type-options', 'nosniff')
  @AllowedTo(...OVERSIGHT, 'DONOR')
  async page(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', new IdPipe('id')) id: string,
    @Query() query: PrintQuery,
  ): Promise<string> {
    const statement = await this.prints.statement(requestContextOf(request), id, query);
    void reply.header('content-language', labelsIn(statement.language).tag);
    return impactPage(statement);
  }

  @Get(':id/impact.pdf')
  @Header('cache-control', 'private, no-store')
  @Header('vary', 'authorization, accept-language')
  @Header('x-content-type-options', 'nosniff')
  @AllowedTo(...OVERSIGHT, 'DONOR')
  async pdf(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', new IdPipe('id')) id: string,
    @Query() query: PrintQuery,
  ): Promise<StreamableFile> {
    const statement = await this.prints.statement(requestContextOf(request), id, query);
    void reply.header('content-language', labelsIn(statement.language).tag);
    return new StreamableFile(await impactPdf(statement), {
      type: 'application/pdf',
      // The name of a file ends up in lists of downloads: it says what it is, not whose.
      disposition: `attachment; filename="impact-${dayOf(statement.at)}.pdf"`,
    });
  }
}
