import { Field, ObjectType } from '@nestjs/graphql';
import { SafeInt } from '../platform/graphql/scalars.js';

@ObjectType('StockLevel', { description: 'How many units of an item are where.' })
export class StockLevelType {
  itemId: string;

  @Field(() => SafeInt, { description: 'In our hands: available, allocated and quarantined.' })
  onHandUnits: number;

  @Field(() => SafeInt, { description: 'Free to be split. Units of an expired lot are counted here and never split.' })
  availableUnits: number;

  @Field(() => SafeInt, { description: 'Promised by a committed plan, not yet sent.' })
  allocatedUnits: number;

  @Field(() => SafeInt, { description: 'Set aside.' })
  quarantinedUnits: number;

  @Field(() => SafeInt, { description: 'Sent, not yet there.' })
  inTransitUnits: number;

  @Field(() => SafeInt, { description: 'In the hands of recipients.' })
  deliveredUnits: number;
}
