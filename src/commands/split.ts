import { readFile, realpath } from 'node:fs/promises';
import { argv, stderr, stdin, stdout } from 'node:process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { checkProblem } from '../engine/check.js';
import type { Split } from '../engine/problem.js';
import { split } from '../engine/split.js';

/** The engine's answer to the text of a problem: the split as JSON text, or one line per fault, `path: message`. */
export type SplitAnswer = { out: string; faults?: undefined } | { out?: undefined; faults: string[] };

export function splitText(problemText: string): SplitAnswer {
  const answer = answerTo(problemText);
  return 'faults' in answer ? answer : { out: Array.from(jsonParts(answer.split)).join('') };
}

/** Runs the command; returns the exit code: 0, or 2 when there is no problem to split. */
export async function runSplit(file: string | undefined): Promise<0 | 2> {
  const answer = await answerToFile(file);
  if ('faults' in answer) {
    stderr.write(`${answer.faults.join('\n')}\n`);
    return 2;
  }
  try {
    await pipeline(Readable.from(jsonParts(answer.split)), stdout, { end: false });
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

type Answer = { split: Split } | { faults: string[] };

async function answerToFile(file: string | undefined): Promise<Answer> {
  if (file === undefined) return { faults: ['usage: npm run --silent split -- FILE|-'] };
  let problemText: string;
  try {
    problemText = file === '-' ? await text(stdin) : await readFile(file, 'utf8');
  } catch (error) {
    return { faults: [`${file}: cannot be read: ${oneLine(error)}`] };
  }
  return answerTo(problemText);
}

function answerTo(problemText: string): Answer {
  let input: unknown;
  try {
    input = JSON.parse(problemText);
  } catch (error) {
    return { faults: [`problem: is not JSON: ${oneLine(error)}`] };
  }
  const checked = checkProblem(input);
  return 'faults' in checked
    ? { faults: checked.faults.map(({ path, message }) => oneLine(`${path}: ${message}`)) }
    : { split: split(checked.problem) };
}

/** Messages quote what was read, line ends included; a fault is one line. */
function oneLine(message: unknown): string {
  return (message instanceof Error ? message.message : String(message)).replaceAll(/\s+/g, ' ');
}

/** JSON with a line for each entry, in parts: the text of a million awards is longer than a string may be. */
function* jsonParts({ awards, withoutAward, unallocated, notes, metrics, fingerprint }: Split): Generator<string> {
  yield '{\n';
  for (const [name, list] of Object.entries({ awards, withoutAward, unallocated, notes })) {
    yield `"${name}": [`;
    let separator = '\n';
    for (const entry of list) {
      yield separator + JSON.stringify(entry);
      separator = ',\n';
    }
    yield '\n],\n';
  }
  yield `"metrics": ${JSON.stringify(metrics)},\n"fingerprint": ${JSON.stringify(fingerprint)}\n}\n`;
}

// Node resolves links in a module's own address, but not in the arguments.
if (argv[1] !== undefined && import.meta.url === pathToFileURL(await realpath(argv[1])).href) {
  process.exitCode = await runSplit(argv[2]);
}
