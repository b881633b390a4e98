import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyReply } from 'fastify';
import { type DocumentNode, type GraphQLSchema, validate } from 'graphql';
import { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module.js';
import { requestContextOf } from './access/request-context.js';
import { AllocationsModule } from './allocations/allocations.module.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { ChartsModule } from './charts/charts.module.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { DonorsModule } from './donors/donors.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HistoryModule } from './history/history.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { formatErrors, harmless } from './platform/graphql/errors.js';
import { assertAffordable, singleOperation } from './platform/graphql/limits.js';
import { assertReadableDocument, assertReadableVariables } from './platform/graphql/readable.js';
import { DateTime } from './platform/graphql/scalars.js';
import { PlatformModule } from './platform/platform.module.js';
import { RequestFault } from './platform/rejection.js';
import { PoliciesModule } from './policies/policies.module.js';
import { RecallsModule } from './recalls/recalls.module.js';
import { RecipientsModule } from './recipients/recipients.module.js';
import { ShipmentsModule } from './shipments/shipments.module.js';
import { StatementsModule } from './statements/statements.module.js';
import { StockModule } from './stock/stock.module.js';
import { WarehouseModule } from './warehouse/warehouse.module.js';

/** A document with more words than this is not parsed. */
const MOST_TOKENS = 5000;
/** Compiles a query when it comes for the second time. */
const COMPILE_AFTER = 1;

interface Executing {
  readonly reply: FastifyReply;
}

/** Whoever has no token learns nothing of the schema, not even by the errors of a document that does not fit it. */
function beforeValidation(schema: GraphQLSchema, document: DocumentNode, { reply }: Executing): void {
  assertReadableDocument(document);
  if (reply.request.viewer?.role === 'LINK' && validate(schema, document).length > 0)
    throw new RequestFault('UNAUTHENTICATED', 'Send a bearer token: "Authorization: Bearer ppe_...".');
}

function beforeExecution(
  schema: GraphQLSchema,
  document: DocumentNode,
  context: Executing,
  variables: Record<string, unknown> | undefined,
) {
  const { operationName } = (context.reply.request.body ?? context.reply.request.query ?? {}) as {
    operationName?: string | null;
  };
  const alone = singleOperation(document, operationName);
  assertReadableVariables(schema, document, operationName, variables ?? {});
  assertAffordable(document, operationName, variables ?? {});
  return alone ? { document: alone } : undefined;
}

/** GraphQL over Fastify: Mercurius with compiled queries. */
function graphql(): MercuriusDriverConfig {
  return {
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    jit: COMPILE_AFTER,
    graphql: { parseOptions: { maxTokens: MOST_TOKENS } },
    buildSchemaOptions: { numberScalarMode: 'integer', scalarsMap: [{ type: Date, scalar: DateTime }] },
    context: requestContextOf,
    hooks: { preValidation: beforeValidation as never, preExecution: beforeExecution as never },
    errorFormatter: (execution, context) => {
      const { request } = (context as unknown as Executing).reply;
      return formatErrors(execution, { id: request.id, accept: request.headers.accept }, (error) =>
        request.log.error({ err: harmless(error) }, 'unexpected error'),
      ) as never;
    },
  };
}

/** The whole application, on one database. */
@Module({})
export class AppModule {
  static on(dataSource: DataSource): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        PlatformModule,
        AccessModule,
        GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, ...graphql() }),
        DonorsModule,
        CatalogueModule,
        StockModule,
        WarehouseModule,
        RecipientsModule,
        ShipmentsModule,
        PoliciesModule,
        AllocationsModule,
        DeliveriesModule,
        RecallsModule,
        ImportsModule,
        HistoryModule,
        StatementsModule,
        ChartsModule,
        ExportsModule,
      ],
      providers: [{ provide: DataSource, useValue: dataSource }],
      exports: [DataSource],
    };
  }
}
