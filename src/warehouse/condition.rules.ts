import { refuse, type Refusal } from '../platform/rejection.js';
import type { LotCondition } from '../stock/ledger.rules.js';

/** Why a lot cannot be set aside, if it cannot: it is already, or it was called back. */
export function mayBeQuarantined(condition: LotCondition): Refusal | undefined {
  if (condition === 'GOOD') return undefined;
  return lotTransition(condition, `A lot that is ${condition} is set aside already.`);
}

/** Why a lot cannot be made free again, if it cannot: it is free, or it was called back, which is undone elsewhere. */
export function mayBeReleased(condition: LotCondition): Refusal | undefined {
  if (condition === 'QUARANTINED') return undefined;
  const message =
    condition === 'GOOD' ? 'A lot that is GOOD is free already.' : 'A lot that is RECALLED is not released.';
  return lotTransition(condition, message);
}

function lotTransition(condition: LotCondition, message: string) {
  return refuse('LotTransitionError', 'LOT_TRANSITION', message, { condition });
}
