import { Field, InputType, Int, ObjectType, OmitType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { IsSpoken } from '../platform/graphql/checked.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { PositiveInt } from '../platform/graphql/scalars.js';
import { LONGEST_CODE } from '../catalogue/gtin.types.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { MOST_SCANS } from './scan.rules.js';
import {
  DiscrepancyReasonRequiredErrorType,
  ReceiveShipmentInput,
  ShipmentNotReceivableErrorType,
} from './reception.types.js';
import { LogDonationInput, ShipmentType } from './shipment.types.js';

const TOO_MANY = { message: `must be at most ${MOST_UNITS_A_LINE}` };

@ObjectType('UnknownGtinError', {
  implements: () => [UserErrorType],
  description: 'Nobody has said yet what the GTIN of a scan stands for: learnGtin does.',
})
export class UnknownGtinErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'Which scan, counted from 0 as in input.scans.0.' })
  scan: number;

  @Field({ description: 'With all its 14 digits.' })
  gtin: string;
}

@ObjectType('ScannedTwiceError', {
  implements: () => [UserErrorType],
  description: 'The same pack (by GTIN and serial number) or the same logistic unit (by SSCC) was scanned twice.',
})
export class ScannedTwiceErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'Which scan, counted from 0 as in input.scans.0.' })
  scan: number;

  @Field(() => Int, { description: 'Which scan before it was of the same.' })
  firstScan: number;

  @Field({ description: 'With all its 14 digits.' })
  gtin: string;

  @Field(() => String, { nullable: true, description: 'The serial number; null where the code has none.' })
  serial: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The number of the logistic unit; null where the code has none.',
  })
  sscc: string | null;
}

@ObjectType('UnexpectedScanError', {
  implements: () => [UserErrorType],
  description: 'A scan is of an item that no line of the shipment is about.',
})
export class UnexpectedScanErrorType implements UserErrorType {
  message: string;
  code: string;
  itemId: string;

  @Field(() => Int, { description: 'Which scan, counted from 0 as in input.scans.0.' })
  scan: number;

  @Field({ description: 'With all its 14 digits.' })
  gtin: string;
}

export const LogScannedDonationResult = resultUnion('LogScannedDonationResult', ShipmentType, 'Shipment', [
  UnknownGtinErrorType,
  ScannedTwiceErrorType,
]);
export const ReceiveScansResult = resultUnion('ReceiveScansResult', ShipmentType, 'Shipment', [
  UnknownGtinErrorType,
  ScannedTwiceErrorType,
  UnexpectedScanErrorType,
  ShipmentNotReceivableErrorType,
  DiscrepancyReasonRequiredErrorType,
]);

@InputType({
  description:
    'A barcode that was scanned. It stands for so many single units: as many as `units` says; else `packs` (1 when left out) of the size that learnGtin was told, times what the code itself counts (30 or 37). Lot number (10) and last day of use (17) are those of the code.',
})
export class ScanInput {
  @Field({ description: 'As parseGs1 takes it; it must have a GTIN (01 or 02).' })
  @IsSpoken()
  @MaxLength(LONGEST_CODE)
  code: string;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How many packs with this very code; 1 when left out. One that has a serial number is scanned itself.',
  })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY)
  packs?: number | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How many single units were counted, of a pack that is open. Not together with packs.',
  })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY)
  units?: number | null;
}

const SCANS = `1 to ${MOST_SCANS}. Those of the same GTIN, lot number and expiry day are added up.`;

@InputType({ description: 'A gift that is here already, as it was scanned.' })
export class LogScannedDonationInput extends OmitType(LogDonationInput, ['lines'] as const) {
  @Field(() => [ScanInput], { description: SCANS })
  @ArrayMinSize(1, { message: 'must have a scan' })
  @ArrayMaxSize(MOST_SCANS, { message: `must have at most ${MOST_SCANS} scans` })
  @ValidateNested()
  @Type(() => ScanInput)
  scans: ScanInput[];
}

@InputType({ description: 'What arrived of a consignment, as it was scanned.' })
export class ReceiveScansInput extends OmitType(ReceiveShipmentInput, ['counts', 'unannounced'] as const) {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether scans of items that no line is about are taken in as goods that nobody announced; refused else.',
  })
  acceptUnannounced?: boolean | null;

  @Field(() => [ScanInput], {
    description: `${SCANS} Each is counted on the line of its lot, else on one of its item without a lot, else on one of its item.`,
  })
  @ArrayMinSize(1, { message: 'must have a scan' })
  @ArrayMaxSize(MOST_SCANS, { message: `must have at most ${MOST_SCANS} scans` })
  @ValidateNested()
  @Type(() => ScanInput)
  scans: ScanInput[];
}
