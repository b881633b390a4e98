import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import type { DonorKind } from '../donors/donor.rules.js';
import { type CellFault, type Fields, nameKey, type Values } from './cell.rules.js';
import type { ItemFinder } from './item-names.rules.js';

/** Columns of a file of donations. */
export const DONATION_FIELDS: Fields = {
  donor: {
    cell: { type: 'text', most: 200 },
    required: true,
    names: [
      'donor name',
      'donated by',
      'given by',
      'from',
      '捐赠者',
      '捐赠方',
      '捐赠人',
      '捐赠单位',
      '捐赠方名称',
      '捐助人',
    ],
  },
  donorKind: {
    cell: {
      type: 'word',
      words: {
        PERSON: ['individual', '个人'],
        COMPANY: ['business', '企业', '公司'],
        ORGANISATION: ['organization', 'charity', 'ngo', '组织', '机构', '社会组织'],
        GOVERNMENT: ['public body', '政府'],
      },
    },
    names: ['donor type', 'kind of donor', '捐赠者类型', '捐赠方类型'],
  },
  donorCountry: {
    cell: { type: 'country' },
    names: ['country', 'country of donor', '国家', '捐赠者国家', '捐赠方国家'],
  },
  donorEmail: { cell: { type: 'email' }, names: ['email', 'e-mail of donor', '邮箱', '电子邮箱', '捐赠者邮箱'] },
  item: {
    cell: { type: 'text', most: 100 },
    required: true,
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
  units: {
    cell: { type: 'number', most: MOST_UNITS_A_LINE },
    required: true,
    names: ['quantity', 'qty', 'count', 'number of units', '数量', '件数', '数量(件)', '数量(个)', '数量(只)'],
  },
  unitsPerPack: {
    cell: { type: 'number', most: MOST_UNITS_A_LINE },
    names: ['pack size', 'per pack', 'units per box', '每包数量', '每箱数量', '每盒数量', '包装规格'],
  },
  lotNumber: {
    cell: { type: 'text', most: 100 },
    names: ['lot', 'lot no', 'batch', 'batch number', 'batch no', '批号', '生产批号', '批次'],
  },
  expiresOn: {
    cell: { type: 'day' },
    names: [
      'expiry',
      'expiry date',
      'expires',
      'expiration date',
      'best before',
      'use by',
      '有效期',
      '有效期至',
      '失效日期',
    ],
  },
  receivedOn: {
    cell: { type: 'day' },
    names: [
      'received',
      'received at',
      'date',
      'date received',
      'donated on',
      '日期',
      '收到日期',
      '接收日期',
      '收货日期',
      '捐赠日期',
    ],
  },
  reference: {
    cell: { type: 'text', most: 200 },
    names: ['ref', 'shipment', 'shipment reference', 'shipment number', '编号', '单号', '运单号', '参考号'],
  },
  rowReference: {
    cell: { type: 'text', most: 200 },
    names: ['row id', 'line id', 'line reference', 'row number', '行号', '行编号', '记录编号'],
  },
};

/** A row of a file of donations. */
export interface DonationRow {
  readonly donor: string;
  readonly donorKind: DonorKind | null;
  readonly donorCountry: string | null;
  readonly donorEmail: string | null;
  readonly itemId: string;
  readonly units: number;
  readonly unitsPerPack: number | null;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
  readonly receivedOn: string;
  readonly reference: string | null;
}

/** The days of a row, which must not be days to come. */
export function dayToCome(field: string, day: string, today: string): CellFault[] {
  return day > today
    ? [{ field, code: 'DAY_TO_COME', message: `Must not be a day to come; today is ${today}, UTC.` }]
    : [];
}

/** What a row says, or what is wrong with it. @param today UTC, taken for a row without a day */
export function donationOf(values: Values, items: ItemFinder, today: string): DonationRow | CellFault[] {
  const text = (field: string): string | null => (values[field] as string | undefined) ?? null;
  const typed = text('item');
  const item = typed === null ? undefined : items.find(typed);
  const receivedOn = text('receivedOn') ?? today;
  const faults = dayToCome('receivedOn', receivedOn, today);
  if (typed !== null && !item) faults.push({ field: 'item', code: 'UNKNOWN_ITEM', message: items.whyNot(typed) });
  if (!item || faults.length > 0) return faults;
  return {
    donor: values['donor'] as string,
    donorKind: text('donorKind') as DonorKind | null,
    donorCountry: text('donorCountry'),
    donorEmail: text('donorEmail'),
    itemId: item.id,
    units: values['units'] as number,
    unitsPerPack: (values['unitsPerPack'] as number | undefined) ?? null,
    lotNumber: text('lotNumber'),
    expiresOn: text('expiresOn'),
    receivedOn,
    reference: text('reference'),
  };
}

/** A donor who may be meant. */
export interface KnownDonor {
  readonly id: string;
  readonly kind: DonorKind;
  readonly email: string | null;
}

/**
 * Which donor of a name a row means: of the kind that it says, if it says one; of several the one with its address.
 * @returns the donor; null: nobody is registered by this name; or why nobody can say
 */
export function meantDonor(
  row: Pick<DonationRow, 'donorKind' | 'donorEmail'>,
  namesakes: readonly KnownDonor[],
): KnownDonor | CellFault | null {
  const ofKind = namesakes.filter(({ kind }) => row.donorKind === null || kind === row.donorKind);
  if (ofKind.length <= 1) return ofKind[0] ?? null;
  const reached = ofKind.filter(({ email }) => row.donorEmail !== null && email?.toLowerCase() === row.donorEmail);
  if (reached.length === 1) return reached[0]!;
  const message = `${ofKind.length} donors have this name: say the kind, and the e-mail address, of the one that is meant.`;
  return { field: 'donor', code: 'AMBIGUOUS_DONOR', message };
}

/** Whether a row belongs to the shipment of the row before: the same donor, reference and day, and room for a line. */
export function sameShipment(
  before: { readonly donorId: string; readonly reference: string | null; readonly receivedOn: string },
  row: { readonly donorId: string; readonly reference: string | null; readonly receivedOn: string },
): boolean {
  const keyOf = (reference: string | null): string | null => (reference === null ? null : nameKey(reference));
  const isSame = before.donorId === row.donorId && before.receivedOn === row.receivedOn;
  return isSame && keyOf(before.reference) === keyOf(row.reference);
}
