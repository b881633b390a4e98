import { ArgsType, Field } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { IsTimeZone } from '../history/distribution.types.js';
import { LocalDate } from '../platform/graphql/scalars.js';
import { badInput } from '../platform/rejection.js';
import { daysIn, type Period } from './period.rules.js';

/** The period that a statement is about. */
@ArgsType()
export class PeriodArgs {
  @Field(() => LocalDate, { description: 'The first day.' })
  from: string;

  @Field(() => LocalDate, { description: 'The last day.' })
  to: string;

  @Field(() => String, {
    nullable: true,
    description: 'Whose days: an IANA name such as America/New_York; UTC when left out.',
  })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;
}

/**
 * The period of these arguments.
 * @throws BAD_USER_INPUT where it ends before it begins
 */
export function periodOf({ from, to, timeZone }: Pick<PeriodArgs, 'from' | 'to' | 'timeZone'>): Period {
  if (daysIn({ from, to }) < 1) throw badInput('to', 'to: must not be before from');
  return { from, to, timeZone: timeZone ?? 'UTC' };
}
