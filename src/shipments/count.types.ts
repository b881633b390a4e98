import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node.js';
import { DateTime, LocalDate } from '../platform/graphql/scalars.js';

@ObjectType('ShipmentCount', {
  implements: () => [NodeType],
  description: 'What one visit to the parcel counted of a line. It is never changed; the line has the sums.',
})
export class ShipmentCountType implements NodeType {
  id: string;
  lotId: string | null;
  actorId: string | null;

  @Field(() => Int, { description: 'Taken in.' })
  acceptedUnits: number;

  @Field(() => Int, { description: 'Not taken in.' })
  rejectedUnits: number;

  @Field(() => String, { nullable: true, description: 'Why not.' })
  rejectReason: string | null;

  @Field(() => String, { nullable: true, description: 'As it stood on the box.' })
  lotNumber: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'As it stood on the box.' })
  expiresOn: string | null;

  @Field(() => DateTime, { description: 'When it was counted.' })
  at: Date;
}

export const ShipmentCountConnection = connectionType('ShipmentCount', () => ShipmentCountType);
