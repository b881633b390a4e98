import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { SafeInt } from '../platform/graphql/scalars.js';
import type { DistributionFilter } from './distribution.rules.js';
import type { FairnessOrder, Figures } from './fairness.rules.js';

export const FairnessOrderEnum = enumType<FairnessOrder>(
  'FairnessOrder',
  {
    MOST_RECEIVED: 'Who has the most units comes first.',
    LEAST_FILLED:
      'Of whose claims the least part is met, to a millionth, comes first; those who claim without bound last.',
  },
  'How a list of recipients is ordered.',
);

const RECEIVED =
  'Set aside, sent or arrived, and not cancelled, returned or lost; as counted where it has been counted.';
const DELIVERED = 'Of these, arrived.';
const CONFIRMED = 'Of these, counted by the recipient.';

@ObjectType('RecipientFairness', { description: 'What one recipient claimed and received.' })
export class RecipientFairnessType {
  recipientId: string;

  @Field(() => SafeInt, { description: RECEIVED })
  receivedUnits: number;

  @Field(() => SafeInt, { description: DELIVERED })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: CONFIRMED })
  confirmedUnits: number;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'What she claimed in committed plans, summed over them; null when one claim is without bound.',
  })
  claimedUnits: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Received by claimed, 0 to 1; null when a claim is without bound.',
  })
  fill: number | null;

  @Field(() => Int, { description: 'How many lines of history.' })
  distributions: number;
}

export const RecipientFairnessConnection = connectionType('RecipientFairness', () => RecipientFairnessType);

@ObjectType('FairnessFigures', { description: 'How evenly something is spread over people, to four decimals.' })
export class FairnessFiguresType implements Figures {
  @Field(() => Int, { description: 'Over how many.' })
  people: number;

  @Field(() => Float, { description: 'The smallest.' })
  min: number;

  @Field(() => Float, { description: 'The mean.' })
  mean: number;

  @Field(() => Float, { description: 'The median; between two, their mean.' })
  median: number;

  @Field(() => Float, { description: 'What a tenth of them do not exceed.' })
  p10: number;

  @Field(() => Float, { description: 'Gini coefficient: 0 when all have the same.' })
  gini: number;

  @Field(() => Float, { description: "Jain's index: 1 when all have the same." })
  jain: number;
}

@ObjectType('FairnessTotals', { description: 'How evenly history gave.' })
export class FairnessTotalsType {
  @Field(() => Int, {
    description: 'Who received or claimed something, also who was eligible in a plan and got nothing.',
  })
  people: number;

  @Field(() => SafeInt, { description: RECEIVED })
  receivedUnits: number;

  @Field(() => SafeInt, { description: DELIVERED })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: CONFIRMED })
  confirmedUnits: number;

  @Field(() => FairnessFiguresType, { nullable: true, description: 'Of the units received; null over nobody.' })
  received: FairnessFiguresType | null;

  @Field(() => FairnessFiguresType, {
    nullable: true,
    description: 'Of the parts of claims that are met, over those whose claims have a bound; null over nobody.',
  })
  fill: FairnessFiguresType | null;
}

@ObjectType('Fairness', { description: 'Who received what part of what she claimed, over all plans.' })
export class FairnessType {
  // Its fields are read one by one.
  filter: DistributionFilter;
}
