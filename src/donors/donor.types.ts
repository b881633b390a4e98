import { Field, InputType, IntersectionType, ObjectType } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { IsEmail, IsISO31661Alpha2, IsOptional, IsPhoneNumber, MaxLength } from 'class-validator';
import { IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { DateTime } from '../platform/graphql/scalars.js';
import { NodeType } from '../platform/graphql/node.js';
import type { DonorKind } from './donor.rules.js';

export const DonorKindEnum = enumType<DonorKind>(
  'DonorKind',
  {
    PERSON: 'A private person.',
    COMPANY: 'A business.',
    ORGANISATION: 'A charity, association, foundation or the like.',
    GOVERNMENT: 'A public body.',
  },
  'What sort of giver a donor is.',
);

@ObjectType('Donor', { implements: () => [NodeType], description: 'Who gives.' })
export class DonorType implements NodeType {
  id: string;

  @Field({ description: '"Anonymous donor" where the donor wishes it and the viewer is not a coordinator.' })
  name: string;

  @Field(() => DonorKindEnum, { description: 'What sort of giver.' })
  kind: DonorKind;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2; null when not known, or not yours to see.' })
  country: string | null;

  @Field({ description: 'Whether the name is kept from all but coordinators.' })
  anonymous: boolean;

  @Field(() => String, { nullable: true, description: 'Null when not known, or not yours to see.' })
  email: string | null;

  @Field(() => String, { nullable: true, description: 'E.164; null when not known, or not yours to see.' })
  phone: string | null;

  @Field(() => DateTime, { description: 'When the donor was registered.' })
  createdAt: Date;
}

export const DonorConnection = connectionType('Donor', () => DonorType);

export const upperCase = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.trim().toUpperCase() : value,
);

@InputType({ description: 'A donor who is not registered yet.' })
export class NewDonorInput {
  @Field({ description: 'As it should stand on the receipt.' })
  @IsSpoken()
  @MaxLength(200)
  name: string;

  @Field(() => DonorKindEnum, { description: 'What sort of giver.' })
  kind: DonorKind;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, such as CN.' })
  @IsOptional()
  @upperCase
  @IsISO31661Alpha2({ message: 'must be an ISO 3166-1 alpha-2 country code, such as CN' })
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'Private.' })
  @IsOptional()
  @IsEmail({}, { message: 'must be an e-mail address' })
  @MaxLength(254)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'E.164, such as +14155550123. Private.' })
  @IsOptional()
  @IsPhoneNumber(undefined, { message: 'must be a phone number with its country code, such as +14155550123' })
  phone?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Keep the name from all but coordinators.' })
  anonymous?: boolean | null;
}

@InputType({ description: 'Registers a donor.' })
export class RegisterDonorInput extends IntersectionType(NewDonorInput, KeyedInput) {}
