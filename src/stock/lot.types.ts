import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Earmark } from '../engine/problem.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { NodeType } from '../platform/graphql/node.js';
import { DateTime, LocalDate } from '../platform/graphql/scalars.js';
import type { LotCondition } from './ledger.rules.js';

export const LotConditionEnum = enumType<LotCondition>(
  'LotCondition',
  { GOOD: 'Fit for use until it expires.', QUARANTINED: 'Set aside.', RECALLED: 'Called back: never split.' },
  'Whether a lot may be used. Whether it has expired follows from its day.',
);

@ObjectType('Lot', {
  implements: () => [NodeType],
  description: 'What one line of a shipment became when it was received.',
})
export class LotType implements NodeType {
  id: string;
  itemId: string;
  donorId: string;
  shipmentId: string;
  // Resolved as it is shown.
  earmark: Earmark | null;

  @Field(() => String, { nullable: true, description: "The maker's number, where it was written down." })
  lotNumber: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last day on which it may be used.' })
  expiresOn: string | null;

  @Field(() => Int, { nullable: true, description: 'How it is packed, where that was written down.' })
  unitsPerPack: number | null;

  @Field(() => LotConditionEnum, { description: 'Whether it may be used.' })
  condition: LotCondition;

  @Field(() => DateTime, { description: 'When it came into our hands.' })
  receivedAt: Date;
}

export const LotConnection = connectionType('Lot', () => LotType);
