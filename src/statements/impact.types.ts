import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DonorType } from '../donors/donor.types.js';
import { DistributionSummaryRowType } from '../history/summary.types.js';
import { SafeInt } from '../platform/graphql/scalars.js';

@ObjectType('DonorImpact', { description: "What became of a donor's gifts." })
export class DonorImpactType {
  @Field(() => DonorType, { description: 'Whose gifts.' })
  donor: DonorType;

  @Field(() => SafeInt, { description: 'Accepted into stock.' })
  receivedUnits: number;

  @Field(() => SafeInt, { description: 'Set aside for recipients: all that was not cancelled or returned.' })
  allocatedUnits: number;

  @Field(() => SafeInt, { description: 'Arrived, as counted where it has been counted.' })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: 'Counted by recipients.' })
  confirmedUnits: number;

  @Field(() => Int, { description: 'How many people.' })
  recipients: number;

  @Field(() => [String], { description: 'Where they work, ISO 3166-1 alpha-2.' })
  countries: string[];

  @Field(() => [DistributionSummaryRowType], { description: 'The same by item.' })
  byItem: DistributionSummaryRowType[];
}
