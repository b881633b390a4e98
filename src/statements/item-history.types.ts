import { Field, ObjectType } from '@nestjs/graphql';
import { enumType } from '../platform/graphql/enum.js';
import { LocalDate, SafeInt } from '../platform/graphql/scalars.js';
import { type ItemPeriod, MOST_PERIODS, type PeriodLength } from './item-history.rules.js';

export const PeriodLengthEnum = enumType<PeriodLength>(
  'PeriodLength',
  { DAY: 'Calendar days.', WEEK: 'Weeks, from Monday.', MONTH: 'Calendar months.' },
  'How long the periods of a history are.',
);

@ObjectType('ItemPeriod', { description: 'What went on with an item in one period, out of the ledger.' })
export class ItemPeriodType implements ItemPeriod {
  @Field(() => LocalDate, { description: 'The first day.' })
  from: string;

  @Field(() => LocalDate, { description: 'The last day.' })
  to: string;

  @Field(() => SafeInt, { description: 'Came in; less than nothing where more was corrected down.' })
  receivedUnits: number;

  @Field(() => SafeInt, { description: 'What counts found beyond what came in and was lost.' })
  foundUnits: number;

  @Field(() => SafeInt, { description: 'Promised by plans.' })
  allocatedUnits: number;

  @Field(() => SafeInt, { description: 'Promised before, and put back on the shelf before they left.' })
  takenBackUnits: number;

  @Field(() => SafeInt, { description: 'Sent to recipients.' })
  dispatchedUnits: number;

  @Field(() => SafeInt, { description: 'Sent, and came back.' })
  returnedUnits: number;

  @Field(() => SafeInt, { description: 'Arrived, less what counts missed of what had arrived.' })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: 'Counted by recipients.' })
  confirmedUnits: number;

  @Field(() => SafeInt, { description: 'Lost, less what was found again.' })
  lostUnits: number;

  @Field(() => SafeInt, { description: 'Thrown away, or not fit for use.' })
  discardedUnits: number;

  @Field(() => SafeInt, { description: 'Given back to donors.' })
  returnedToDonorUnits: number;

  @Field(() => SafeInt, {
    description: 'In our hands when the period ended: available, allocated and quarantined, as stock(asOf) has it.',
  })
  onHandUnits: number;
}

@ObjectType('ItemHistory', {
  description: 'What went on with an item, period by period; its lots as they are known now.',
})
export class ItemHistoryType {
  itemId: string;

  @Field({ description: 'Whose days: an IANA name.' })
  timeZone: string;

  @Field(() => [ItemPeriodType], {
    description: `The first first; the first and the last may be cut. At most ${MOST_PERIODS}.`,
  })
  periods: ItemPeriodType[];
}
