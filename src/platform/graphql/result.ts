import { createUnionType, Field, InterfaceType } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';

/** What every refusal says; the rest of its fields are facts. */
@InterfaceType('UserError', {
  description: 'The business says no. Every refusal says why, in words and as a code, and carries the facts.',
  resolveType: (value: { __typename: string }) => value.__typename,
})
export abstract class UserErrorType {
  @Field({ description: 'Why, in a sentence for people.' })
  message: string;

  @Field({ description: 'Why, as a code for programs.' })
  code: string;
}

/**
 * A mutation's result: the thing, or one of its refusals.
 * @param thing the type returned when nothing is wrong; refusals carry their `__typename`, the thing does not
 */
export function resultUnion(name: string, thing: Type, thingName: string, refusals: Type[]): object {
  return createUnionType({
    name,
    description: `${thingName}, or why not.`,
    types: () => [thing, ...refusals] as const,
    resolveType: (value: { __typename?: string }) => value.__typename ?? thingName,
  });
}
