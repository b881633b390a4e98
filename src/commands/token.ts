import { parseArgs } from 'node:util';
import { ROLES, type TokenRole } from '../access/access.rules.js';
import { isId } from '../platform/ids.js';
import { COMMAND_LINE, fail, withWorkbench } from './workbench.js';

const USAGE = `usage: npm run token -- create --role ${ROLES.join('|')} --name NAME [--subject ID] [--database NAME]
  --subject   the donor or recipient for whom a DONOR or RECIPIENT token speaks
  --database  another database of the embedded server, such as ppe_demo`;

function isRole(text: string | undefined): text is TokenRole {
  return (ROLES as readonly string[]).includes(text ?? '');
}

function request(argv: string[]): {
  role: TokenRole;
  name: string;
  subject: string | null;
  database: string | undefined;
} {
  const text = { type: 'string' } as const;
  try {
    const { positionals, values } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { role: text, name: text, subject: text, database: text },
    });
    const { role, name, subject, database } = values;
    if (positionals.join(' ') !== 'create' || !isRole(role) || !name?.trim()) return fail(USAGE);
    if (subject !== undefined && !isId(subject)) return fail(`--subject: is not an id\n${USAGE}`);
    if (subject !== undefined && role !== 'DONOR' && role !== 'RECIPIENT')
      return fail(`--subject goes with DONOR and RECIPIENT\n${USAGE}`);
    return { role, name: name.trim(), subject: subject ?? null, database };
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

const { role, name, subject, database } = request(process.argv.slice(2));
const token = await withWorkbench({ prepare: true, name: database }, ({ tokens }) =>
  tokens.create(COMMAND_LINE, role, name, subject),
);
process.stdout.write(`${token}\n`);
