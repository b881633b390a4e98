/** Where a recipient stands. Only an `ACTIVE` one takes part in a split. */
export const RECIPIENT_STATUSES = ['PENDING', 'ACTIVE', 'PAUSED', 'DEACTIVATED'] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/** How exposed she is: 1 aerosol-generating procedures or intensive care, 2 direct COVID care, 3 other care. */
export type ExposureTier = 1 | 2 | 3;
/** Nobody is moved to the front of a queue because a field was left out. */
export const DEFAULT_TIER: ExposureTier = 3;

/** The most people one call may register. */
export const MOST_REGISTERED_AT_ONCE = 1000;
