import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('SubstitutedUnits', { description: 'Units of an award that are given in the place of another item.' })
export class SubstitutedUnitsType {
  insteadOfId: string;

  @Field(() => Int, { description: 'How many.' })
  units: number;
}
