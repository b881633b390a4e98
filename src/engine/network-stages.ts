import type { NetworkLot } from './network-classes.js';
import { compareText } from './ordering.js';

/** Lots that name the same recipients, to be split as one estate. */
export interface Stage {
  /** Positions of the lots, ascending. */
  lots: readonly number[];
  /** Ascending; null for everyone. */
  eligible: readonly number[] | null;
  /** Units in the lots. */
  units: number;
}

/**
 * The stages in which a rule for one estate splits lots with hard earmarks: lots that name the same recipients are one
 * stage; the stage with the fewest people comes first, so that whoever may draw on more lots is known to have been given
 * of the narrow ones when the wide ones are split. Of stages with equally many people the one with the first lot id (by
 * code units) comes first. Lots for everyone come last, also where they list everyone by name.
 */
export function stagesOf(lots: readonly (NetworkLot & { id: string })[], people: number): Stage[] {
  const stages = new Map<string, { lots: number[]; eligible: number[] | null; units: number; firstId: string }>();
  lots.forEach(({ id, units, eligible }, position) => {
    const named = eligible && Array.from(new Set(eligible)).sort((a, b) => a - b);
    const narrow = named && named.length < people ? named : null;
    const key = narrow ? narrow.join(' ') : 'everyone';
    const stage = stages.get(key);
    if (stage === undefined) {
      stages.set(key, { lots: [position], eligible: narrow, units, firstId: id });
      return;
    }
    stage.lots.push(position);
    stage.units += units;
    if (compareText(id, stage.firstId) < 0) stage.firstId = id;
  });
  const sizeOf = ({ eligible }: Stage) => eligible?.length ?? people;
  return Array.from(stages.values())
    .sort((a, b) => sizeOf(a) - sizeOf(b) || compareText(a.firstId, b.firstId))
    .map(({ lots, eligible, units }) => ({ lots, eligible, units }));
}
