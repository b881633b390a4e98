import {
  mayKnowDonor,
  mayKnowRecipient,
  mayKnowWorkplace,
  seesEverything,
  type Viewer,
} from '../access/access.rules.js';

/** Of whom the viewer may know something: of everybody, of herself alone, of nobody. */
export type Reach = 'ALL' | 'OWN' | 'NONE';

/** What the viewer may see in rows that she may read. */
export interface Sight {
  /** Whom she speaks for. */
  readonly subjectId: string | null;
  /** Names of clinicians. */
  readonly people: Reach;
  /** What they are, and where they work. */
  readonly workplaces: Reach;
  /** Donors who wish to stay anonymous. */
  readonly anonymousDonors: Reach;
  /** Plans and parcels: whoever may read such a row but not these is a donor. */
  readonly parcels: boolean;
}

/** An id that nobody has. */
const NOBODY = '';

function reachOf(mayKnow: (id: string) => boolean, subjectId: string | null): Reach {
  if (mayKnow(NOBODY)) return 'ALL';
  return subjectId !== null && mayKnow(subjectId) ? 'OWN' : 'NONE';
}

/** What the policies of access let a viewer see, asked of them once instead of row by row. */
export function sightOf(viewer: Viewer): Sight {
  const { subjectId } = viewer;
  return {
    subjectId,
    people: reachOf((id) => mayKnowRecipient(viewer, id), subjectId),
    workplaces: reachOf((id) => mayKnowWorkplace(viewer, id), subjectId),
    anonymousDonors: reachOf((id) => mayKnowDonor(viewer, { id, anonymous: true }), subjectId),
    parcels: seesEverything(viewer) || viewer.role === 'RECIPIENT',
  };
}
