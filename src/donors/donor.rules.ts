/** Who gives. */
export const DONOR_KINDS = ['PERSON', 'COMPANY', 'ORGANISATION', 'GOVERNMENT'] as const;
export type DonorKind = (typeof DONOR_KINDS)[number];

/** What stands in the place of a name its owner does not want shown. */
export const ANONYMOUS_DONOR = 'Anonymous donor';
