/** What the comparison needs and the application does not: installed to a folder of its own, never into package.json. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = join(tmpdir(), 'ppe-bench-peers');
/** The program alone, of the package that `node` is made of: that one fetches it by an install script. */
const NODE_24 = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

const WANTED = {
  postgraphile4: { spec: 'postgraphile@4.14.1', file: 'node_modules/postgraphile/package.json' },
  postgraphile5: { spec: 'postgraphile@5.1.5', file: 'node_modules/postgraphile/package.json' },
  node24: { spec: `${NODE_24}@^24.11`, file: `node_modules/${NODE_24}/bin/node` },
};

/** Installs one of them, unless an earlier run has. @returns its folder and the file that was wanted, or why there is none */
export async function peer(name) {
  const { spec, file } = WANTED[name];
  const folder = join(FOLDER, name);
  const path = join(folder, file);
  if (existsSync(path)) return { folder, path };
  await mkdir(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', spec];
  const { status, stderr, error } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0 && existsSync(path)) return { folder, path };
  const reason = error?.message ?? stderr.split('\n').find((line) => line.includes('ERR') || line.includes('error'));
  return { reason: reason ?? `npm install ${spec} ended with ${status}` };
}
