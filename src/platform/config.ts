import { join, resolve } from 'node:path';

/** What the surroundings decide. Read once, at start; nothing else looks at the environment. */
export interface Config {
  /** Where to listen, and on which interface. */
  readonly port: number;
  readonly host: string;
  /** The database's owner, who migrates. Absent: an embedded PostgreSQL in `dataFolder`. */
  readonly databaseUrl: string | undefined;
  /** A login that may do no more than the application's role. Absent: the owner's, which takes that role. */
  readonly appDatabaseUrl: string | undefined;
  /** Connections a process may hold. Ten beat thirty-two on a hot lot. */
  readonly poolSize: number;
  /** Everything the program keeps on disk when it runs its own PostgreSQL. */
  readonly dataFolder: string;
  readonly production: boolean;
  readonly logLevel: string;
}

/** Signals a setting that cannot be used; the message names the variable. */
export class ConfigError extends Error {}

function wholeNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  [least, most]: [number, number],
): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

function databaseUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  // The text is not repeated in the message: it holds a password.
  if (!/^postgres(ql)?:\/\//.test(text)) throw new ConfigError(`${name} must start with postgres:// or postgresql://.`);
  return text;
}

/** Reads the configuration from environment variables; an unusable one is a {@link ConfigError} that names it. */
export function readConfig(env: NodeJS.ProcessEnv, folder: string = process.cwd()): Config {
  return {
    port: wholeNumber('PORT', env['PORT'], 3000, [0, 65_535]),
    host: env['HOST'] || '127.0.0.1',
    databaseUrl: databaseUrl('DATABASE_URL', env['DATABASE_URL']),
    appDatabaseUrl: databaseUrl('DATABASE_APP_URL', env['DATABASE_APP_URL']),
    poolSize: wholeNumber('DATABASE_POOL', env['DATABASE_POOL'], 10, [1, 100]),
    dataFolder: env['DATA_FOLDER'] ? resolve(env['DATA_FOLDER']) : join(folder, '.data'),
    production: env['NODE_ENV'] === 'production',
    logLevel: env['LOG_LEVEL'] || 'info',
  };
}
