import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DonorType } from '../donors/donor.types.js';
import { SafeInt } from '../platform/graphql/scalars.js';
import type { ImpactFigures } from './impact.rules.js';

@ObjectType({ isAbstract: true })
abstract class ImpactFiguresType implements ImpactFigures {
  @Field(() => SafeInt, { description: 'Accepted into stock, as corrected.' })
  receivedUnits: number;

  @Field(() => SafeInt, { description: 'What counts found beyond what came in and was lost.' })
  foundUnits: number;

  @Field(() => SafeInt, { description: 'Set aside for recipients: all that was not cancelled or returned.' })
  allocatedUnits: number;

  @Field(() => SafeInt, { description: 'Arrived, as counted where it has been counted.' })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: 'Counted by recipients.' })
  confirmedUnits: number;

  @Field(() => SafeInt, { description: 'Sent to recipients and not yet there.' })
  onTheWayUnits: number;

  @Field(() => SafeInt, { description: 'In parcels that have not left.' })
  promisedUnits: number;

  @Field(() => SafeInt, { description: 'On the shelf, free to be split.' })
  availableUnits: number;

  @Field(() => SafeInt, { description: 'On the shelf, set aside.' })
  quarantinedUnits: number;

  @Field(() => SafeInt, { description: 'On the way from one site to another.' })
  betweenSitesUnits: number;

  @Field(() => SafeInt, { description: 'Never arrived, or gone.' })
  lostUnits: number;

  @Field(() => SafeInt, { description: 'Thrown away, or not fit for use.' })
  discardedUnits: number;

  @Field(() => SafeInt, { description: 'Given back to the donor.' })
  returnedToDonorUnits: number;

  @Field(() => Int, { description: 'How many people got some of it, or are to get some.' })
  recipients: number;

  @Field(() => Int, { description: 'How many people counted what they got.' })
  confirmedRecipients: number;

  @Field(() => Int, { description: 'In how many countries those who counted it work.' })
  confirmedCountries: number;
}

@ObjectType('ImpactLine', {
  description:
    'What became of the units of one item. What was received and found is confirmed, delivered, on the way, promised, available, quarantined, between sites, lost, discarded or returned to the donor: every unit once.',
})
export class ImpactLineType extends ImpactFiguresType {
  itemId: string;
  itemCode: string;
  itemName: string;
}

@ObjectType('DonorImpact', { description: "What became of a donor's gifts." })
export class DonorImpactType extends ImpactFiguresType {
  shipmentId: string | null;

  @Field(() => DonorType, { description: 'Whose gifts.' })
  donor: DonorType;

  @Field(() => [String], {
    description:
      'Where those people work, ISO 3166-1 alpha-2; to donors, the countries where their gifts reached at least three.',
  })
  countries: string[];

  @Field(() => Int, {
    description: 'In how many further countries, which are not named, because few people are there.',
  })
  elsewhereCountries: number;

  @Field(() => [ImpactLineType], { description: 'Item by item, each with a sentence to the donor.' })
  lines: ImpactLineType[];
}
