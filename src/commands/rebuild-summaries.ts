import { parseArgs } from 'node:util';
import { ownerDataSource } from '../data-source.js';
import { TotalRepository, type Rebuilt } from '../history/total.repository.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { COMMAND_LINE, fail, withOwner } from './workbench.js';

const USAGE = `usage: npm run rebuild-summaries [-- --database NAME]
  makes the kept totals anew from the lines of history, while the program goes on, and says what was wrong
  --database  another database of the embedded server, such as ppe_demo`;
const NO_SUCH_TABLE = '42P01';

function database(argv: string[]): string | undefined {
  try {
    return parseArgs({ args: argv, options: { database: { type: 'string' } } }).values.database;
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

/** As the owner: the application itself may not write what triggers keep. */
async function rebuild(url: string): Promise<Rebuilt> {
  const owner = await ownerDataSource(url).initialize();
  try {
    let rebuilt: Rebuilt | undefined;
    const command = { actor: COMMAND_LINE, action: 'rebuildSummaries' };
    await new Database(owner, new Clock()).write(command, async (tx) => {
      rebuilt = await new TotalRepository().rebuild(tx);
      const { wrong, rowsBefore, rowsAfter } = rebuilt;
      return { wrong, rowsBefore, rowsAfter };
    });
    return rebuilt!;
  } finally {
    await owner.destroy();
  }
}

try {
  const name = database(process.argv.slice(2));
  const { named, wrong, rowsBefore, rowsAfter } = await withOwner(name, (_client, url) => rebuild(url));
  for (const line of named) console.log(`corrected  ${line}`);
  if (wrong > named.length) console.log(`and ${wrong - named.length} more`);
  console.log(`${wrong} kept totals were wrong. ${rowsBefore} rows became ${rowsAfter}.`);
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  fail(
    `Nothing was rebuilt: ${code === NO_SUCH_TABLE ? 'there are no totals in this database yet: start the server once.' : message}`,
  );
}
