import { count, measured } from './chinese-words.js';
import { thousands } from './language.js';
import { FAR } from './notes.js';
import type { Noun } from './nouns.js';
import type { Note } from './problem.js';

/** The same as `noteInEnglish`, in simplified Chinese. */
export function noteInChinese(note: Note, noun: Noun): string {
  switch (note.code) {
    case 'CLAIM_FAR_ABOVE_MEDIAN':
      return `有一份申请为${count(note.claim, noun)}，超过申请量中位数（${measured(note.median, noun)}）的${FAR}倍。该申请仍照常计算，请核实。`;
    case 'GUARANTEES_NOT_COVERED':
      return `${count(note.estate, noun)}不足以满足共计${measured(note.guaranteed, noun)}的保证数量，因此依次发放。`;
    case 'STAGES': {
      const stages = note.stages.map(({ units, people }) => `${measured(units, noun)}分配给${thousands(people)}人`);
      return `${noun.other}分${stages.length}步分配：${stages.join('，然后')}。`;
    }
    default:
      return otherNote(note);
  }
}

/** A kind of note that has no sentence here is told by its code; its figures say the rest. */
function otherNote({ code }: { code: string }): string {
  return `提示：${code}。`;
}
