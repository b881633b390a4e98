import { join } from 'node:path';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { InitialSchema1764000000000 } from '../migrations/1764000000000-InitialSchema.js';
import { NeedsAndEarmarks1764100000000 } from '../migrations/1764100000000-NeedsAndEarmarks.js';
import { Policies1764200000000 } from '../migrations/1764200000000-Policies.js';
import { PlanFairness1764300000000 } from '../migrations/1764300000000-PlanFairness.js';
import { StockThatMoves1764400000000 } from '../migrations/1764400000000-StockThatMoves.js';
import { Receiving1764500000000 } from '../migrations/1764500000000-Receiving.js';
import { SitesAndTransfers1764600000000 } from '../migrations/1764600000000-SitesAndTransfers.js';
import { Corrections1764650000000 } from '../migrations/1764650000000-Corrections.js';
import { Recalls1764700000000 } from '../migrations/1764700000000-Recalls.js';
import { Imports1764800000000 } from '../migrations/1764800000000-Imports.js';
import { Catalogue1764900000000 } from '../migrations/1764900000000-Catalogue.js';
import { FormerItems1764960000000 } from '../migrations/1764960000000-FormerItems.js';
import { History1765000000000 } from '../migrations/1765000000000-History.js';
import { Totals1765100000000 } from '../migrations/1765100000000-Totals.js';
import { AccessToken } from './access/token.entity.js';
import { RoundingDeficit } from './allocations/memory.entity.js';
import { Award, AwardLot, Plan } from './allocations/plan.entity.js';
import { Delivery, Distribution } from './deliveries/delivery.entity.js';
import { Donor } from './donors/donor.entity.js';
import { DistributionCountryTotal, DistributionDonorTotal, DistributionMonthTotal } from './history/total.entity.js';
import { ImportedRow } from './imports/import.entity.js';
import type { Config } from './platform/config.js';
import { Idempotency, JournalEntry } from './platform/journal.entity.js';
import { createDatabaseIfMissing, startEmbeddedPostgres } from './platform/postgres/embedded.js';
import { Need, NeedAward } from './recipients/need.entity.js';
import { PolicyRecord, PolicyVersion } from './policies/policy.entity.js';
import { Recall, RecallLine, RecallLot, RecallNotice, RecallNumber } from './recalls/recall.entity.js';
import { GroupMember, Recipient, RecipientGroup } from './recipients/recipient.entity.js';
import { Shipment, ShipmentChange, ShipmentCount, ShipmentEvent, ShipmentLine } from './shipments/shipment.entity.js';
import { Gtin } from './catalogue/gtin.entity.js';
import { Item, ItemSubstitute } from './catalogue/item.entity.js';
import { Lot, LotBalance, LotChange, Site, StockEntry } from './stock/stock.entity.js';
import { Transfer, TransferLine } from './warehouse/transfer.entity.js';

const ENTITIES = [
  AccessToken,
  Award,
  AwardLot,
  Delivery,
  Distribution,
  DistributionCountryTotal,
  DistributionDonorTotal,
  DistributionMonthTotal,
  Donor,
  GroupMember,
  Gtin,
  Idempotency,
  ImportedRow,
  Item,
  ItemSubstitute,
  JournalEntry,
  Lot,
  LotBalance,
  LotChange,
  Need,
  NeedAward,
  Plan,
  PolicyRecord,
  PolicyVersion,
  Recall,
  RecallLine,
  RecallLot,
  RecallNotice,
  RecallNumber,
  Recipient,
  RecipientGroup,
  RoundingDeficit,
  Shipment,
  ShipmentChange,
  ShipmentCount,
  ShipmentEvent,
  ShipmentLine,
  Site,
  StockEntry,
  Transfer,
  TransferLine,
];

const MIGRATIONS = [
  InitialSchema1764000000000,
  NeedsAndEarmarks1764100000000,
  Policies1764200000000,
  PlanFairness1764300000000,
  StockThatMoves1764400000000,
  Receiving1764500000000,
  SitesAndTransfers1764600000000,
  Corrections1764650000000,
  Recalls1764700000000,
  Imports1764800000000,
  Catalogue1764900000000,
  FormerItems1764960000000,
  History1765000000000,
  Totals1765100000000,
];

/** The role the application works as: it owns nothing, and cannot change what is append-only. */
export const APP_ROLE = 'ppe_app';
/** The database in the embedded server. */
const DATABASE_NAME = 'ppe';
/** Two processes that start at once migrate one after the other. Any number will do, as long as it stays. */
const MIGRATION_LOCK = 7_240_118;

const LONGEST_STATEMENT = '60s';
const LONGEST_LOCK_WAIT = '15s';
const LONGEST_IDLE_IN_TRANSACTION = '30s';

/** A database that can be reached, whoever runs it. */
export interface OpenDatabase {
  /** The owner's connection string. It holds a password: not for logs. */
  readonly url: string;
  /** Has a server of our own started again whenever it dies; `lost` is told when that cannot be done. */
  keep(lost: (error: Error) => void): void;
  close(): Promise<void>;
}

/** Finds the database: `DATABASE_URL`, or a PostgreSQL of our own in the data folder. */
export async function openDatabase(
  config: Config,
  log: (line: string) => void = () => {},
  name = DATABASE_NAME,
): Promise<OpenDatabase> {
  if (config.databaseUrl) return { url: config.databaseUrl, keep: () => {}, close: async () => {} };
  const server = await startEmbeddedPostgres({ folder: join(config.dataFolder, 'postgres'), log });
  await createDatabaseIfMissing(server, name);
  return { url: server.url(name), keep: (lost) => server.keep(lost), close: () => server.stop() };
}

function options(url: string, extra: object, migrations = MIGRATIONS): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    extra,
  };
}

/** Connects as the owner: for migrations, and for tests that look behind the curtain. */
export function ownerDataSource(url: string, migrations = MIGRATIONS): DataSource {
  return new DataSource(options(url, { max: 2 }, migrations));
}

/** Connects as the application's role, through a pool. */
export function appDataSource(url: string, poolSize: number): DataSource {
  const settings = {
    role: APP_ROLE,
    statement_timeout: LONGEST_STATEMENT,
    lock_timeout: LONGEST_LOCK_WAIT,
    idle_in_transaction_session_timeout: LONGEST_IDLE_IN_TRANSACTION,
    timezone: 'UTC',
  };
  return new DataSource(
    options(url, {
      max: poolSize,
      options: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    }),
  );
}

/** The names of all migrations, the oldest first. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map(({ name }) => name);

/**
 * Brings the schema up to date; whoever comes second waits and finds it done.
 * @param count how many migrations the schema is to have, for data that is as old as that; all, unless given
 */
export async function migrate(url: string, count = MIGRATIONS.length): Promise<void> {
  const turn = new pg.Client({ connectionString: url });
  turn.on('error', () => {});
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const owner = ownerDataSource(url, MIGRATIONS.slice(0, count));
    await owner.initialize();
    try {
      await owner.runMigrations();
    } finally {
      await owner.destroy();
    }
  } finally {
    await turn.end();
  }
}
