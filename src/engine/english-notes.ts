import { count, PERSON } from './english-words.js';
import { thousands } from './language.js';
import { FAR } from './notes.js';
import type { Noun } from './nouns.js';
import type { Note } from './problem.js';

/** What a note says, to whoever confirms the split. It names nobody. */
export function noteInEnglish(note: Note, noun: Noun): string {
  switch (note.code) {
    case 'CLAIM_FAR_ABOVE_MEDIAN':
      return `A claim of ${count(note.claim, noun)} is more than ${FAR} times the median of ${thousands(note.median)}. It is honoured all the same: please check it.`;
    case 'GUARANTEES_NOT_COVERED':
      return `${count(note.estate, noun)} ${note.estate === 1 ? 'is' : 'are'} too few for the guarantees, which come to ${thousands(note.guaranteed)}: they are given in turn.`;
    case 'STAGES': {
      const stages = note.stages.map(({ units, people }) => `${thousands(units)} among ${count(people, PERSON)}`);
      return `The ${noun.other} are shared in ${stages.length} steps: ${stages.join(', then ')}.`;
    }
    default:
      return otherNote(note);
  }
}

/** A kind of note that has no sentence here is told by its code; its figures say the rest. */
function otherNote({ code }: { code: string }): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
