import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DeliveryStatusEnum } from '../deliveries/delivery.types.js';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import type { CauseKind } from '../history/entry.rules.js';
import { StockCauseEnum, StockCauseKindEnum, StockPlaceEnum } from '../history/entry.types.js';
import { connectionType } from '../platform/graphql/connection.js';
import { DateTime, SafeInt } from '../platform/graphql/scalars.js';
import { LotPlaceType } from '../stock/level.types.js';
import type { Cause, Place } from '../stock/ledger.rules.js';

@ObjectType('LotStateUnits', { description: 'Units of a lot that were given, whose parcels are in one state.' })
export class LotStateUnitsType {
  @Field(() => DeliveryStatusEnum, { description: 'The state.' })
  status: DeliveryStatus;

  @Field(() => SafeInt, { description: 'As packed.' })
  units: number;

  @Field(() => SafeInt, { description: 'As recipients counted.' })
  confirmedUnits: number;

  @Field(() => Int, { description: 'For how many people.' })
  recipients: number;
}

@ObjectType('LotStep', { description: 'A step of the way that units of a lot took: one entry of the ledger.' })
export class LotStepType {
  @Field(() => ID, { description: 'The entry.' })
  id: string;
  fromSiteId: string;
  toSiteId: string;
  actorId: string | null;
  reason: string | null;

  @Field(() => DateTime, { description: 'When it was written down.' })
  at: Date;

  @Field(() => Int, { description: 'How many moved at once, those that went on to somebody else included.' })
  units: number;

  @Field(() => StockPlaceEnum, { description: 'The place they left.' })
  fromPlace: Place;

  @Field(() => StockPlaceEnum, { description: 'The place they reached.' })
  toPlace: Place;

  @Field(() => StockCauseEnum, { description: 'Why.' })
  cause: Cause;

  @Field(() => StockCauseKindEnum, { description: 'What the id of the cause names.' })
  causeKind: CauseKind;

  @Field(() => ID, { description: 'What moved them.' })
  causeId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why, as a code, where a number was wrong or units were missing.',
  })
  reasonCode: string | null;
}

export const LotStepConnection = connectionType('LotStep', () => LotStepType);

@ObjectType('LotOrigin', { description: 'Where a lot came from: the line, the consignment and the donor.' })
export class LotOriginType {
  lotId: string;
  donorId: string;
  shipmentId: string;
  shipmentLineId: string;

  @Field(() => DateTime, { description: 'When it came into our hands.' })
  receivedAt: Date;
}

@ObjectType('LotTrace', {
  description:
    'Where the units of a lot are, who has them, and where they came from. The places sum to what was received and what counts found beyond.',
})
export class LotTraceType {
  lotId: string;

  @Field(() => Int, { description: 'What came in, as corrected.' })
  receivedUnits: number;

  @Field(() => Int, { description: 'What counts found beyond what came in and was lost.' })
  foundUnits: number;

  @Field(() => [LotPlaceType], { description: 'Every place at every site that holds units of it.' })
  places: LotPlaceType[];
}
