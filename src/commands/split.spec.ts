import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Split } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { runSplit, splitText } from './split.js';

const PROBLEM = {
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' as const },
  lots: [{ id: 'm1', item: 'MASK', units: 3 }],
  recipients: [{ id: 'a' }, { id: 'b' }, { id: 'c', claims: { MASK: 0 } }],
};

describe('the answer to a problem', () => {
  it('is the split as JSON', () => {
    expect(JSON.parse(splitText(JSON.stringify(PROBLEM)).out!)).toEqual(split(PROBLEM));
  });

  it('is JSON also when every list is empty', () => {
    const empty = { ...PROBLEM, lots: [], recipients: [] };
    expect(JSON.parse(splitText(JSON.stringify(empty)).out!)).toEqual(split(empty));
  });

  it('is one line a fault, with its path', () => {
    const bad = { ...PROBLEM, extra: 1, lots: [{ id: 'm1', item: 'MASK', units: -1 }] };
    expect(splitText(JSON.stringify(bad))).toEqual({
      faults: ['extra: is not a key of the problem file here', 'lots[0].units: must be a whole number of units from 0'],
    });
  });

  it('is a single line also for text that is not JSON', () => {
    const { faults } = splitText('{\n"policy":\n}\n');
    expect(faults).toHaveLength(1);
    expect(faults![0]).toMatch(/^problem: is not JSON: [^\n]+$/);
  });
});

describe('the command', () => {
  let folder: string;
  let out: string;
  let err: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'split-'));
    out = '';
    err = '';
    const collect = (add: (text: string) => void) =>
      ((chunk: unknown, ...rest: unknown[]) => {
        add(String(chunk));
        const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
        done?.();
        return true;
      }) as typeof process.stdout.write;
    jest.spyOn(process.stdout, 'write').mockImplementation(collect((text) => (out += text)));
    jest.spyOn(process.stderr, 'write').mockImplementation(collect((text) => (err += text)));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  it('prints the split of a file and exits 0', async () => {
    const file = join(folder, 'problem.json');
    await writeFile(file, JSON.stringify(PROBLEM));
    expect(await runSplit([file])).toBe(0);
    expect((JSON.parse(out) as Split).awards).toHaveLength(2);
    expect(err).toBe('');
  });

  it('adds the other rules and what one unit more would change, where asked', async () => {
    const file = join(folder, 'problem.json');
    await writeFile(file, JSON.stringify(PROBLEM));
    expect(await runSplit(['--compare', file, '--what-if'])).toBe(0);
    const { alternatives, oneMore } = JSON.parse(out) as { alternatives: object[]; oneMore: object[] };
    expect(alternatives).toHaveLength(4);
    expect(oneMore).toEqual([{ item: 'MASK', lot: null, changes: [{ recipient: 'b', units: 1 }] }]);
  });

  it.each([
    ['a bad problem', '{"policy":{}}', ['policy.rule: is missing', 'lots: is missing', 'recipients: is missing']],
    ['no JSON', 'masks', [expect.stringMatching(/^problem: is not JSON/)]],
  ])('exits 2 for %s, with nothing on standard output', async (_, text, lines) => {
    const file = join(folder, 'problem.json');
    await writeFile(file, text);
    expect(await runSplit([file])).toBe(2);
    expect(err.trimEnd().split('\n')).toEqual(lines);
    expect(out).toBe('');
  });

  it('exits 2 for a missing file and for no file at all', async () => {
    expect(await runSplit([join(folder, 'nowhere.json')])).toBe(2);
    expect(err).toMatch(/nowhere\.json: cannot be read: [^\n]+\n$/);
    expect(await runSplit([])).toBe(2);
    expect(await runSplit([join(folder, 'nowhere.json'), '--compere'])).toBe(2);
    expect(err).toMatch(/usage: [^\n]+\n$/);
    expect(out).toBe('');
  });
});
