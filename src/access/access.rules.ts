/** Who may hold a bearer token. `LINK` is whoever opened a one-time link: it has no token and may do one thing. */
export const ROLES = ['ADMIN', 'COORDINATOR', 'AUDITOR', 'DONOR', 'RECIPIENT'] as const;
export type TokenRole = (typeof ROLES)[number];
export type Role = TokenRole | 'LINK';

/** Who is asking. */
export interface Viewer {
  readonly tokenId: string | null;
  readonly role: Role;
  /**
   * The donor or recipient for whom a `DONOR` or `RECIPIENT` token speaks; null while it speaks for nobody. A donor who
   * registers herself is known from then on, also in the rest of the same request.
   */
  subjectId: string | null;
}

/** Everyone who may act for the organisation. */
export const STAFF = ['ADMIN', 'COORDINATOR'] as const satisfies readonly Role[];
/** Everyone who may read the whole chain. */
export const OVERSIGHT = [...STAFF, 'AUDITOR'] as const satisfies readonly Role[];
/** Everyone with a token. */
export const ANYONE = [...OVERSIGHT, 'DONOR', 'RECIPIENT'] as const satisfies readonly Role[];

/** Whether the viewer acts for the organisation. */
export function isStaff(viewer: Viewer): boolean {
  return viewer.role === 'ADMIN' || viewer.role === 'COORDINATOR';
}

/** Whether the viewer may read the whole chain, donor to hand. */
export function seesEverything(viewer: Viewer): boolean {
  return isStaff(viewer) || viewer.role === 'AUDITOR';
}

/** A clinician's personal data is for coordinators and for herself. */
export function mayKnowRecipient(viewer: Viewer, recipientId: string): boolean {
  return isStaff(viewer) || (viewer.role === 'RECIPIENT' && viewer.subjectId === recipientId);
}

/** Where a clinician works points at her in a small town: for those who check the chain, and for herself. */
export function mayKnowWorkplace(viewer: Viewer, recipientId: string): boolean {
  return viewer.role === 'AUDITOR' || mayKnowRecipient(viewer, recipientId);
}

/** A donor who wishes to stay anonymous is known to coordinators and to herself. */
export function mayKnowDonor(viewer: Viewer, donor: { readonly id: string; readonly anonymous: boolean }): boolean {
  return isStaff(viewer) || !donor.anonymous || (viewer.role === 'DONOR' && viewer.subjectId === donor.id);
}

/** A donor's address is for coordinators and for herself. */
export function mayReachDonor(viewer: Viewer, donorId: string): boolean {
  return isStaff(viewer) || (viewer.role === 'DONOR' && viewer.subjectId === donorId);
}

/** What stands in the place of a clinician's name for those who may not know it: the same for the same person. */
export function pseudonymOf(recipientId: string): string {
  return `Clinician ${recipientId.slice(-6).toUpperCase()}`;
}

/** What is left of a filter on ids for somebody who may see one id only. */
export function onlyOwn(subjectId: string | null, asked: readonly string[] | null | undefined): string[] {
  return subjectId !== null && (asked == null || asked.includes(subjectId)) ? [subjectId] : [];
}
