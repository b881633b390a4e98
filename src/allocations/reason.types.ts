import { Field, Int, ObjectType } from '@nestjs/graphql';
import { SafeInt } from '../platform/graphql/scalars.js';

@ObjectType('AwardReason', { description: 'Why that many: the figures behind the sentence.' })
export class AwardReasonType {
  @Field(() => SafeInt, { nullable: true, description: 'What was claimed; null when without bound.' })
  claimUnits: number | null;

  @Field({ description: 'The share before rounding, as a whole number or a fraction such as 250/7.' })
  exactShare: string;

  @Field(() => Int, { description: 'What everybody in the same position gets.' })
  floorUnits: number;

  @Field(() => Int, {
    description: '1 for those who got one of the single units left over; a pack, where packs are shared.',
  })
  extraUnits: number;

  @Field(() => Int, { nullable: true, description: 'Place among those who contended for single units.' })
  rank: number | null;

  @Field(() => Int, { nullable: true, description: 'The last place that got one.' })
  cutoff: number | null;

  @Field({ description: 'What kept it from being more: SUPPLY, CLAIM, CAP, PACK, MINIMUM_LOT, TIER.' })
  bindingConstraint: string;

  @Field(() => SafeInt, { description: 'Units of the item there were to give, what was kept in reserve included.' })
  supplyUnits: number;

  @Field(() => Int, { description: 'How many people wanted the item and may have any of it.' })
  people: number;

  @Field(() => SafeInt, { description: 'Hers: two people of weight 1 are as one of weight 2.' })
  weight: number;

  @Field(() => SafeInt, { nullable: true, description: 'What everybody was guaranteed; null without a guarantee.' })
  guaranteeUnits: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'The most one person may get; null without a cap.' })
  capUnits: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'With less than this nobody ends who gets anything; null without a minimum lot.',
  })
  minimumLotUnits: number | null;

  @Field(() => Int, { nullable: true, description: 'Units a pack; null where single units were shared.' })
  packUnits: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'What she had received before and counts as hers; null where earlier plans do not count.',
  })
  receivedUnits: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'By how much earlier plans had rounded her down, such as 1/3; null where it does not decide.',
  })
  deficit: string | null;
}
