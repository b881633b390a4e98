import { count, measured } from './chinese-words.js';
import { thousands } from './language.js';
import { FAR } from './notes.js';
import type { Noun } from './nouns.js';
import type { Note, NoteOf } from './problem.js';

/** The same as `noteInEnglish`, in simplified Chinese. */
export function noteInChinese(note: Note, noun: Noun): string {
  switch (note.code) {
    case 'CLAIM_FAR_ABOVE_MEDIAN':
      return `有一份申请为${count(note.claim, noun)}，超过申请量中位数（${measured(note.median, noun)}）的${FAR}倍。该申请仍照常计算，请核实。`;
    case 'GUARANTEES_NOT_COVERED':
      return `保证数量共计${measured(note.guaranteed, noun)}，现有的${count(note.estate, noun)}无法全部满足，因此依次发放。`;
    case 'STAGES': {
      const stages = note.stages.map(({ units, people }) => `${measured(units, noun)}分配给${thousands(people)}人`);
      return `${noun.other}分${stages.length}步分配：${stages.join('，然后')}。`;
    }
    case 'MINIMUM_LOTS':
      return minimumLots(note, noun);
    case 'TIERS': {
      const tier = note.tier === null ? '未定暴露等级' : `暴露等级为${note.tier}级`;
      return `${tier}的${thousands(note.people)}人未能分到${noun.other}：按暴露等级先后分配，前面的等级已全部分完。`;
    }
    case 'NOT_IN_STOCK':
      return note.people === 0
        ? `规则中提到${noun.other}，但此处没有该物资的批次。`
        : `${thousands(note.people)}人申请了${noun.other}，但此处没有该物资的批次。`;
    default:
      return otherNote(note);
  }
}

function minimumLots(note: NoteOf<'MINIMUM_LOTS'>, noun: Noun): string {
  const claimed = note.claimed === null ? '' : `（共申请${measured(note.claimed, noun)}）`;
  const order =
    note.admit === 'SMALLEST_CLAIM_FIRST'
      ? '申请量较小者优先：这样能照顾到更多人，但申请量大者得不到。'
      : '先后由同等情况下的次序决定。';
  return `不足以使每人得到最低数量：${thousands(note.admitted)}人得到，${thousands(note.without)}人未得到${claimed}。${order}`;
}

/** A kind of note that has no sentence here, as a later engine may have kept it, is told by its code. */
function otherNote({ code }: { code: string }): string {
  return `提示：${code}。`;
}
