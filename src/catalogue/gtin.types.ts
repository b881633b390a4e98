import { ArgsType, Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, Max, MaxLength } from 'class-validator';
import { IsSpoken } from '../platform/graphql/checked.js';
import { connectionType, PageArgs } from '../platform/graphql/connection.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, LocalDate, PositiveInt } from '../platform/graphql/scalars.js';
import { MOST_UNITS_A_LINE } from './item.rules.js';
import { UnknownItemErrorType } from './item.types.js';

/** No symbol holds more characters than a small part of this. */
export const LONGEST_CODE = 1000;

@ObjectType('Gtin', {
  implements: () => [NodeType],
  description: 'What a GTIN (the number of an EAN, UPC or GS1 barcode) stands for, learned once.',
})
export class GtinType implements NodeType {
  id: string;
  itemId: string;

  @Field({ description: 'With all its 14 digits: an EAN-13 has one zero before it, a UPC two, an EAN-8 six.' })
  gtin: string;

  @Field(() => Int, { description: 'How many single units the pack with this GTIN holds; 1 where it is on each.' })
  unitsPerPack: number;

  @Field(() => DateTime, { description: 'When it was learned, or corrected last.' })
  learnedAt: Date;
}

export const GtinConnection = connectionType('Gtin', () => GtinType);

@ObjectType('Gs1Element', { description: 'An application identifier and its value, as they stand in a barcode.' })
export class Gs1ElementType {
  @Field({ description: 'Two to four digits, such as 17.' })
  ai: string;

  @Field({ description: 'What the GS1 General Specifications call it, such as USE BY or EXPIRY.' })
  title: string;

  @Field({ description: 'As it stands in the code.' })
  value: string;
}

@ObjectType('Gs1Scan', {
  description:
    'What a barcode says, by the GS1 General Specifications. Of two-digit years the one from 49 years ago to 50 years ahead is meant (7.12); a day 00 is the last of its month. Null where the code says nothing.',
})
export class Gs1ScanType {
  @Field(() => String, {
    nullable: true,
    description: 'With all its 14 digits: of the pack (01), or of the packs in it (02).',
  })
  gtin: string | null;

  @Field(() => String, { nullable: true, description: 'The batch or lot number (10).' })
  lotNumber: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'When it was made (11).' })
  producedOn: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Best before (15). It is not taken for the last day of use.' })
  bestBefore: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last day of use (17, or the day of 7003).' })
  expiresOn: string | null;

  @Field(() => String, { nullable: true, description: 'The serial number (21).' })
  serial: string | null;

  @Field(() => Int, { nullable: true, description: 'How many are in it (30 or 37).' })
  count: number | null;

  @Field(() => String, { nullable: true, description: 'The number of the logistic unit (00).' })
  sscc: string | null;

  @Field(() => [Gs1ElementType], { description: 'All that stands in the code, in its order.' })
  elements: Gs1ElementType[];
}

@ObjectType('GtinKnownError', {
  implements: () => [UserErrorType],
  description: 'The GTIN is known as something else.',
})
export class GtinKnownErrorType implements UserErrorType {
  message: string;
  code: string;
  itemId: string;

  @Field({ description: 'With all its 14 digits.' })
  gtin: string;

  @Field(() => Int, { description: 'As it is known.' })
  unitsPerPack: number;
}

export const LearnGtinResult = resultUnion('LearnGtinResult', GtinType, 'Gtin', [
  UnknownItemErrorType,
  GtinKnownErrorType,
]);

@ArgsType()
export class GtinsArgs extends PageArgs {
  @Field(() => [String], { nullable: true, description: 'Of any of these items, by code.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;
}

@ArgsType()
export class Gs1Args {
  @Field({
    description:
      'As the scanner sends it, FNC1 as ASCII 29 (with or without ]C1, ]d2, ]Q3, ]e0, ]J1), as people read it, (01)...(17)..., or the 8, 12, 13 or 14 digits of a GTIN alone.',
  })
  @MaxLength(LONGEST_CODE)
  code: string;
}

@InputType({ description: 'What a GTIN stands for.' })
export class LearnGtinInput extends KeyedInput {
  @Field({ description: '8, 12, 13 or 14 digits, the last of them a check digit.' })
  @IsSpoken()
  @MaxLength(20)
  gtin: string;

  @Field({ description: 'A code of the catalogue.' })
  @IsSpoken()
  @MaxLength(100)
  itemCode: string;

  @Field(() => PositiveInt, {
    description: `How many single units the pack with this GTIN holds: 1 to ${MOST_UNITS_A_LINE}.`,
  })
  @Max(MOST_UNITS_A_LINE, { message: `must be at most ${MOST_UNITS_A_LINE}` })
  unitsPerPack: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: what was known otherwise is corrected, for the reason given. Else that is refused.',
  })
  @IsOptional()
  replace?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Why it is corrected: for the journal.' })
  @IsOptional()
  @MaxLength(500)
  reason?: string | null;
}
