import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsEmail,
  IsInt,
  IsISO31661Alpha2,
  IsOptional,
  IsPhoneNumber,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { upperCase } from '../donors/donor.types.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { DateTime, PositiveInt } from '../platform/graphql/scalars.js';
import { MOST_REGISTERED_AT_ONCE, type RecipientStatus } from './recipient.rules.js';

export const RecipientStatusEnum = enumType<RecipientStatus>(
  'RecipientStatus',
  {
    PENDING: 'Registered, not yet confirmed by a coordinator.',
    ACTIVE: 'Takes part in splits.',
    PAUSED: '"Enough, thank you": takes no part until she asks again.',
    DEACTIVATED: 'Has left. Her history stays.',
  },
  'Where a recipient stands.',
);

const PRIVATE = 'Null when not known, or not yours to see.';

@ObjectType('Recipient', { implements: () => [NodeType], description: 'A clinician who receives.' })
export class RecipientType implements NodeType {
  id: string;

  @Field({ description: 'For coordinators and herself; a pseudonym, always the same, for everyone else.' })
  name: string;

  @Field(() => String, { nullable: true, description: PRIVATE })
  profession: string | null;

  @Field(() => String, { nullable: true, description: PRIVATE })
  specialty: string | null;

  @Field(() => String, { nullable: true, description: `Where she works. ${PRIVATE}` })
  facility: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  country: string | null;

  @Field(() => String, { nullable: true, description: `ISO 3166-2. ${PRIVATE}` })
  subdivision: string | null;

  @Field(() => String, { nullable: true, description: PRIVATE })
  email: string | null;

  @Field(() => String, { nullable: true, description: `E.164. ${PRIVATE}` })
  phone: string | null;

  @Field(() => Int, { description: '1 aerosol-generating procedures or ICU, 2 direct COVID care, 3 other care.' })
  exposureTier: number;

  @Field(() => Int, { description: 'How many people she collects for, herself included.' })
  headcount: number;

  @Field(() => RecipientStatusEnum, { description: 'Whether she takes part in splits.' })
  status: RecipientStatus;

  @Field(() => DateTime, { description: 'When she was registered.' })
  createdAt: Date;
}

export const RecipientConnection = connectionType('Recipient', () => RecipientType);

@ObjectType('RegisteredRecipients', { description: 'The people of one registration.' })
export class RegisteredRecipientsType {
  @Field(() => [RecipientType], { description: 'In the order in which they were given.' })
  recipients: RecipientType[];
}

@InputType({ description: 'A clinician to be registered.' })
export class RecipientInput {
  @Field({ description: 'Her name.' })
  @IsSpoken()
  @MaxLength(200)
  name: string;

  @Field(() => String, { nullable: true, description: 'Such as "physician" or "nurse".' })
  @IsOptional()
  @MaxLength(200)
  profession?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as "anaesthesiology".' })
  @IsOptional()
  @MaxLength(200)
  specialty?: string | null;

  @Field(() => String, { nullable: true, description: 'Where she works.' })
  @IsOptional()
  @MaxLength(200)
  facility?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, such as US.' })
  @IsOptional()
  @upperCase
  @IsISO31661Alpha2({ message: 'must be an ISO 3166-1 alpha-2 country code, such as US' })
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-2, such as US-NY.' })
  @IsOptional()
  @upperCase
  @Matches(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, { message: 'must be an ISO 3166-2 code, such as US-NY' })
  subdivision?: string | null;

  @Field(() => String, { nullable: true, description: 'Hers alone: no two recipients share an address.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value))
  @IsEmail({}, { message: 'must be an e-mail address' })
  @MaxLength(254)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'E.164, such as +14155550123.' })
  @IsOptional()
  @IsPhoneNumber(undefined, { message: 'must be a phone number with its country code, such as +14155550123' })
  phone?: string | null;

  @Field(() => Int, { nullable: true, description: '1, 2 or 3; 3 when left out.' })
  @IsOptional()
  @IsInt()
  @Min(1, { message: 'must be 1, 2 or 3' })
  @Max(3, { message: 'must be 1, 2 or 3' })
  exposureTier?: number | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How many people she collects for, herself included; 1 when left out.',
  })
  @IsOptional()
  @Max(100_000)
  headcount?: number | null;
}

@InputType({ description: 'Registers clinicians, all or none.' })
export class RegisterRecipientsInput extends KeyedInput {
  @Field(() => [RecipientInput], { description: `1 to ${MOST_REGISTERED_AT_ONCE} people.` })
  @ArrayMinSize(1, { message: 'must name somebody' })
  @ArrayMaxSize(MOST_REGISTERED_AT_ONCE, { message: `must name at most ${MOST_REGISTERED_AT_ONCE} people` })
  @ValidateNested()
  @Type(() => RecipientInput)
  recipients: RecipientInput[];

  @Field(() => [ID], { nullable: true, description: 'Groups that all of them join.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  groupIds?: string[] | null;
}

@InputType({ description: 'Changes whether a recipient takes part in splits.' })
export class ChangeRecipientStatusInput extends KeyedInput {
  @Field(() => ID, { description: 'Whose.' })
  @IsId()
  recipientId: string;

  @Field(() => RecipientStatusEnum, { description: 'From now on.' })
  status: RecipientStatus;

  @Field(() => String, { nullable: true, description: 'Why; kept in the journal.' })
  @IsOptional()
  @MaxLength(500)
  reason?: string | null;
}
