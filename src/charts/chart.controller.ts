import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext, requestContextOf } from '../access/request-context.js';
import { filterOfQuery, type Query as FilterQuery } from '../history/filter-query.js';
import type { DistributionFilter } from '../history/distribution.rules.js';
import { badInput } from '../platform/rejection.js';
import { ChartService } from './chart.service.js';
import { FlowChartService } from './flow-chart.service.js';
import { ASKABLE_LANGUAGES, languageAsked, WORDS } from './words.rules.js';

/** Pictures are of now and of whoever asks: nobody keeps them. What a browser opens as a page may run and fetch nothing. */
const HEADERS = {
  'content-type': 'image/svg+xml; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
};

/** What an address may say beside the filter. */
const OTHERS = ['language'];

/** The request's context, in the language that the address asks for. */
function contextOf(request: FastifyRequest, { language }: FilterQuery): RequestContext {
  const context = requestContextOf(request);
  if (language === undefined) return context;
  const asked = typeof language === 'string' ? languageAsked(language) : undefined;
  if (!asked) throw badInput('language', `language: must be one of ${ASKABLE_LANGUAGES.join(', ')}`);
  return { ...context, language: asked };
}

/** Pictures of history, by the filter of `distributions`. */
@Controller('charts')
export class ChartController {
  constructor(
    private readonly charts: ChartService,
    private readonly flows: FlowChartService,
  ) {}

  /** Donors, items, groups; for donors their own gifts, by country. */
  @Get('flow.svg')
  @AllowedTo(...OVERSIGHT, 'DONOR')
  flow(@Req() request: FastifyRequest, @Query() query: FilterQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, query, reply, (context, filter) => this.flows.flow(context, filter));
  }

  /** Units by month and category; for donors of their own gifts. */
  @Get('months.svg')
  @AllowedTo(...OVERSIGHT, 'DONOR')
  months(@Req() request: FastifyRequest, @Query() query: FilterQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, query, reply, (context, filter) => this.charts.months(context, filter));
  }

  /** The Lorenz curve of what people received. */
  @Get('fairness.svg')
  @AllowedTo(...OVERSIGHT)
  fairness(@Req() request: FastifyRequest, @Query() query: FilterQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, query, reply, (context, filter) => this.charts.lorenz(context, filter));
  }

  private async answer(
    request: FastifyRequest,
    query: FilterQuery,
    reply: FastifyReply,
    draw: (context: RequestContext, filter: DistributionFilter) => Promise<string>,
  ): Promise<void> {
    const context = contextOf(request, query);
    const drawn = await draw(context, await filterOfQuery(query, OTHERS));
    await reply.headers({ ...HEADERS, 'content-language': WORDS[context.language].tag }).send(drawn);
  }
}
