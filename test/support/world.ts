import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import type { TokenRole } from '../../src/access/access.rules.js';
import { TokenService } from '../../src/access/token.service.js';
import { appDataSource } from '../../src/data-source.js';
import { LedgerLawsRepository } from '../../src/history/ledger-laws.repository.js';
import { VerificationService } from '../../src/history/verification.service.js';
import { buildApp } from '../../src/server.js';
import { Database } from '../../src/platform/database.js';
import { cloneDatabase } from './database.js';

const TESTS = { id: null, role: 'COMMAND_LINE', requestId: 'test' };

/** An error as the API shows it. */
export interface ApiError {
  readonly message: string;
  readonly path?: (string | number)[];
  readonly extensions: { readonly code: string; readonly field?: string; readonly requestId?: string };
}

/** An answer, whole. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly data: T | null;
  readonly errors?: ApiError[];
}

/** Somebody who asks the API. */
export interface Client {
  readonly token: string | null;
  /** Asks, and gives the data; an error of the API is an error of the test. */
  ask<T = never>(query: string, variables?: object): Promise<T>;
  /** Asks, and gives the answer as it is. */
  answer<T = Record<string, unknown>>(query: string, variables?: object): Promise<Answer<T>>;
  /** Asks, and gives the first error; an answer without one is an error of the test. */
  error(query: string, variables?: object): Promise<ApiError>;
}

/** The application on a database of its own. */
export interface World {
  readonly app: NestFastifyApplication;
  /** The owner's connection string: for looking behind the curtain, and for further processes. */
  readonly databaseUrl: string;
  readonly dataSource: DataSource;
  /** A client with a new token of this role, speaking for this donor or recipient. */
  as(role: TokenRole, subjectId?: string): Promise<Client>;
  /** A client with this token, or without any. */
  with(token: string | null): Client;
  /** What is wrong with the ledger: every breach of every law. */
  breaches(): Promise<string[]>;
  close(): Promise<void>;
}

function clientOf(app: NestFastifyApplication, token: string | null): Client {
  const answer = async <T>(query: string, variables?: object): Promise<Answer<T>> => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
      payload: JSON.stringify({ query, variables }),
    });
    return { status: response.statusCode, ...(response.json() as Omit<Answer<T>, 'status'>) };
  };
  return {
    token,
    answer,
    ask: async <T>(query: string, variables?: object): Promise<T> => {
      const { data, errors } = await answer<T>(query, variables);
      if (errors || !data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
      return data;
    },
    error: async (query, variables) => {
      const { data, errors } = await answer(query, variables);
      if (!errors?.[0]) throw new Error(`no error, but ${JSON.stringify(data)}`);
      return errors[0];
    },
  };
}

/** Builds the application on a clone of the template database. */
export async function openWorld(): Promise<World> {
  const databaseUrl = await cloneDatabase();
  const dataSource = await appDataSource(databaseUrl, 10).initialize();
  const app = await buildApp(dataSource, 'silent');
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    databaseUrl,
    dataSource,
    as: async (role, subjectId) => clientOf(app, await app.get(TokenService).create(TESTS, role, 'test', subjectId)),
    with: (token) => clientOf(app, token),
    breaches: async () => {
      const findings = await new VerificationService(app.get(Database), new LedgerLawsRepository()).verify();
      return findings.flatMap(({ law, breaches }) => breaches.map((breach) => `${law}: ${breach}`));
    },
    close: async () => {
      await app.close();
      await dataSource.destroy();
    },
  };
}
