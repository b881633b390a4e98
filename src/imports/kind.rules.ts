import { DONATION_FIELDS } from './donation.rules.js';
import type { Shape } from './mapping.rules.js';
import { NEED_FIELDS, NEED_ONE_OF } from './need-row.rules.js';
import { RECIPIENT_FIELDS } from './recipient-row.rules.js';
import type { ImportKind } from './report.rules.js';

const SHAPES: Readonly<Record<ImportKind, Shape>> = {
  DONATION: { fields: DONATION_FIELDS },
  RECIPIENT: { fields: RECIPIENT_FIELDS },
  NEED: { fields: NEED_FIELDS, oneOf: NEED_ONE_OF },
};

/** What a file of this kind holds. */
export function shapeOf(kind: ImportKind): Shape {
  return SHAPES[kind];
}
