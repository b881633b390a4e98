import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { Note } from '../engine/problem.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { SafeInt } from '../platform/graphql/scalars.js';
import type { Dimension } from './plan-fairness.rules.js';

export const PlanDimensionEnum = enumType<Dimension>(
  'PlanDimension',
  {
    GROUP: 'By group; who is in two groups counts in both. Not for recipients.',
    TIER: 'By exposure tier.',
    COUNTRY: 'By country.',
  },
  'What the people of a plan can be told apart by.',
);

const OF_CLAIMS = '0 to 1; null when somebody claims without bound.';

@ObjectType('PlanBreakdown', {
  description: 'How fair a plan is for one item among those who share a group, a tier or a country.',
})
export class PlanBreakdownType {
  itemCode: string;
  groupId: string | null;

  @Field(() => Int, { nullable: true, description: 'By TIER; null for those who have none.' })
  tier: number | null;

  @Field(() => String, { nullable: true, description: 'By COUNTRY; null for those who have none.' })
  country: string | null;

  @Field(() => Int, { description: 'Who claimed the item.' })
  people: number;

  @Field(() => Int, { description: 'Who gets something.' })
  servedRecipients: number;

  @Field(() => SafeInt, { nullable: true, description: 'What was claimed; null when without bound.' })
  claimedUnits: number | null;

  @Field(() => SafeInt, { description: 'What is given.' })
  awardedUnits: number;

  @Field(() => Float, { nullable: true, description: `The smallest part of a claim that is met, ${OF_CLAIMS}` })
  fillMin: number | null;

  @Field(() => Float, { nullable: true, description: `The mean part of a claim that is met, ${OF_CLAIMS}` })
  fillMean: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `The part of a claim that a tenth of them do not exceed, ${OF_CLAIMS}`,
  })
  fillP10: number | null;

  @Field(() => Float, { description: 'Gini coefficient of the awards: 0 when all get the same.' })
  gini: number;

  @Field(() => Float, { description: "Jain's index of the awards: 1 when all get the same." })
  jain: number;
}

export const PlanBreakdownConnection = connectionType('PlanBreakdown', () => PlanBreakdownType);

@ObjectType('PlanNoteFigure', { description: 'A number that stands in a note.' })
export class PlanNoteFigureType {
  @Field({ description: 'What it is: claim, median, guaranteed, estate, stages.0.units, ...' })
  name: string;

  @Field(() => Float, { description: 'How much.' })
  value: number;
}

@ObjectType('PlanNote', { description: 'Something to look at before a plan is committed.' })
export class PlanNoteType {
  // Resolved field by field.
  note: Note;

  @Field({ description: 'CLAIM_FAR_ABOVE_MEDIAN, GUARANTEES_NOT_COVERED, STAGES, ...: more will come.' })
  code: string;

  @Field(() => [PlanNoteFigureType], { description: 'The numbers behind the message, a hundred at most.' })
  figures: PlanNoteFigureType[];
}

export const PlanNoteConnection = connectionType('PlanNote', () => PlanNoteType);
