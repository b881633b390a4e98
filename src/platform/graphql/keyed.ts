import { Field, InputType } from '@nestjs/graphql';
import { IsOptional, Length } from 'class-validator';

/** What the input of every writing mutation takes besides its own fields. */
@InputType({ isAbstract: true })
export class KeyedInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Of your making, 1 to 200 characters. Repeating the call with the same key changes nothing and gives the first answer.',
  })
  @IsOptional()
  @Length(1, 200, { message: 'must have 1 to 200 characters' })
  idempotencyKey?: string | null;
}
