import { count, PERSON } from './english-words.js';
import { thousands } from './language.js';
import { FAR } from './notes.js';
import type { Noun } from './nouns.js';
import type { Note, NoteOf } from './problem.js';

/** What a note says, to whoever confirms the split. It names nobody. */
export function noteInEnglish(note: Note, noun: Noun): string {
  switch (note.code) {
    case 'CLAIM_FAR_ABOVE_MEDIAN':
      return `A claim of ${count(note.claim, noun)} is more than ${FAR} times the median of ${thousands(note.median)}. It is honoured all the same: please check it.`;
    case 'GUARANTEES_NOT_COVERED':
      return `The guarantees come to ${thousands(note.guaranteed)}, and not all of them can be met of the ${count(note.estate, noun)} there ${note.estate === 1 ? 'is' : 'are'}: they are given in turn.`;
    case 'STAGES': {
      const stages = note.stages.map(({ units, people }) => `${thousands(units)} among ${count(people, PERSON)}`);
      return `The ${noun.other} are shared in ${stages.length} steps: ${stages.join(', then ')}.`;
    }
    case 'MINIMUM_LOTS':
      return minimumLots(note, noun);
    case 'TIERS': {
      const tier = note.tier === null ? 'without a tier' : `of tier ${note.tier}`;
      return `${count(note.people, PERSON)} ${tier} ${note.people === 1 ? 'gets' : 'get'} no ${noun.other}: earlier tiers are served first and take them all.`;
    }
    case 'NOT_IN_STOCK':
      return note.people === 0
        ? `The policy speaks of ${noun.other}, and there is no lot of them here.`
        : `${count(note.people, PERSON)} asked for ${noun.other}, and there is no lot of them here.`;
    default:
      return otherNote(note);
  }
}

function minimumLots(note: NoteOf<'MINIMUM_LOTS'>, noun: Noun): string {
  const without = `${count(note.without, PERSON)} ${note.without === 1 ? 'gets' : 'get'} no ${noun.other}`;
  const claimed = note.claimed === null ? '' : `, who asked for ${thousands(note.claimed)} together`;
  const order =
    note.admit === 'SMALLEST_CLAIM_FIRST'
      ? 'The smallest claims come first: that serves more people, and starves large claims.'
      : 'Who comes first is decided by the order of ties.';
  return `There is too little for everybody's minimum lot: ${thousands(note.admitted)} are served, and ${without}${claimed}. ${order}`;
}

/** A kind of note that has no sentence here, as a later engine may have kept it, is told by its code. */
function otherNote({ code }: { code: string }): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
