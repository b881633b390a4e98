import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { IsId } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { NodeType } from '../platform/graphql/node.js';
import { DateTime } from '../platform/graphql/scalars.js';
import type { Cause, Place } from '../stock/ledger.rules.js';
import { DateRange, IsTimeZone } from './distribution.types.js';
import type { CauseKind, EntryFilter } from './entry.rules.js';

export const StockPlaceEnum = enumType<Place>(
  'StockPlace',
  {
    SOURCE: 'The outside.',
    AVAILABLE: 'Free to be split.',
    ALLOCATED: 'Promised by a committed plan, not yet sent.',
    QUARANTINED: 'Set aside.',
    IN_TRANSIT: 'Sent, not yet there.',
    DELIVERED: 'In the hands of recipients.',
    RETURNED_TO_DONOR: 'Given back.',
    LOST: 'Gone, nobody knows where.',
    DISCARDED: 'Thrown away, or not fit for use.',
  },
  'Where units can be.',
);

export const StockCauseEnum = enumType<Cause>(
  'StockCause',
  {
    SHIPMENT_RECEIVED: 'Goods came in.',
    ALLOCATION_COMMITTED: 'A plan promised them.',
    ALLOCATION_CANCELLED: 'A promise was taken back.',
    DELIVERY_DISPATCHED: 'A parcel left.',
    DELIVERY_DELIVERED: 'A parcel arrived.',
    DELIVERY_CONFIRMED: 'A parcel was counted by its recipient.',
    DELIVERY_RETURNED: 'A parcel came back.',
    DELIVERY_LOST: 'A parcel never arrived.',
    DELIVERY_LINES_TAKEN_OUT: 'Lines were taken out of a parcel before it left.',
    TRANSFER_DISPATCHED: 'They were sent to another site.',
    TRANSFER_RECEIVED: 'They came from another site.',
    TRANSFER_CANCELLED: 'They stayed at their site after all.',
    TRANSFER_LOST: 'They left for another site and never arrived.',
    LOT_QUARANTINED: 'Their lot was set aside.',
    LOT_RELEASED: 'Their lot was made free again.',
    LOT_RECALLED: 'Their lot was called back.',
    INTAKE_CORRECTED: 'Another number had come in than was written down: no goods moved.',
    STOCK_RECOUNTED: 'A count differed: goods had gone, or turned up.',
    STOCK_DISCARDED: 'They were thrown away.',
    RETURNED_TO_DONOR: 'They were given back.',
  },
  'Why units moved.',
);

export const StockCauseKindEnum = enumType<CauseKind>(
  'StockCauseKind',
  {
    SHIPMENT: 'A shipment.',
    PLAN: 'A plan.',
    DELIVERY: 'A delivery.',
    TRANSFER: 'A transfer between sites.',
    LOT: 'The lot itself.',
    RECALL: 'A recall.',
  },
  'What the id of a cause names.',
);

@ObjectType('StockEntry', {
  implements: () => [NodeType],
  description: 'Units of one lot that moved from one place to another, once and for ever.',
})
export class StockEntryType implements NodeType {
  id: string;
  lotId: string;
  actorId: string | null;

  @Field(() => ID, { description: 'The site they left.' })
  fromSiteId: string;

  @Field(() => StockPlaceEnum, { description: 'The place they left.' })
  fromPlace: Place;

  @Field(() => Int, { description: 'How many units of the lot the place they left held before. SOURCE holds a debt.' })
  fromUnitsBefore: number;

  @Field(() => Int, { description: 'And how many since.' })
  fromUnitsAfter: number;

  @Field(() => ID, { description: 'The site they reached; the same one unless they were transferred.' })
  toSiteId: string;

  @Field(() => StockPlaceEnum, { description: 'The place they reached.' })
  toPlace: Place;

  @Field(() => Int, { description: 'How many units of the lot the place they reached held before.' })
  toUnitsBefore: number;

  @Field(() => Int, { description: 'And how many since.' })
  toUnitsAfter: number;

  @Field(() => Int, { description: 'How many moved.' })
  units: number;

  @Field(() => StockCauseEnum, { description: 'Why.' })
  cause: Cause;

  @Field(() => ID, { description: 'What moved them: `causeKind` says what the id names.' })
  causeId: string;

  @Field(() => StockCauseKindEnum, { description: 'What the id of the cause names.' })
  causeKind: CauseKind;

  @Field(() => String, { nullable: true, description: 'Why, in words, where somebody said so.' })
  reason: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, as a code, where a number was wrong or units did not arrive.',
  })
  reasonCode: string | null;

  @Field(() => DateTime, { description: 'When it was written down.' })
  recordedAt: Date;
}

export const StockEntryConnection = connectionType('StockEntry', () => StockEntryType);

@InputType('StockEntryFilter', { description: 'What is left out does not restrict; what is given must all hold.' })
export class StockEntryFilterInput implements EntryFilter {
  @Field(() => [ID], { nullable: true, description: 'Of any of these lots.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  lotIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of any of these items, as their lots are known now.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'That left or reached any of these sites.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  siteIds?: string[] | null;

  @Field(() => [StockPlaceEnum], { nullable: true, description: 'That left or reached any of these places.' })
  places?: Place[] | null;

  @Field(() => [StockCauseEnum], { nullable: true, description: 'For any of these causes.' })
  causes?: Cause[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Moved by any of these: shipments, plans, deliveries, transfers, lots, recalls.',
  })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  causeIds?: string[] | null;

  @Field(() => DateRange, { nullable: true, description: 'Written down on these days.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateRange)
  recordedOn?: DateRange | null;

  @Field(() => String, {
    nullable: true,
    description: 'For days: an IANA name such as America/New_York; UTC when left out.',
  })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;
}
