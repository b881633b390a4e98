import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsISO31661Alpha2, IsOptional } from 'class-validator';
import type { Earmark } from '../engine/problem.js';
import { IsId } from '../platform/graphql/checked.js';
import { enumType } from '../platform/graphql/enum.js';
import { type EarmarkRequest, MOST_NAMED } from './earmark.rules.js';

const SOME = { message: 'must name somebody, or be left out' };
const FEW = { message: `must have at most ${MOST_NAMED} entries` };

export const EarmarkStrengthEnum = enumType<Earmark['strength']>(
  'EarmarkStrength',
  { ONLY: 'For nobody else.', FIRST: 'What they cannot take goes to everybody.' },
  'How strictly a gift is for those named.',
);

@ObjectType('Earmark', {
  description:
    'For whom a gift is: for those who match every list that is not empty, a list by any of its entries. Null: for everybody.',
})
export class EarmarkType {
  groupIds: string[];

  @Field(() => EarmarkStrengthEnum, { description: 'Whether for them only, or for them first.' })
  strength: Earmark['strength'];

  @Field(() => [String], { description: 'ISO 3166-1 alpha-2. None: wherever they are.' })
  countries: string[];

  @Field(() => [Int], { description: 'Exposure tiers, 1 to 3. None: whichever theirs is.' })
  tiers: number[];
}

@InputType({
  description: 'For whom a gift is: at least one list, and none of them empty. Who is named matches them all.',
})
export class EarmarkInput implements EarmarkRequest {
  @Field(() => EarmarkStrengthEnum, { description: 'Whether for them only, or for them first.' })
  strength: Earmark['strength'];

  @Field(() => [ID], { nullable: true, description: 'Members of any of these groups.' })
  @IsOptional()
  @ArrayMinSize(1, SOME)
  @ArrayMaxSize(MOST_NAMED, FEW)
  @IsId({ each: true })
  groupIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Who works in any of these, ISO 3166-1 alpha-2.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    Array.isArray(value) ? value.map((code: unknown) => (typeof code === 'string' ? code.toUpperCase() : code)) : value,
  )
  @ArrayMinSize(1, SOME)
  @ArrayMaxSize(MOST_NAMED, FEW)
  @IsISO31661Alpha2({ each: true, message: 'must be ISO 3166-1 alpha-2 country codes, such as US' })
  countries?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Whose exposure tier is any of these, 1 to 3.' })
  @IsOptional()
  @ArrayMinSize(1, SOME)
  @ArrayMaxSize(3, { message: 'must have at most 3 entries' })
  @IsIn([1, 2, 3], { each: true, message: 'must be 1, 2 or 3' })
  tiers?: number[] | null;
}

/** An earmark as it is shown. */
export function shownEarmark(earmark: Earmark | null): EarmarkType | null {
  if (earmark === null) return null;
  const { strength, groups = [], countries = [], tiers = [] } = earmark;
  return { strength, groupIds: groups, countries, tiers };
}
