import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const OPEN_TO_ALL = 'openToAll';

/** Declares that a route needs no token. It must tell nothing of anybody's data. */
export function OpenToAll(): CustomDecorator {
  return SetMetadata(OPEN_TO_ALL, true);
}
