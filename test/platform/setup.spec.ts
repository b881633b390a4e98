import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SETUP = join(import.meta.dirname, '../../src/commands/setup.mjs');
const roots: string[] = [];

/** A project with a false npm and a false nest, which only write down that they were called. */
describe('setup', () => {
  let root: string;

  beforeEach(() => {
    root = fs.mkdtempSync(join(tmpdir(), 'setup-'));
    roots.push(root);
    fs.mkdirSync(join(root, 'src/commands'), { recursive: true });
    fs.copyFileSync(SETUP, join(root, 'src/commands/setup.mjs'));
    write(
      'package.json',
      JSON.stringify({ dependencies: { colour: '1.0.0' }, optionalDependencies: { other: '2.0.0' } }),
    );
    write('src/main.ts', 'one');
    write('migrations/1-first.ts', 'first');
    write(
      'npm-cli.js',
      `const fs = require('node:fs');
      fs.appendFileSync('calls', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
      console.log('npm talks');
      if (process.env.NPM_FAILS) { console.error('no network'); process.exit(7); }
      const wanted = JSON.parse(fs.readFileSync('package.json')).dependencies;
      const nest = "require('fs').appendFileSync('calls', 'nest\\\\n'); console.log('nest talks');" +
        "require('fs').mkdirSync('dist/src', { recursive: true }); require('fs').writeFileSync('dist/src/main.js', '');";
      for (const name of Object.keys(wanted)) {
        fs.mkdirSync('node_modules/' + name, { recursive: true });
        fs.writeFileSync('node_modules/' + name + '/package.json', JSON.stringify({ version: wanted[name] }));
      }
      fs.mkdirSync('node_modules/@nestjs/cli/bin', { recursive: true });
      fs.writeFileSync('node_modules/@nestjs/cli/bin/nest.js', nest);`,
    );
  });

  afterAll(() => {
    for (const folder of roots) fs.rmSync(folder, { recursive: true, force: true });
  });

  it('installs and builds once', () => {
    expect(setup('--build')).toMatchObject({ status: 0, stdout: '' });
    expect(calls()).toEqual([expect.stringMatching(/^npm install .*--no-audit --no-fund/), 'nest']);
    expect(setup('--build')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(setup()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(calls()).toHaveLength(2);
  });

  it('is content with packages that someone else installed', () => {
    write('node_modules/colour/package.json', '{ "version": "1.0.0" }');
    expect(setup()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(calls()).toEqual([]);
  });

  it.each([
    ['another version', () => write('package.json', '{ "dependencies": { "colour": "1.0.1" } }')],
    [
      'an override',
      () => write('package.json', '{ "dependencies": { "colour": "1.0.0" }, "overrides": { "x": "1" } }'),
    ],
    ['a package that was removed', () => fs.rmSync(join(root, 'node_modules/colour'), { recursive: true })],
  ])('installs again for %s', (_, change) => {
    setup();
    change();
    setup();
    expect(calls()).toHaveLength(2);
    setup();
    expect(calls()).toHaveLength(2);
  });

  it('is not content with a wrong version of an optional package', () => {
    setup();
    write('node_modules/other/package.json', '{ "version": "1.9.9" }');
    setup();
    expect(calls()).toHaveLength(2);
  });

  it.each([
    ['a changed source', () => write('src/main.ts', 'two')],
    ['a deleted migration', () => fs.rmSync(join(root, 'migrations/1-first.ts'))],
    ['a removed output', () => fs.rmSync(join(root, 'dist/src/main.js'))],
  ])('builds again for %s, from an empty folder', (_, change) => {
    setup('--build');
    write('dist/migrations/0-old.js', 'a leftover');
    change();
    setup('--build');
    expect(calls().filter((call) => call === 'nest')).toHaveLength(2);
    expect(fs.existsSync(join(root, 'dist/migrations/0-old.js'))).toBe(false);
  });

  it('builds nothing for a changed test or a new time', () => {
    setup('--build');
    write('src/main.spec.ts', 'a test');
    write('src/main.ts', 'one');
    setup('--build');
    expect(calls()).toHaveLength(2);
  });

  it('keeps quiet when told to, errors apart', () => {
    expect(setup('--build', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
    fs.rmSync(join(root, 'node_modules'), { recursive: true });
    const failed = setup('--quiet', 'NPM_FAILS');
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/no network[^]*npm install failed \(exit code 7\)/);
    // What failed is not taken for done.
    expect(setup()).toMatchObject({ status: 0 });
    expect(calls().filter((call) => call.startsWith('npm'))).toHaveLength(3);
  });

  it('takes its turn when two start at once, and takes over from a dead one', async () => {
    write('.data/setup.lock', JSON.stringify({ pid: 2 ** 30, ticket: 'dead' }));
    const both = [0, 1].map(() =>
      spawn(process.execPath, [join(root, 'src/commands/setup.mjs'), '--build'], options()),
    );
    const codes = await Promise.all(both.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0]);
    expect(calls()).toEqual([expect.stringMatching(/^npm install/), 'nest']);
    expect(fs.readdirSync(join(root, '.data'))).toEqual([]);
  });

  it('says which Node it needs', () => {
    write('old.mjs', `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`);
    const ended = setup('--import', 'old.mjs');
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/this is Node 18\.20\.4, and the application needs Node 20\.19/);
  });

  function setup(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
    const node = flags.includes('--import') ? ['--import', join(root, 'old.mjs')] : [];
    const own = flags.filter((flag) => flag === '--build' || flag === '--quiet');
    const args = [...node, join(root, 'src/commands/setup.mjs'), ...own];
    const ended = spawnSync(process.execPath, args, { ...options(flags.includes('NPM_FAILS')), encoding: 'utf8' });
    return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  }

  function options(fails = false) {
    const env = { ...process.env, npm_execpath: join(root, 'npm-cli.js'), ...(fails ? { NPM_FAILS: '1' } : {}) };
    return { env, stdio: 'pipe' } as const;
  }

  function calls(): string[] {
    const file = join(root, 'calls');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  function write(name: string, content: string): void {
    fs.mkdirSync(dirname(join(root, name)), { recursive: true });
    fs.writeFileSync(join(root, name), content);
  }
});
