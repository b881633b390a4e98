import { refuse, type Refusal } from '../platform/rejection.js';
import { type LotCondition, type Move, shelfOf } from '../stock/ledger.rules.js';
import { freeUnits, type Shelf } from './shelf.rules.js';

/** What is known of a lot's intake. */
export interface Intake {
  /** What was said to have come in, as corrected so far. */
  readonly receivedUnits: number;
  readonly condition: LotCondition;
  /** Its shelves, from which units go back in this order; more units come to the first. */
  readonly shelves: readonly Shelf[];
}

/**
 * What moves when another number came in than was written down. Down to what is used already, never below: only what is
 * still free on the shelves can never have come.
 * @param receivedUnits what did come in
 */
export function correctIntake(intake: Intake, receivedUnits: number): Move[] | Refusal {
  const { condition, shelves } = intake;
  const shelf = shelfOf(condition);
  const more = receivedUnits - intake.receivedUnits;
  if (more >= 0) {
    const [{ lotId, siteId }] = shelves as [Shelf];
    return more === 0 ? [] : [{ lotId, siteId, from: 'SOURCE', to: shelf, units: more }];
  }
  const freeOnes = shelves.reduce((sum, each) => sum + freeUnits(each, condition), 0);
  if (-more > freeOnes) return intakeInUse(intake.receivedUnits, freeOnes);
  const moves: Move[] = [];
  let left = -more;
  for (const each of shelves) {
    const units = Math.min(left, freeUnits(each, condition));
    left -= units;
    if (units > 0) moves.push({ lotId: each.lotId, siteId: each.siteId, from: shelf, to: 'SOURCE', units });
  }
  return moves;
}

/** @param freeOnes what a correction may take back; a count may have found more than ever came in */
function intakeInUse(receivedUnits: number, freeOnes: number) {
  const usedUnits = receivedUnits - freeOnes;
  return refuse(
    'IntakeInUseError',
    'INTAKE_IN_USE',
    `Of ${receivedUnits} units that came in, ${usedUnits} are not free on the shelf any more: it can be corrected down to ${usedUnits}.`,
    { receivedUnits, usedUnits, leastUnits: usedUnits },
  );
}
