import { Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType('Actor', { description: 'Who did something: the access token that was used.' })
export class ActorType {
  @Field(() => ID, { description: 'The token.' })
  tokenId: string;

  @Field({ description: 'What it may do: ADMIN, COORDINATOR, AUDITOR, DONOR or RECIPIENT.' })
  role: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it is for, as its maker called it. Those of donors and recipients are for coordinators only.',
  })
  name: string | null;
}
