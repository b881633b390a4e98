/**
 * What a split costs, beside the machine's own limit measured in the same process: copying and sorting as many doubles
 * as there are claimants. Every case runs in a process of its own, so that its peak memory is its own. Run by
 * `npm run bench:engine` in about four minutes; `-- --quick` leaves out a million claimants, `-- --full` measures every
 * rule with every shape and tie order at every size. These machines are noisy, so look at the ratios.
 *
 * "deciding" is who gets how many: roster, stock, claims, rule, single units. "split" is what `split()` does, with the
 * lots, the metrics and the fingerprint. "and read" is a split whose every award, reason and sentence is read as well:
 * what is made only when somebody reads it shows there. The goals are for "deciding" and "split"; memory is that of a
 * split, all of which was read and is kept.
 */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { checkProblem } from '../../dist/src/engine/check.js';
import { fingerprint } from '../../dist/src/engine/fingerprint.js';
import { rosterOf } from '../../dist/src/engine/roster.js';
import { decisionsOn, split } from '../../dist/src/engine/split.js';

const SMALL = 28;
const MANY = 100_000;
const MOST = 1_000_000;
const GOALS_MS = { [SMALL]: 1, [MANY]: 100, [MOST]: 1000 };
const GOAL_MIB = 1024;
/** A million is split once, cold, as whoever splits a file does: what a warm engine saves there is little. */
const ROUNDS = { [SMALL]: { warmUp: 400, rounds: 201 }, [MANY]: { warmUp: 1, rounds: 3 }, [MOST]: { rounds: 1 } };

const ROUNDINGS = ['LARGEST_REMAINDER', 'WEBSTER', 'JEFFERSON', 'ADAMS', 'HUNTINGTON_HILL'];
const RULES = [
  { rule: 'CONSTRAINED_EQUAL_AWARDS' },
  ...ROUNDINGS.map((rounding) => ({ rule: 'PROPORTIONAL', rounding })),
  { rule: 'CONSTRAINED_EQUAL_LOSSES', needsClaims: true },
  { rule: 'TALMUD', needsClaims: true },
  { rule: 'MAX_MIN_FILL_RATE', needsClaims: true },
];
const SHAPES = ['equal', 'claims', 'weights'];

/** mulberry32: the same problem in every run. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Ids as the application has them, in no order. */
function uuid(random) {
  const hex = Array.from({ length: 4 }, () => random().toString(16).padStart(8, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * `equal`: nobody states a claim; `claims`: each claims 1 to 1,000, half of which is there; `weights`: weights 1 to 10,
 * with claims only where the rule cannot do without.
 */
function problemOf({ rule, rounding, needsClaims, shape, ties, people }) {
  const random = randomNumbers(people);
  const items = people === SMALL ? ['MASK', 'PROTECTIVE_SUIT', 'GOGGLES'] : ['MASK'];
  const hasClaims = shape === 'claims' || needsClaims;
  const recipients = Array.from({ length: people }, () => ({
    id: uuid(random),
    ...(shape === 'weights' ? { weight: 1 + (random() % 10) } : {}),
    ...(hasClaims ? { claims: Object.fromEntries(items.map((item) => [item, 1 + (random() % 1000)])) } : {}),
  }));
  const unitsOf = (item, at) =>
    hasClaims
      ? Math.floor(recipients.reduce((sum, { claims }) => sum + claims[item], 0) / 2) + 1
      : Math.floor(people * (at === 0 ? 35.7 : 3.6));
  return {
    plan: 'bench',
    policy: {
      rule,
      ...(rounding ? { rounding } : {}),
      ties: ties === 'LOTTERY' ? { by: ties, seed: 's' } : { by: ties },
    },
    lots: items.map((item, at) => ({ id: item, item, units: unitsOf(item, at) })),
    recipients,
  };
}

/** As split() does it, up to the number of units of everyone. */
function decide(problem) {
  let people = 0;
  for (const { decision } of decisionsOn(problem, rosterOf(problem.recipients))) people += decision.units.length;
  return people;
}

function medianMs(work, { warmUp = 0, rounds }) {
  for (let i = 0; i < warmUp; i++) work();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const before = performance.now();
    work();
    times.push(performance.now() - before);
  }
  return times.toSorted((a, b) => a - b)[rounds >> 1];
}

const peakMiB = () => process.resourceUsage().maxRSS / 1024;

/** In the child: the peak is that of the problem and one split, before any repetition leaves garbage behind. */
function measure(wanted) {
  const problem = problemOf(wanted);
  const problemMiB = peakMiB();
  const times = ROUNDS[wanted.people];
  if (wanted.part) {
    const work = wanted.part === 'checkProblem' ? () => checkProblem(problem) : () => fingerprint(problem);
    work();
    return { problemMiB, peakMiB: peakMiB(), limit: limitMs(wanted.people, times), split: medianMs(work, times) };
  }
  const cold = onceCold(problem, wanted.people);
  const peak = peakMiB();
  const whole = wanted.people === MOST ? cold.split : medianMs(() => split(problem), times);
  const read = wanted.people === MOST ? cold.read : medianMs(() => readAll(split(problem)), times);
  // What the splits left behind is not the decision's to clear away.
  globalThis.gc();
  const deciding = medianMs(() => decide(problem), times);
  return { problemMiB, peakMiB: peak, limit: limitMs(wanted.people, times), deciding, split: whole, read };
}

function onceCold(problem, people) {
  const began = performance.now();
  const answer = split(problem);
  const splitMs = performance.now() - began;
  if (readAll(answer) < people) throw new Error('somebody has no answer');
  return { split: splitMs, read: performance.now() - began };
}

/** Reads every reason and sentence; returns how many answers there are. */
function readAll({ awards, withoutAward }) {
  let characters = 0;
  for (const list of [awards, withoutAward]) {
    for (const { why, sentence } of list) characters += why.exactShare.length + sentence.length;
  }
  if (characters === 0) throw new Error('nothing was said');
  return awards.length + withoutAward.length;
}

function limitMs(people, times) {
  const random = randomNumbers(1);
  const doubles = Float64Array.from({ length: people }, random);
  return medianMs(() => doubles.slice().sort(), times);
}

/**
 * The lottery costs one hash a contender whatever the rule, so unless all is wanted it is measured once a rule at most,
 * and at a million the shapes are compared under two rules only.
 */
function isMeasured({ rule, rounding, shape, ties, people }) {
  if (process.argv.includes('--full')) return true;
  const isEqualAwards = rule === 'CONSTRAINED_EQUAL_AWARDS';
  if (people !== MOST) return ties === 'STABLE' || shape === 'claims' || isEqualAwards;
  if (ties === 'LOTTERY') return isEqualAwards && shape !== 'weights';
  return shape === 'claims' || isEqualAwards || rounding === 'LARGEST_REMAINDER';
}

function casesFor(people) {
  const cases = RULES.flatMap((rule) =>
    SHAPES.filter((shape) => shape !== 'equal' || !rule.needsClaims).flatMap((shape) =>
      ['STABLE', 'LOTTERY'].map((ties) => ({ ...rule, shape, ties, people })),
    ),
  );
  const parts = ['checkProblem', 'fingerprint'].map((part) => ({
    rule: 'CONSTRAINED_EQUAL_AWARDS',
    shape: 'claims',
    ties: 'STABLE',
    people,
    part,
  }));
  return [...cases.filter(isMeasured), ...parts];
}

function inChild(wanted) {
  const file = fileURLToPath(import.meta.url);
  const options = ['--expose-gc', file, '--case', JSON.stringify(wanted)];
  return JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' }));
}

const format = (value, places) => (value === undefined ? '' : value.toFixed(places));

function verdictOf(people, { deciding, split: whole, peakMiB: peak }) {
  const goal = GOALS_MS[people];
  const missed = [];
  if (deciding >= goal) missed.push('deciding');
  if (whole >= goal) missed.push('split');
  if (people === MOST && peak >= GOAL_MIB) missed.push('memory');
  return missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`;
}

function printRow(wanted, measured) {
  const { limit, deciding, split: whole, read, peakMiB: peak, problemMiB } = measured;
  const { rule, rounding, shape, ties, people, part } = wanted;
  const verdict = verdictOf(people, measured);
  const places = people === SMALL ? 3 : 1;
  const name = part ?? `${rule}${rounding ? ` ${rounding}` : ''}`;
  const columns = [
    name.padEnd(31),
    shape.padEnd(7),
    ties.padEnd(7),
    format(limit, places).padStart(7),
    format(deciding, places).padStart(9),
    format(whole, places).padStart(9),
    format(read, places).padStart(9),
    (deciding === undefined ? '' : `${format(deciding / limit, 1)} x`).padStart(8),
    `${format(whole / limit, 1)} x`.padStart(8),
    people === MOST ? `${format(problemMiB, 0).padStart(5)} ${format(peak, 0).padStart(6)}` : ' '.repeat(12),
    verdict,
  ];
  console.log(columns.join(' '));
  return verdict === 'met';
}

function printTable(people) {
  const items = people === SMALL ? 3 : 1;
  const memory = people === MOST ? `, peak memory under ${GOAL_MIB} MiB` : '';
  console.log(`\n${people.toLocaleString('en')} claimants x ${items}; goal: under ${GOALS_MS[people]} ms${memory}`);
  const titles = ['rule', 'shape', 'ties', 'limit', 'deciding', 'split', 'and read', 'deciding', 'split'];
  const widths = [-31, -7, -7, 7, 9, 9, 9, 8, 8];
  const header = titles.map((title, at) => (widths[at] < 0 ? title.padEnd(-widths[at]) : title.padStart(widths[at])));
  console.log(`${header.join(' ')} ${people === MOST ? 'before   peak' : ' '.repeat(12)} goal`);
  const unit = ['', '', '', 'ms', 'ms', 'ms', 'ms', 'to limit', 'to limit'];
  const units = unit.map((title, at) => title.padStart(Math.abs(widths[at])));
  console.log(`${units.join(' ')} ${people === MOST ? '  MiB    MiB' : ''}`.trimEnd());
  const verdicts = casesFor(people).map((wanted) => printRow(wanted, inChild(wanted)));
  console.log(`${verdicts.filter(Boolean).length} of ${verdicts.length} met`);
}

if (process.argv[2] === '--case') {
  process.stdout.write(JSON.stringify(measure(JSON.parse(process.argv[3]))));
} else {
  const began = performance.now();
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}`);
  console.log('medians (at a million: one run each, cold); limit: copying and sorting as many doubles, same process');
  const sizes = process.argv.includes('--quick') ? [SMALL, MANY] : [SMALL, MANY, MOST];
  for (const people of sizes) printTable(people);
  console.log('\nNot measured here: lots with earmarks.');
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s in all`);
}
