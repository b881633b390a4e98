import { chineseNounOf } from '../engine/chinese-nouns.js';
import { thousands } from '../engine/language.js';
import { nounOf } from '../engine/nouns.js';
import type { LanguageCode } from '../platform/language.rules.js';
import { type ImpactFigures, type ImpactPart, partsOf } from './impact.rules.js';

/** Says how many units are where. */
type Phrase = (units: string, figures: ImpactFigures) => string;

const many = (count: number, one: string, other: string): string => `${thousands(count)} ${count === 1 ? one : other}`;

const ENGLISH: Readonly<Record<ImpactPart, Phrase>> = {
  CONFIRMED: (units, { confirmedRecipients, confirmedCountries }) => {
    const where = confirmedCountries === 0 ? '' : ` in ${many(confirmedCountries, 'country', 'countries')}`;
    return `${units} confirmed by ${many(confirmedRecipients, 'doctor', 'doctors')}${where}`;
  },
  DELIVERED: (units) => `${units} delivered and not yet counted`,
  ON_THE_WAY: (units) => `${units} on the way`,
  PROMISED: (units) => `${units} promised and not yet sent`,
  AVAILABLE: (units) => `${units} on the shelf`,
  QUARANTINED: (units) => `${units} set aside`,
  BETWEEN_SITES: (units) => `${units} on the way between our sites`,
  LOST: (units) => `${units} lost`,
  DISCARDED: (units) => `${units} discarded`,
  RETURNED_TO_DONOR: (units) => `${units} returned to you`,
};

const CHINESE: Readonly<Record<ImpactPart, Phrase>> = {
  CONFIRMED: (units, { confirmedRecipients, confirmedCountries }) => {
    const where = confirmedCountries === 0 ? '' : `${thousands(confirmedCountries)}个国家的`;
    return `${units}已由${where}${thousands(confirmedRecipients)}位医生确认收到`;
  },
  DELIVERED: (units) => `${units}已送达、尚待清点`,
  ON_THE_WAY: (units) => `${units}在途中`,
  PROMISED: (units) => `${units}已分配、尚未寄出`,
  AVAILABLE: (units) => `${units}在库`,
  QUARANTINED: (units) => `${units}已封存`,
  BETWEEN_SITES: (units) => `${units}在站点之间调拨途中`,
  LOST: (units) => `${units}遗失`,
  DISCARDED: (units) => `${units}已报废`,
  RETURNED_TO_DONOR: (units) => `${units}已退还给您`,
};

function inEnglish(itemCode: string, figures: ImpactFigures): string {
  const { one, other } = nounOf(itemCode);
  const found = figures.foundUnits === 0 ? '' : `, and ${thousands(figures.foundUnits)} more that counts found`;
  const parts = partsOf(figures).map(({ part, units }) => ENGLISH[part](thousands(units), figures));
  const where = parts.length === 0 ? 'nothing is left of what was written down' : parts.join(', ');
  return `Your ${many(figures.receivedUnits, one, other)}${found}: ${where}.`;
}

function inChinese(itemCode: string, figures: ImpactFigures): string {
  const { other, measure = '' } = chineseNounOf(itemCode);
  const counted = (units: number): string => `${thousands(units)}${measure}`;
  const found = figures.foundUnits === 0 ? '' : `，另有盘点时多出的${counted(figures.foundUnits)}`;
  const parts = partsOf(figures).map(({ part, units }) => CHINESE[part](counted(units), figures));
  const where = parts.length === 0 ? '登记有误，实际没有' : parts.join('，');
  return `您的${counted(figures.receivedUnits)}${other}${found}：${where}。`;
}

const SENTENCE: Readonly<Record<LanguageCode, typeof inEnglish>> = { EN: inEnglish, ZH_HANS: inChinese };

/** What became of a gift of one item, in a sentence to its donor that accounts for every unit. */
export function impactIn(language: LanguageCode, itemCode: string, figures: ImpactFigures): string {
  return SENTENCE[language](itemCode, figures);
}
