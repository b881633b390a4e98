import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Database } from './database.js';
import { OpenToAll } from './open.js';

/** For whoever keeps the process running. Says nothing about data. */
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process answers. */
  @Get('live')
  @OpenToAll()
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** The database answers, too: send requests. */
  @Get('ready')
  @OpenToAll()
  async ready(): Promise<{ status: string }> {
    try {
      await this.database.read((reader) => reader.rows('select 1'));
    } catch {
      throw new ServiceUnavailableException({ status: 'the database does not answer' });
    }
    return { status: 'ok' };
  }
}
