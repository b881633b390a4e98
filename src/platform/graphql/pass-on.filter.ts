import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

/**
 * Nest logs every error of a resolver before it passes it on, with whatever stands in its message. Ours are formatted
 * and reported once, at the edge, without personal data.
 */
@Catch()
@Injectable()
export class PassOnUnlogged extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() === 'graphql') throw error;
    super.catch(error, host);
  }
}
