import { rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeBackup } from '../platform/postgres/dump.js';
import { fail, withOwner } from './workbench.js';

const USAGE = `usage: npm run backup -- FILE [--database NAME]
  writes everything into a new file, as it is at this moment, while the program goes on
  --database  another database of the embedded server, such as ppe_demo`;

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
if (existsSync(file)) fail(`${file} is there already: a backup is never written over.`);
// Whole or not at all: a file of this name is a backup, and what a kill leaves behind is not called so.
const draft = `${file}.part`;
try {
  await rm(draft, { force: true });
  const rows = await withOwner(database, (client) => writeBackup(client, draft));
  await rename(draft, file);
  const total = Object.values(rows).reduce((sum, n) => sum + n, 0);
  console.log(`${file}: ${total} rows of ${Object.keys(rows).length} tables. It holds personal data: keep it as safe.`);
} catch (error) {
  await rm(draft, { force: true });
  fail(`Could not back up: ${(error as Error).message}`);
}
