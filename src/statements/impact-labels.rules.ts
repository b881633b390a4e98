import type { LanguageCode } from '../platform/language.rules.js';
import type { ImpactPart } from './impact.rules.js';

/** The words of the statement that a donor prints. */
export interface ImpactLabels {
  /** BCP 47, for `lang`. */
  readonly tag: string;
  readonly title: string;
  readonly asOf: string;
  readonly received: string;
  readonly recipients: string;
  readonly countries: string;
  readonly elsewhere: (countries: number) => string;
  readonly nothing: string;
  readonly anonymous: string;
  readonly accounted: string;
  readonly privacy: string;
  readonly found: string;
  readonly figures: string;
  readonly part: Readonly<Record<ImpactPart, string>>;
}

const ENGLISH: ImpactLabels = {
  tag: 'en',
  title: 'What became of your gift',
  asOf: 'As of',
  received: 'Received',
  recipients: 'People reached',
  countries: 'Countries',
  elsewhere: (countries) => (countries === 1 ? 'and one other country' : `and ${countries} other countries`),
  nothing: 'Nothing has been received yet.',
  anonymous: 'Anonymous donor',
  accounted: 'Every unit that was received is in one of these places.',
  privacy: 'Names are not shown, and no country where fewer than three people were reached.',
  found: 'Found in counts',
  figures: 'Figures by item',
  part: {
    CONFIRMED: 'Confirmed',
    DELIVERED: 'Delivered, not yet counted',
    ON_THE_WAY: 'On the way',
    PROMISED: 'Promised, not yet sent',
    AVAILABLE: 'On the shelf',
    QUARANTINED: 'Set aside',
    BETWEEN_SITES: 'Between our sites',
    LOST: 'Lost',
    DISCARDED: 'Discarded',
    RETURNED_TO_DONOR: 'Returned to you',
  },
};

const CHINESE: ImpactLabels = {
  tag: 'zh-Hans',
  title: '您的捐赠去向',
  asOf: '截至',
  received: '已接收',
  recipients: '受益人数',
  countries: '国家',
  elsewhere: (countries) => `及另外${countries}个国家`,
  nothing: '尚未接收任何物资。',
  anonymous: '匿名捐赠者',
  accounted: '接收的每一件物资都在其中一处。',
  privacy: '不显示姓名；受益者不足三人的国家不列名称。',
  found: '盘点多出',
  figures: '各项物资数量',
  part: {
    CONFIRMED: '已确认',
    DELIVERED: '已送达、待清点',
    ON_THE_WAY: '在途中',
    PROMISED: '已分配、未寄出',
    AVAILABLE: '在库',
    QUARANTINED: '已封存',
    BETWEEN_SITES: '站点间调拨',
    LOST: '遗失',
    DISCARDED: '已报废',
    RETURNED_TO_DONOR: '已退还',
  },
};

const LABELS: Readonly<Record<LanguageCode, ImpactLabels>> = { EN: ENGLISH, ZH_HANS: CHINESE };

/** The words of the statement in a language. */
export function labelsIn(language: LanguageCode): ImpactLabels {
  return LABELS[language];
}
