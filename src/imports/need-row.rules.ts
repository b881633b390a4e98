import { type ItemCategory, MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import type { SupplyState } from '../recipients/need.rules.js';
import type { RecipientStatus } from '../recipients/recipient.rules.js';
import type { CellFault, Fields, Values } from './cell.rules.js';
import { dayToCome } from './donation.rules.js';
import { CATEGORY_WORDS, type ItemFinder } from './item-names.rules.js';

/** A need without a last day is a claim for as long after the day by which it is needed. */
export const VALID_FOR_DAYS = 60;

/** Columns of a file of needs. */
export const NEED_FIELDS: Fields = {
  recipientId: { cell: { type: 'id' }, names: ['接收人ID'] },
  email: {
    cell: { type: 'email' },
    names: ['recipient email', 'e-mail address', 'mail', '邮箱', '电子邮箱', '电子邮件'],
  },
  recipientReference: {
    cell: { type: 'text', most: 200 },
    names: ['recipient', 'external id', 'requested by', '接收人编号', '申请人编号', '人员编号'],
  },
  item: {
    cell: { type: 'text', most: 100 },
    names: [
      'item code',
      'item name',
      'ppe',
      'product',
      'goods',
      '物品',
      '物资',
      '物品名称',
      '物资名称',
      '品名',
      '名称',
    ],
  },
  category: { cell: { type: 'word', words: CATEGORY_WORDS }, names: ['kind', 'class', '类别', '种类', '分类'] },
  units: {
    cell: { type: 'number', most: MOST_UNITS_A_LINE },
    required: true,
    names: ['quantity', 'qty', 'count', 'number of units', '数量', '需求量', '需求数量', '数量(件)', '数量(个)'],
  },
  neededBy: { cell: { type: 'day' }, names: ['needed', 'by', 'due', 'due date', '需求日期', '需要日期', '截止日期'] },
  validUntil: { cell: { type: 'day' }, names: ['valid', 'until', 'last day', '有效期', '有效期至', '有效至'] },
  statedOn: {
    cell: { type: 'day' },
    names: ['stated', 'date', 'date stated', 'requested on', 'request date', '日期', '申请日期', '登记日期'],
  },
  supplyState: {
    cell: { type: 'word', words: { CONVENTIONAL: ['常规'], CONTINGENCY: ['紧张'], CRISIS: ['危机', '紧急'] } },
    names: ['supplies', 'state of supplies', '供应状态', '物资状态'],
  },
  reference: {
    cell: { type: 'text', most: 200 },
    names: ['ref', 'request', 'request id', 'request number', '编号', '申请编号', '单号', '参考号'],
  },
};

/** Whose a need is, and of what, can be said in more than one way; one of them must have a column. */
export const NEED_ONE_OF = [
  ['recipientId', 'email', 'recipientReference'],
  ['item', 'category'],
] as const;

/** A row of a file of needs. */
export interface NeedRow {
  readonly recipientId: string | null;
  readonly email: string | null;
  readonly recipientReference: string | null;
  readonly itemId: string | null;
  readonly category: ItemCategory | null;
  readonly units: number;
  readonly neededBy: string;
  readonly validUntil: string;
  readonly statedOn: string;
  readonly supplyState: SupplyState | null;
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A need that was stated on a day must be a claim on that day; one that is history may be long over. */
function dayFaults(days: { statedOn: string; neededBy: string; validUntil: string }, today: string): CellFault[] {
  const faults = dayToCome('statedOn', days.statedOn, today);
  if (days.validUntil < days.neededBy)
    faults.push({
      field: 'validUntil',
      code: 'DAYS_OUT_OF_ORDER',
      message: 'Must not be before the day by which it is needed.',
    });
  if (days.validUntil < days.statedOn)
    faults.push({
      field: 'validUntil',
      code: 'DAY_GONE_BY',
      message: 'Must not be before the day on which it was stated, which is today where nothing says so.',
    });
  return faults;
}

function whatFaults(values: Values, items: ItemFinder): CellFault[] {
  const typed = values['item'] as string | undefined;
  if ('item' in values === 'category' in values)
    return [{ field: 'item', code: 'ITEM_OR_CATEGORY', message: 'Give exactly one of item and category.' }];
  if (typed === undefined || items.find(typed)) return [];
  return [{ field: 'item', code: 'UNKNOWN_ITEM', message: items.whyNot(typed) }];
}

/** What a row says, or what is wrong with it. @param today UTC */
export function needOf(values: Values, items: ItemFinder, today: string): NeedRow | CellFault[] {
  const text = (field: string): string | null => (values[field] as string | undefined) ?? null;
  const statedOn = text('statedOn') ?? today;
  const neededBy = text('neededBy') ?? statedOn;
  const validUntil = text('validUntil') ?? daysAfter(neededBy, VALID_FOR_DAYS);
  const faults = whatFaults(values, items);
  const isDoubtful = ['statedOn', 'neededBy', 'validUntil'].some((day) => day in values && values[day] === undefined);
  if (!isDoubtful) faults.push(...dayFaults({ statedOn, neededBy, validUntil }, today));
  const [recipientId, email, recipientReference] = NEED_ONE_OF[0];
  if (![recipientId, email, recipientReference].some((name) => name in values))
    faults.push({ field: null, code: 'MISSING', message: 'Say whose it is: by id, e-mail address or reference.' });
  if (faults.length > 0) return faults;
  return {
    recipientId: text(recipientId),
    email: text(email),
    recipientReference: text(recipientReference),
    itemId: items.find(text('item') ?? '')?.id ?? null,
    category: text('category') as ItemCategory | null,
    units: values['units'] as number,
    neededBy,
    validUntil,
    statedOn,
    supplyState: text('supplyState') as SupplyState | null,
  };
}

/** A recipient as a need finds her. */
export interface KnownRecipient {
  readonly id: string;
  readonly status: RecipientStatus;
}

/**
 * Whose a need is, by all that the row says of her.
 * @param found who has this id, this address, this reference: undefined where the row does not say it, null for nobody
 */
export function whoseNeed(
  found: Readonly<Record<string, KnownRecipient | null | undefined>>,
): KnownRecipient | CellFault {
  const asked = Object.entries(found).filter(([, recipient]) => recipient !== undefined);
  const [unknown] = asked.filter(([, recipient]) => recipient === null);
  if (unknown)
    return {
      field: unknown[0],
      code: 'UNKNOWN_RECIPIENT',
      message: 'There is no recipient with this id, address or reference.',
    };
  const recipient = asked[0]![1]!;
  if (asked.some(([, other]) => other!.id !== recipient.id))
    return {
      field: null,
      code: 'RECIPIENTS_DIFFER',
      message: 'Id, e-mail address and reference are those of different recipients.',
    };
  if (recipient.status === 'DEACTIVATED')
    return { field: null, code: 'RECIPIENT_DEACTIVATED', message: 'This recipient is DEACTIVATED.' };
  return recipient;
}
