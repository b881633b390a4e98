import { parseArgs } from 'node:util';
import { BackupFault } from '../platform/postgres/dump.js';
import { restore, Unfit } from './restoration.js';
import { fail, withOwner } from './workbench.js';

const USAGE = `usage: npm run restore -- FILE [--database NAME]
  puts a backup into a database in which nothing was ever written, and brings it up to date
  --database  another database of the embedded server; it is made if it is not there`;

function request(argv: string[]): { file: string; database: string | undefined } {
  try {
    const options = { database: { type: 'string' } } as const;
    const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options });
    const [file, ...more] = positionals;
    if (!file || more.length > 0) return fail(USAGE);
    return { file, database: values.database };
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

const { file, database } = request(process.argv.slice(2));
try {
  const { header, rows } = await withOwner(database, (client, url) => restore(client, url, file));
  console.log(`${rows} rows are back, as they were at ${header.at}. Check them: npm run verify`);
} catch (error) {
  const isOurs = error instanceof Unfit || error instanceof BackupFault;
  fail(`Nothing was restored: ${(error as Error).message}`, isOurs ? 1 : 2);
}
