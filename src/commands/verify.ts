import { parseArgs } from 'node:util';
import { type Finding, LedgerLawsRepository } from '../history/ledger-laws.repository.js';
import { VerificationService } from '../history/verification.service.js';
import { fail, withWorkbench } from './workbench.js';

const NO_SUCH_TABLE = '42P01';

function database(argv: string[]): string | undefined {
  try {
    return parseArgs({ args: argv, options: { database: { type: 'string' } } }).values.database;
  } catch (error) {
    return fail(`${(error as Error).message}\nusage: npm run verify [-- --database NAME]`);
  }
}

async function findings(name: string | undefined): Promise<Finding[]> {
  try {
    return await withWorkbench({ prepare: false, name }, (bench) =>
      new VerificationService(bench.database, new LedgerLawsRepository()).verify(),
    );
  } catch (error) {
    const { code } = error as { code?: string };
    const hint =
      code === NO_SUCH_TABLE || code === '22023'
        ? 'There is no ledger in this database yet: start the server once.'
        : (error as Error).message;
    return fail(`Could not verify: ${hint}`);
  }
}

const found = await findings(database(process.argv.slice(2)));
for (const { law, breaches } of found) {
  console.log(`${breaches.length === 0 ? 'holds ' : 'BROKEN'}  ${law}`);
  for (const breach of breaches) console.log(`        ${breach}`);
}
const broken = found.filter(({ breaches }) => breaches.length > 0).length;
console.log(broken === 0 ? `All ${found.length} laws hold.` : `${broken} of ${found.length} laws are broken.`);
process.exitCode = broken === 0 ? 0 : 1;
