import { Field, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { NodeType } from '../platform/graphql/node.js';
import { UserErrorType } from '../platform/graphql/result.js';
import type { ItemCategory } from './item.rules.js';

export const ItemCategoryEnum = enumType<ItemCategory>(
  'ItemCategory',
  {
    MASK: 'Surgical masks and respirators.',
    PROTECTIVE_SUIT: 'Coveralls and gowns.',
    GOGGLES: 'Eye protection.',
    FACE_SHIELD: 'Face shields.',
    GLOVES: 'Gloves; a unit is a pair.',
    OTHER: 'Everything else.',
  },
  'What kind of protection an item is.',
);

@ObjectType('Item', { implements: () => [NodeType], description: 'An entry of the catalogue.' })
export class ItemType implements NodeType {
  id: string;

  @Field({ description: 'What people type: MASK, N95, COVERALL, ...' })
  code: string;

  @Field({ description: 'In English.' })
  name: string;

  @Field(() => ItemCategoryEnum, { description: 'What kind of protection.' })
  category: ItemCategory;

  @Field(() => String, { nullable: true, description: 'Such as "NIOSH N95", "EN 149 FFP2", "GB 2626-2006".' })
  standard: string | null;

  @Field(() => String, { nullable: true, description: 'ONE_SIZE, XS to XXXL, or MIXED.' })
  size: string | null;
}

export const ItemConnection = connectionType('Item', () => ItemType);

@ObjectType('UnknownItemError', { implements: () => [UserErrorType], description: 'There is no item with this code.' })
export class UnknownItemErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field({ description: 'The code that was given.' })
  itemCode: string;

  @Field(() => [String], { description: 'Codes that are near to it.' })
  didYouMean: string[];
}
