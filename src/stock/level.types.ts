import { Field, Int, ObjectType } from '@nestjs/graphql';
import { SafeInt } from '../platform/graphql/scalars.js';
import type { StockFigures } from './level.rules.js';

@ObjectType({ isAbstract: true })
abstract class FiguresType implements StockFigures {
  @Field(() => SafeInt, { description: 'In our hands: available, allocated and quarantined.' })
  onHandUnits: number;

  @Field(() => SafeInt, { description: 'Free to be split. Units of an expired lot are counted here and never split.' })
  availableUnits: number;

  @Field(() => SafeInt, { description: 'Of the available ones, those of lots whose last day has passed.' })
  expiredUnits: number;

  @Field(() => SafeInt, { description: 'Promised by a committed plan, not yet sent.' })
  allocatedUnits: number;

  @Field(() => SafeInt, { description: 'Set aside.' })
  quarantinedUnits: number;

  @Field(() => SafeInt, { description: 'Sent, to a recipient or to another site, and not yet there.' })
  inTransitUnits: number;

  @Field(() => SafeInt, { description: 'In the hands of recipients.' })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: 'Never arrived, or gone.' })
  lostUnits: number;

  @Field(() => SafeInt, { description: 'Thrown away.' })
  discardedUnits: number;

  @Field(() => SafeInt, { description: 'Given back to who gave them.' })
  returnedToDonorUnits: number;
}

@ObjectType('StockLevelAtSite', {
  description: 'How many units of an item are where, of those that stand at one site or were last there.',
})
export class StockLevelAtSiteType extends FiguresType {
  siteId: string;
}

@ObjectType('StockLevel', { description: 'How many units of an item are where.' })
export class StockLevelType extends FiguresType {
  itemId: string;

  @Field(() => [StockLevelAtSiteType], {
    description:
      'The same by site, in the order in which sites were registered; those with nothing to tell are left out.',
  })
  bySite: StockLevelAtSiteType[];
}

@ObjectType('LotPlace', { description: 'Units of a lot in one place, at one site.' })
export class LotPlaceType {
  siteId: string;

  @Field({
    description: 'AVAILABLE, ALLOCATED, QUARANTINED, IN_TRANSIT, DELIVERED, RETURNED_TO_DONOR, LOST or DISCARDED.',
  })
  place: string;

  @Field(() => Int, { description: 'How many.' })
  units: number;
}
