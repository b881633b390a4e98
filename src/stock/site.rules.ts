import { refuse, type Refusal } from '../platform/rejection.js';

/** A site's name as it is compared: white space folded, case ignored. */
export function siteNameKey(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** What stands at a site, or is on its way from or to it. */
export interface SiteUse {
  readonly availableUnits: number;
  readonly quarantinedUnits: number;
  /** Of parcels that were promised or sent from there, and are not with their recipients yet. */
  readonly parcelUnits: number;
  /** Transfers under way, from there or to there. */
  readonly transfers: number;
}

/** No two open sites share a name: people say it on the phone. */
export function siteNameTaken(name: string, siteId: string) {
  return refuse('SiteNameTakenError', 'SITE_NAME_TAKEN', `There is a site called "${name}" already.`, { siteId });
}

/** A closed site stays as it was when it was closed. */
export function mayBeChanged(site: { readonly id: string; readonly closedAt: Date | null }): Refusal | null {
  if (site.closedAt === null) return null;
  const { id: siteId, closedAt } = site;
  return refuse('SiteClosedError', 'SITE_CLOSED', `This site was closed on ${closedAt.toISOString().slice(0, 10)}.`, {
    siteId,
    closedSince: closedAt,
  });
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

/** Whether a site can be closed: it is open, nobody's default, and nothing stands there or is on its way. */
export function mayBeClosed(
  site: { readonly id: string; readonly isDefault: boolean; readonly closedAt: Date | null },
  use: SiteUse,
): Refusal | null {
  const closed = mayBeChanged(site);
  if (closed) return closed;
  const { id: siteId } = site;
  if (site.isDefault) {
    const message = 'This is the default site: make another one the default before it is closed.';
    return refuse('SiteIsDefaultError', 'SITE_IS_DEFAULT', message, { siteId });
  }
  const there = [
    ...counted(use.availableUnits, 'unit is available', 'units are available'),
    ...counted(use.quarantinedUnits, 'unit is set aside', 'units are set aside'),
    ...counted(use.parcelUnits, 'unit is in parcels', 'units are in parcels'),
    ...counted(use.transfers, 'transfer is under way', 'transfers are under way'),
  ];
  if (there.length === 0) return null;
  return refuse('SiteInUseError', 'SITE_IN_USE', `This site is in use: ${there.join(', ')}.`, { siteId, ...use });
}
