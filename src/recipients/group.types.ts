import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, MaxLength } from 'class-validator';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime } from '../platform/graphql/scalars.js';

@ObjectType('Group', {
  implements: () => [NodeType],
  description: 'A named circle of recipients. A person in two groups counts once in a split.',
})
export class GroupType implements NodeType {
  id: string;

  @Field({ description: 'No two groups share a name.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'What holds it together.' })
  description: string | null;

  @Field(() => DateTime, { description: 'When it was formed.' })
  createdAt: Date;
}

export const GroupConnection = connectionType('Group', () => GroupType);

@ObjectType('GroupNameTakenError', {
  implements: () => [UserErrorType],
  description: 'There is a group with this name already.',
})
export class GroupNameTakenErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That group.' })
  groupId: string;
}

export const FormGroupResult = resultUnion('FormGroupResult', GroupType, 'Group', [GroupNameTakenErrorType]);

@InputType({ description: 'Forms a group.' })
export class FormGroupInput extends KeyedInput {
  @Field({ description: 'No two groups share a name; case and spaces make no difference.' })
  @IsSpoken()
  @MaxLength(200)
  name: string;

  @Field(() => String, { nullable: true, description: 'What holds it together.' })
  @IsOptional()
  @MaxLength(2000)
  description?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Recipients who belong to it from the start.' })
  @IsOptional()
  @ArrayMaxSize(10_000)
  @IsId({ each: true })
  memberIds?: string[] | null;
}

@InputType({ description: 'Has recipients join and leave a group.' })
export class ChangeGroupMembersInput extends KeyedInput {
  @Field(() => ID, { description: 'Which group.' })
  @IsId()
  groupId: string;

  @Field(() => [ID], { nullable: true, description: 'Who joins; one who is a member already stays one.' })
  @IsOptional()
  @ArrayMaxSize(10_000)
  @IsId({ each: true })
  join?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Who leaves; one who is no member stays none.' })
  @IsOptional()
  @ArrayMaxSize(10_000)
  @IsId({ each: true })
  leave?: string[] | null;
}
