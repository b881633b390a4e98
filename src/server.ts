import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { keepTheGate } from './access/gate.js';
import { TokenService } from './access/token.service.js';
import { AppModule } from './app.module.js';
import { appDataSource, migrate, openDatabase } from './data-source.js';
import type { Config } from './platform/config.js';
import { newId } from './platform/ids.js';

const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

/** What of a request stands in the log: no query string, which may hold names, and no address. */
function withoutQuery({ method, url }: { method: string; url: string }): Record<string, unknown> {
  return { method, path: url.split('?', 1)[0] };
}

/** Builds the application on a database that is connected and migrated; it does not listen yet. */
export async function buildApp(dataSource: DataSource, logLevel: string): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    logger: { level: logLevel, serializers: { req: withoutQuery } },
    genReqId: () => newId(),
    bodyLimit: LARGEST_BODY_BYTES,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.on(dataSource), adapter, {
    logger: ['fatal', 'error', 'warn'],
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  keepTheGate(fastify as never, app.get(TokenService));
  return app;
}

/** A server that listens. */
export interface Server {
  readonly app: NestFastifyApplication;
  /** Where GraphQL is. */
  readonly url: string;
  /** The database owner's connection string. Not for logs. */
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** Finds the database, brings its schema up to date, and listens. */
export async function startServer(config: Config, databaseName?: string): Promise<Server> {
  const database = await openDatabase(config, (line) => process.stderr.write(`${line}\n`), databaseName);
  try {
    await migrate(database.url);
    const dataSource = await appDataSource(config.appDatabaseUrl ?? database.url, config.poolSize).initialize();
    const app = await buildApp(dataSource, config.logLevel);
    await app.listen(config.port, config.host);
    database.keep(endWith);
    const close = async (): Promise<void> => {
      await app.close();
      await dataSource.destroy();
      await database.close();
    };
    return { app, url: `${await app.getUrl()}/graphql`, databaseUrl: database.url, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A process whose own PostgreSQL cannot be brought back ends, so that whoever keeps it running starts both anew. */
function endWith(error: Error): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** Closes a server when the process is asked to end, whoever asks, once. */
export function closeOnSignal(server: Server): void {
  let closing: Promise<void> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      closing ??= server.close().then(() => process.exit(0));
    });
  }
}
