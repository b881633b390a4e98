import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsInt, IsOptional, Max, MaxLength, Min } from 'class-validator';
import { IsId } from '../platform/graphql/checked.js';
import { connectionType, PageArgs } from '../platform/graphql/connection.js';
import { LocalDate } from '../platform/graphql/scalars.js';
import { FARTHEST_EXPIRY_DAYS } from './expiry.rules.js';

const DAYS = { message: `must be from 0 to ${FARTHEST_EXPIRY_DAYS}` };

@ObjectType('ExpiringLot', { description: 'Units of a lot in our hands that expire soon, or have expired.' })
export class ExpiringLotType {
  lotId: string;

  @Field(() => LocalDate, { description: 'The last day on which it may be used.' })
  expiresOn: string;

  @Field(() => Int, { description: 'In our hands, at the sites asked for: available, allocated and quarantined.' })
  onHandUnits: number;

  @Field(() => Int, { description: 'Free to be split, if it has not expired.' })
  availableUnits: number;

  @Field(() => Int, { description: 'Promised by a committed plan, not yet sent.' })
  allocatedUnits: number;

  @Field(() => Int, { description: 'Set aside.' })
  quarantinedUnits: number;

  @Field(() => Int, { description: 'Sent, not yet there; at no site, so of the whole lot.' })
  inTransitUnits: number;

  @Field({
    description: 'Whether somebody is to get units of it: they are promised or on their way. lotTrace says who.',
  })
  atRisk: boolean;
}

export const ExpiringLotConnection = connectionType('ExpiringLot', () => ExpiringLotType);

@ArgsType()
export class ExpiringArgs extends PageArgs {
  @Field(() => Int, {
    description: `Those whose last day is within so many days: 0 to ${FARTHEST_EXPIRY_DAYS}. 0: today, or over.`,
  })
  @IsInt()
  @Min(0, DAYS)
  @Max(FARTHEST_EXPIRY_DAYS, DAYS)
  withinDays: number;

  @Field(() => [ID], { nullable: true, description: 'What stands at any of these sites.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  siteIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of any of these items.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;
}
