import { type ArgumentsHost, Catch, HttpException, Injectable } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { harmless, MASKED } from './graphql/errors.js';
import { RequestFault, type FaultCode } from './rejection.js';

/** How each kind of trouble is called over HTTP, where there is no list of errors to put it in. */
const STATUS: Readonly<Record<FaultCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_COMPLEX: 422,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
};

/**
 * Nest logs every error of a resolver before it passes it on, with whatever stands in its message. Ours are formatted
 * and reported once, at the edge, without personal data: those of GraphQL by its own formatter, those of other routes here.
 */
@Catch()
@Injectable()
export class FaultsFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() === 'graphql') throw error;
    if (error instanceof HttpException) return super.catch(error, host);
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const isOurs = error instanceof RequestFault;
    if (!isOurs) request.log.error({ err: harmless(error) }, 'unexpected error');
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    void reply
      .code(isOurs ? STATUS[error.code] : STATUS.INTERNAL_SERVER_ERROR)
      .type('application/json; charset=utf-8')
      .send({
        error: isOurs
          ? { message: error.message, code: error.code, ...error.facts }
          : { message: MASKED, code: 'INTERNAL_SERVER_ERROR', requestId: request.id },
      });
  }
}
