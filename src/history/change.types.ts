import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { IsId } from '../platform/graphql/checked.js';
import { LotFieldEnum } from '../warehouse/lot-correction.types.js';
import type { LotField } from '../stock/lot.rules.js';
import { DateRange, IsTimeZone } from './distribution.types.js';

@InputType('LotChangeFilter', { description: 'What is left out does not restrict; what is given must all hold.' })
export class LotChangeFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Of any of these lots.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  lotIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Of lots that are, or once were thought to be, of any of these items, by code.',
  })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [LotFieldEnum], { nullable: true, description: 'Of any of these facts.' })
  fields?: LotField[] | null;

  @Field(() => DateRange, { nullable: true, description: 'Written down on these days.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateRange)
  recordedOn?: DateRange | null;

  @Field(() => String, {
    nullable: true,
    description: 'For days: an IANA name such as America/New_York; UTC when left out.',
  })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;
}
