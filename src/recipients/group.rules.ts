import { refuse } from '../platform/rejection.js';

/** A group's name as it is compared: white space folded, case ignored. */
export function groupNameKey(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** No two groups share a name: coordinators choose them by it. */
export function groupNameTaken(name: string, groupId: string) {
  return refuse('GroupNameTakenError', 'GROUP_NAME_TAKEN', `There is a group called "${name}" already.`, { groupId });
}
