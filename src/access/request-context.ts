import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Actor } from '../platform/database.js';
import type { RequestScope } from '../platform/graphql/loader.js';
import type { LanguageCode } from '../platform/language.rules.js';
import type { Role, Viewer } from './access.rules.js';

/** What every resolver may know about the request. */
export interface RequestContext extends RequestScope {
  readonly viewer: Viewer;
  readonly actor: Actor;
  /** What the request wishes to be answered in, where it does not say so field by field. */
  readonly language: LanguageCode;
}

export const ALLOWED_ROLES = 'allowedRoles';

/** Declares who may call an operation. One without this declaration can be called by nobody. */
export function AllowedTo(...roles: Role[]): CustomDecorator {
  return SetMetadata(ALLOWED_ROLES, roles);
}
