import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { IsId } from '../platform/graphql/checked.js';
import { PositiveInt } from '../platform/graphql/scalars.js';
import { PolicyInput } from '../policies/policy.types.js';

@InputType({ description: 'Which stock; nothing given: everything available.' })
export class StockChoice {
  @Field(() => [String], { nullable: true, description: 'Of these items.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'From these shipments.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  shipmentIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'These lots.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  lotIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'What stands at these sites.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  siteIds?: string[] | null;
}

@InputType({ description: 'Among whom; nothing given: every active recipient. Whoever is named twice counts once.' })
export class RecipientChoice {
  @Field(() => [ID], { nullable: true, description: 'The members of these groups.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  groupIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'These people.' })
  @IsOptional()
  @ArrayMaxSize(10_000)
  @IsId({ each: true })
  recipientIds?: string[] | null;
}

@InputType({ description: 'What to split among whom, and how.' })
export class PreviewAllocationInput {
  @Field(() => StockChoice, { nullable: true, description: 'Which stock; everything available when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => StockChoice)
  stock?: StockChoice | null;

  @Field(() => RecipientChoice, { nullable: true, description: 'Among whom; every active recipient when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => RecipientChoice)
  recipients?: RecipientChoice | null;

  @Field(() => ID, { nullable: true, description: 'An adopted policy.' })
  @IsOptional()
  @IsId()
  policyId?: string | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'Which version of the adopted policy; the newest when left out.',
  })
  @IsOptional()
  @Max(2_147_483_647)
  policyVersion?: number | null;

  @Field(() => PolicyInput, {
    nullable: true,
    description: 'A policy for this once. Neither: the built-in equal split by lottery.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => PolicyInput)
  policy?: PolicyInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether an item may be given in the place of another (Item.substitutes) to those whose need accepts it. Under claims by NEED or BURN_RATE they ask for it where the very item runs short; whatever claims are by, it counts towards those needs. Left out: not.',
  })
  @IsOptional()
  allowSubstitutes?: boolean | null;
}
