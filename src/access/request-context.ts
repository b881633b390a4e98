import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Actor } from '../platform/database.js';
import type { RequestScope } from '../platform/graphql/loader.js';
import type { Role, Viewer } from './access.rules.js';

/** What every resolver may know about the request. */
export interface RequestContext extends RequestScope {
  readonly viewer: Viewer;
  readonly actor: Actor;
}

export const ALLOWED_ROLES = 'allowedRoles';

/** Declares who may call an operation. One without this declaration can be called by nobody. */
export function AllowedTo(...roles: Role[]): CustomDecorator {
  return SetMetadata(ALLOWED_ROLES, roles);
}
