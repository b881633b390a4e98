import { refuse } from '../platform/rejection.js';

/** How many digits a GTIN may be written with. All are one number: leading zeros make each a GTIN-14. */
const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];

/**
 * The check digit of a GS1 key (GS1 General Specifications, 7.9.1): from the right, digits count three times and once in
 * turn, and the check digit makes the sum a multiple of ten.
 * @param digits the key without its check digit
 */
export function checkDigitOf(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits.at(-1 - i)) * (i % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10;
}

/** What is wrong with the check digit of a key, its last digit; null where it is right. */
export function checkDigitFault(key: string): string | null {
  const should = checkDigitOf(key.slice(0, -1));
  const is = Number(key.at(-1));
  return is === should ? null : `its check digit is ${is} and should be ${should}: a digit was misread`;
}

/** Whether digits are as many as a GTIN has, whatever its check digit. */
export function isAsLongAsGtin(text: string): boolean {
  return /^\d+$/.test(text) && GTIN_LENGTHS.includes(text.length);
}

/** What keeps a text from being a GTIN; null where it is one. */
export function gtinFault(text: string): string | null {
  if (!isAsLongAsGtin(text)) return `a GTIN has ${GTIN_LENGTHS.slice(0, -1).join(', ')} or 14 digits`;
  if (/^0+$/.test(text)) return 'no GTIN is all zeros';
  return checkDigitFault(text);
}

/** A GTIN with all its 14 digits, in which GTINs of every length are compared. */
export function gtin14(digits: string): string {
  return digits.padStart(14, '0');
}

/** What a GTIN stands for. */
export interface GtinFacts {
  readonly itemId: string;
  readonly unitsPerPack: number;
}

/** A GTIN was learned as something else: whoever is right says so, and why. */
export function gtinKnown(gtin: string, { itemId, unitsPerPack, itemCode }: GtinFacts & { readonly itemCode: string }) {
  const message = `${gtin} is known as a pack of ${unitsPerPack} of ${itemCode}. To correct that, say replace: true and why.`;
  return refuse('GtinKnownError', 'GTIN_KNOWN', message, { gtin, itemId, unitsPerPack });
}
