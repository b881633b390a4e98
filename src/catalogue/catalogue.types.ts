import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsIn, IsOptional, Max, MaxLength } from 'class-validator';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { PageArgs } from '../platform/graphql/connection.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { PositiveInt } from '../platform/graphql/scalars.js';
import { GtinKnownErrorType } from './gtin.types.js';
import { ITEM_SIZES, type ItemCategory, LONGEST_ITEM_CODE, MOST_UNITS_A_LINE } from './item.rules.js';
import { ItemCategoryEnum, ItemType, UnknownItemErrorType } from './item.types.js';
import { MOST_SUBSTITUTES } from './substitute.rules.js';

const SIZE = `One of ${ITEM_SIZES.join(', ')}`;
const IS_SIZE = { message: `must be one of ${ITEM_SIZES.join(', ')}` };

@ObjectType('ItemCodeTakenError', {
  implements: () => [UserErrorType],
  description: 'There is an item with this code.',
})
export class ItemCodeTakenErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ItemType, { description: 'Which.' })
  item: ItemType;
}

export const RegisterItemResult = resultUnion('RegisterItemResult', ItemType, 'Item', [
  ItemCodeTakenErrorType,
  GtinKnownErrorType,
]);
export const ReviseItemResult = resultUnion('ReviseItemResult', ItemType, 'Item', [UnknownItemErrorType]);
export const RankSubstitutesResult = resultUnion('RankSubstitutesResult', ItemType, 'Item', [UnknownItemErrorType]);

@ArgsType()
export class ItemsArgs extends PageArgs {
  @Field(() => [ItemCategoryEnum], { nullable: true, description: 'Of any of these categories.' })
  categories?: ItemCategory[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'With this in code, name or standard; case makes no difference.',
  })
  @IsOptional()
  @MaxLength(200)
  search?: string | null;
}

@ArgsType()
export class ItemArgs {
  @Field(() => ID, { nullable: true, description: 'Exactly one of id and code.' })
  @IsOptional()
  @IsId()
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as N95; case makes no difference.' })
  @IsOptional()
  @MaxLength(100)
  code?: string | null;
}

@InputType({ description: 'An item that is not in the catalogue yet.' })
export class RegisterItemInput extends KeyedInput {
  @Field({
    description: `What people will type: letters A to Z, digits and underscores, ${LONGEST_ITEM_CODE} at most. It never changes.`,
  })
  @IsSpoken()
  @MaxLength(LONGEST_ITEM_CODE)
  code: string;

  @Field({ description: 'In English.' })
  @IsSpoken()
  @MaxLength(200)
  name: string;

  @Field(() => ItemCategoryEnum, { description: 'What kind of protection. It never changes.' })
  category: ItemCategory;

  @Field(() => String, { nullable: true, description: 'Such as "NIOSH N95".' })
  @IsOptional()
  @MaxLength(200)
  standard?: string | null;

  @Field(() => String, { nullable: true, description: `${SIZE}.` })
  @IsOptional()
  @IsIn(ITEM_SIZES, IS_SIZE)
  size?: string | null;

  @Field(() => String, { nullable: true, description: 'The GTIN on its pack, which is learned with it.' })
  @IsOptional()
  @MaxLength(20)
  gtin?: string | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How many single units the pack with this GTIN holds; needed with a gtin.',
  })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, { message: `must be at most ${MOST_UNITS_A_LINE}` })
  unitsPerPack?: number | null;
}

@InputType({ description: 'What an item is called and described by from now on. What is left out stays as it is.' })
export class ReviseItemInput extends KeyedInput {
  @Field({ description: 'Which item.' })
  @IsSpoken()
  @MaxLength(100)
  itemCode: string;

  @Field(() => String, { nullable: true, description: 'In English.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as "NIOSH N95"; null: none.' })
  @IsOptional()
  @MaxLength(200)
  standard?: string | null;

  @Field(() => String, { nullable: true, description: `${SIZE}; null: not said.` })
  @IsOptional()
  @IsIn(ITEM_SIZES, IS_SIZE)
  size?: string | null;
}

@InputType({ description: 'What may be given in the place of an item, to whoever accepts it.' })
export class RankSubstitutesInput extends KeyedInput {
  @Field({ description: 'Which item.' })
  @IsSpoken()
  @MaxLength(100)
  itemCode: string;

  @Field(() => [String], {
    description: `The best first, at most ${MOST_SUBSTITUTES}, in the place of those ranked before. Such as protect as well or less. None: nothing stands in for it.`,
  })
  @ArrayMaxSize(MOST_SUBSTITUTES, { message: `must have at most ${MOST_SUBSTITUTES} items` })
  @MaxLength(100, { each: true })
  substituteCodes: string[];
}
