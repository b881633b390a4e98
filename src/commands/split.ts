import { readFile, realpath } from 'node:fs/promises';
import { argv, stderr, stdin, stdout } from 'node:process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { checkProblem } from '../engine/check.js';
import type { Problem, Split } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { alternativesTo, oneMoreUnit } from '../engine/what-if.js';

/** The engine's answer to the text of a problem: the split as JSON text, or one line per fault, `path: message`. */
export type SplitAnswer = { out: string; faults?: undefined } | { out?: undefined; faults: string[] };

export function splitText(problemText: string): SplitAnswer {
  const answer = answerTo(problemText);
  return 'faults' in answer ? answer : { out: Array.from(jsonParts(answer.split, answer.more)).join('') };
}

/** Options, and what each adds to the answer. */
const MORE = {
  '--compare': (problem: Problem) => ({ alternatives: alternativesTo(problem) }),
  '--what-if': (problem: Problem) => ({ oneMore: oneMoreUnit(problem) }),
};
type Option = keyof typeof MORE;

/**
 * Runs the command; returns the exit code: 0, or 2 when there is no problem to split.
 *
 * @param words a file or `-`, and options: `--compare` adds what the other rules come to, `--what-if` who would get one
 *   unit more
 */
export async function runSplit(words: readonly string[]): Promise<0 | 2> {
  const answer = await answerToFile(words);
  if ('faults' in answer) {
    stderr.write(`${answer.faults.join('\n')}\n`);
    return 2;
  }
  try {
    await pipeline(Readable.from(jsonParts(answer.split, answer.more)), stdout, { end: false });
  } catch (error) {
    // The reader has seen enough (`| head`): that is its right, not a failure of the split.
    if (!isClosedPipe(error)) throw error;
  }
  return 0;
}

function isClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
  );
}

type Answer = { split: Split; more: object } | { faults: string[] };

const USAGE = `usage: npm run --silent split -- FILE|- [${Object.keys(MORE).join('] [')}]`;

async function answerToFile(words: readonly string[]): Promise<Answer> {
  const [file, ...others] = words.filter((word) => !isOption(word));
  if (file === undefined || others.length > 0 || (file !== '-' && file.startsWith('-'))) return { faults: [USAGE] };
  let problemText: string;
  try {
    problemText = file === '-' ? await text(stdin) : await readFile(file, 'utf8');
  } catch (error) {
    return { faults: [`${file}: cannot be read: ${oneLine(error)}`] };
  }
  return answerTo(problemText, words.filter(isOption));
}

function isOption(word: string): word is Option {
  return Object.hasOwn(MORE, word);
}

function answerTo(problemText: string, options: readonly Option[] = []): Answer {
  let input: unknown;
  try {
    input = JSON.parse(problemText);
  } catch (error) {
    return { faults: [`problem: is not JSON: ${oneLine(error)}`] };
  }
  const checked = checkProblem(input);
  if ('faults' in checked) {
    return { faults: checked.faults.map(({ path, message }) => oneLine(`${path}: ${message}`)) };
  }
  const { problem } = checked;
  const more = Object.assign({}, ...options.map((option) => MORE[option](problem))) as object;
  return { split: split(problem), more };
}

/** Messages quote what was read, line ends included; a fault is one line. */
function oneLine(message: unknown): string {
  return (message instanceof Error ? message.message : String(message)).replaceAll(/\s+/g, ' ');
}

// A write for every entry takes longer than making it.
const PART_CHARACTERS = 65_536;

/** JSON with a line for each entry, in parts: the text of a million awards is longer than a string may be. */
function* jsonParts(answer: Split, more: object): Generator<string> {
  const { awards, withoutAward, unallocated, notes, deficits, metrics, fingerprint } = answer;
  yield '{\n';
  for (const [name, list] of Object.entries({ awards, withoutAward, unallocated, notes, deficits, ...more })) {
    if (list === undefined) continue;
    yield `"${name}": [`;
    let separator = '\n';
    let part = '';
    for (const entry of list as Iterable<unknown>) {
      part += separator + JSON.stringify(entry);
      separator = ',\n';
      if (part.length < PART_CHARACTERS) continue;
      yield part;
      part = '';
    }
    yield `${part}\n],\n`;
  }
  yield `"metrics": ${JSON.stringify(metrics)},\n"fingerprint": ${JSON.stringify(fingerprint)}\n}\n`;
}

// Node resolves links in a module's own address, but not in the arguments.
if (argv[1] !== undefined && import.meta.url === pathToFileURL(await realpath(argv[1])).href) {
  process.exitCode = await runSplit(argv.slice(2));
}
