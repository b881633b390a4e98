import { Field, ID, InterfaceType } from '@nestjs/graphql';

/** Anything that can be named by its id. */
@InterfaceType('Node', {
  description: 'Anything that can be named by its id.',
  resolveType: (value: { __typename?: string }) => value.__typename,
})
export abstract class NodeType {
  @Field(() => ID, { description: 'A UUID, made by the server; ids sort by the time they were made.' })
  id: string;
}
