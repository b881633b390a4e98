import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { ItemCategoryEnum } from '../catalogue/item.types.js';
import { connectionType } from '../platform/graphql/connection.js';
import { LocalDate, SafeInt } from '../platform/graphql/scalars.js';
import type { Period } from './period.rules.js';
import type { StatementSums } from './statement.rules.js';

@ObjectType('StatementItem', {
  description:
    'What went on in a period, of one item. Opening and promised units are delivered, returned, lost or taken back, or make up the closing units.',
})
export class StatementItemType implements StatementSums {
  itemId: string;

  @Field(() => SafeInt, { description: 'Promised before the period, and neither there nor over when it began.' })
  openingUnits: number;

  @Field(() => SafeInt, { description: 'Promised in the period by committed plans.' })
  promisedUnits: number;

  @Field(() => SafeInt, { description: 'Sent in the period.' })
  sentUnits: number;

  @Field(() => SafeInt, { description: 'Arrived in the period, as sent: counts are below.' })
  deliveredUnits: number;

  @Field(() => SafeInt, { description: 'Came back in the period.' })
  returnedUnits: number;

  @Field(() => SafeInt, { description: 'Given up as lost in the period.' })
  lostUnits: number;

  @Field(() => SafeInt, { description: 'Taken back in the period before they left.' })
  takenBackUnits: number;

  @Field(() => SafeInt, { description: 'Promised, and neither there nor over when the period ended.' })
  closingUnits: number;

  @Field(() => SafeInt, { description: 'Counted in the period.' })
  confirmedUnits: number;

  @Field(() => SafeInt, { description: 'Missing in counts of the period, of what arrived.' })
  missingUnits: number;
}

@ObjectType('StatementNeed', { description: 'What was asked for of one item or category, as it stands now.' })
export class StatementNeedType {
  itemId: string | null;

  @Field(() => ItemCategoryEnum, { nullable: true, description: 'Any item of it would do; null where one was named.' })
  category: ItemCategory | null;

  @Field(() => Int, { description: 'How many needs.' })
  needs: number;

  @Field(() => SafeInt, { description: 'What was asked for.' })
  statedUnits: number;

  @Field(() => SafeInt, { description: 'What plans gave for it.' })
  metUnits: number;

  @Field(() => SafeInt, { description: 'What is wanted still.' })
  openUnits: number;

  @Field(() => SafeInt, { description: 'What was not given before the need was withdrawn or expired.' })
  unmetUnits: number;
}

@ObjectType({ isAbstract: true })
abstract class OfPeriodType {
  period: Period;

  @Field(() => LocalDate, { description: 'The first day.' })
  from: string;

  @Field(() => LocalDate, { description: 'The last day.' })
  to: string;

  @Field({ description: 'Whose days: an IANA name.' })
  timeZone: string;
}

@ObjectType('RecipientStatement', {
  description: 'What a clinician was promised, sent and handed in a period, and what she needed.',
})
export class RecipientStatementType extends OfPeriodType {
  recipientId: string;
}

@ObjectType('MemberStatement', { description: 'What one member of a circle was promised, sent and handed.' })
export class MemberStatementType {
  @Field(() => ID, { description: 'The member.' })
  id: string;

  @Field(() => [StatementItemType], { description: 'Item by item, in the order of the catalogue.' })
  items: StatementItemType[];
}

export const MemberStatementConnection = connectionType('MemberStatement', () => MemberStatementType);

@ObjectType('GroupStatement', {
  description: 'What the members of a circle, as they are now, were promised, sent and handed in a period.',
})
export class GroupStatementType extends OfPeriodType {
  groupId: string;
}
