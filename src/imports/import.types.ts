import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { PositiveInt, SafeInt } from '../platform/graphql/scalars.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import type { ImportFault } from './cell.rules.js';
import { BUILT_IN_MAPPINGS } from './mapping.rules.js';
import { type ImportKind, MOST_FAULTS_NAMED } from './report.rules.js';

/** The most rows one call takes; a body of 4 MiB holds about as many. */
export const MOST_ROWS_A_CALL = 50_000;

export const ImportKindEnum = enumType<ImportKind>(
  'ImportKind',
  {
    DONATION: 'Gifts that are here: they become stock.',
    RECIPIENT: 'Clinicians.',
    NEED: 'What clinicians need.',
  },
  'What a file is about.',
);

export const ImportFaultEnum = enumType<ImportFault>(
  'ImportFault',
  {
    MISSING: 'A field that is needed is empty.',
    TOO_MANY_CELLS: 'The row has more cells than the header.',
    NOT_TEXT: 'A character that cannot be kept.',
    TOO_LONG: 'A text longer than the field takes.',
    NOT_A_WHOLE_NUMBER: 'Not a whole number in plain digits; 20.0 is taken as 20, and 1,000 or 1.000 as nothing.',
    OUT_OF_RANGE: 'A number that is too small or too large.',
    NOT_A_DAY: 'Not a day as 2020-04-02, nor an instant with its time zone, such as 2020-04-02 16:27:00+00:00.',
    DAY_TO_COME: 'A day to come, where only one gone by can be meant.',
    DAY_GONE_BY: 'A need that was over before it was stated.',
    DAYS_OUT_OF_ORDER: 'A need that ends before it is needed.',
    UNKNOWN_WORD: 'Not one of the words that the field takes.',
    NOT_AN_EMAIL: 'Not an e-mail address.',
    NOT_A_PHONE_NUMBER: 'Not a phone number with its country code.',
    NOT_A_COUNTRY: 'Not an ISO 3166-1 alpha-2 code.',
    NOT_A_SUBDIVISION: 'Not an ISO 3166-2 code.',
    NOT_AN_ID: 'Not an id of this system.',
    UNKNOWN_ITEM: 'No item of the catalogue has this code or name.',
    ITEM_OR_CATEGORY: 'A need of neither an item nor a category, or of both.',
    AMBIGUOUS_DONOR: 'Several registered donors have this name.',
    UNKNOWN_GROUP: 'No group has this name.',
    EMAIL_TAKEN: 'Somebody in the register or in the file has this e-mail address.',
    UNKNOWN_RECIPIENT: 'Nobody has this id, e-mail address or reference.',
    RECIPIENTS_DIFFER: 'Id, e-mail address and reference are those of different people.',
    RECIPIENT_DEACTIVATED: 'The recipient has left.',
    CHANGED: 'A row with this reference was imported before, and said something else.',
  },
  'Why a row of a file cannot be taken in.',
);

@ObjectType('BadRow', {
  description: 'What is wrong with a row of a file, and where. It repeats no name and no address.',
})
export class BadRowType {
  @Field(() => Int, { description: 'As a spreadsheet counts rows: the header is row 1.' })
  row: number;

  @Field(() => String, {
    nullable: true,
    description: 'The header of the column; null where it is the whole row, or the field has no column.',
  })
  column: string | null;

  @Field(() => String, { nullable: true, description: 'The field it was read as; null where it is the whole row.' })
  field: string | null;

  @Field(() => ImportFaultEnum, { description: 'Why, as a code for programs.' })
  code: ImportFault;

  @Field({ description: 'Why, and how to write it, in a sentence for people.' })
  message: string;
}

const BAD_ROWS = `The first ${MOST_FAULTS_NAMED} faults, in the order of the file; a row with two faults stands twice. "npm run import" names them all.`;

@ObjectType('ImportReport', {
  description: 'What became of the rows of a file. Each is imported, known, left out or bad.',
})
export class ImportReportType {
  @Field(() => ID, { description: 'By which the journal names this import.' })
  importId: string;

  @Field(() => ImportKindEnum, { description: 'What the file is about.' })
  kind: ImportKind;

  @Field({ description: 'Whether this is what would have become of them: nothing was written.' })
  dryRun: boolean;

  @Field(() => Int, { description: 'Rows below the header that hold something.' })
  rows: number;

  @Field(() => Int, { description: 'Rows that were written.' })
  importedRows: number;

  @Field(() => Int, { description: 'Rows that were imported before, and are not written again.' })
  knownRows: number;

  @Field(() => Int, { description: 'Rows that the mapping leaves out.' })
  leftOutRows: number;

  @Field(() => Int, { description: 'Rows that cannot be taken in. Without skipBadRows there are none in a report.' })
  totalBadRows: number;

  @Field(() => [BadRowType], { description: BAD_ROWS })
  badRows: BadRowType[];

  @Field(() => SafeInt, { description: 'Units of the rows that were written.' })
  importedUnits: number;

  @Field(() => Int, { description: 'Donors who were registered.' })
  newDonors: number;

  @Field(() => Int, { description: 'Shipments that were written.' })
  newShipments: number;

  @Field(() => Int, { description: 'Recipients who were registered.' })
  newRecipients: number;

  @Field(() => [String], { description: 'Headers of columns that no field took: they were not read.' })
  ignoredColumns: string[];
}

@ObjectType('ImportRefusedError', {
  implements: () => [UserErrorType],
  description: 'Rows are bad, and skipBadRows was not asked for: nothing was written.',
})
export class ImportRefusedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'Rows below the header that hold something.' })
  rows: number;

  @Field(() => Int, { description: 'How many of them cannot be taken in.' })
  totalBadRows: number;

  @Field(() => [BadRowType], { description: BAD_ROWS })
  badRows: BadRowType[];
}

@ObjectType('ImportFileError', {
  implements: () => [UserErrorType],
  description:
    'The file cannot be read as a table. Codes: NOT_UTF8, EMPTY_FILE, BROKEN_QUOTES, ROW_TOO_LONG, MISSING_COLUMNS, AMBIGUOUS_COLUMNS, UNKNOWN_COLUMNS.',
})
export class ImportFileErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Where it shows, as a spreadsheet counts rows; null where nowhere.',
  })
  row: number | null;

  @Field(() => [String], { description: 'Fields that have no column, or headers that are doubtful or not there.' })
  columns: string[];
}

@ObjectType('TooManyRowsError', {
  implements: () => [UserErrorType],
  description: 'The file has more rows than one call takes.',
})
export class TooManyRowsErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'How many a call takes.' })
  mostRows: number;
}

export const ImportResult = resultUnion('ImportResult', ImportReportType, 'ImportReport', [
  ImportRefusedErrorType,
  ImportFileErrorType,
  TooManyRowsErrorType,
]);

@InputType({ description: 'What a value of a column means.' })
export class ValueMappingInput {
  @Field({ description: 'What stands in the cell; case makes no difference.' })
  @MaxLength(200)
  from: string;

  @Field(() => String, { nullable: true, description: 'What it means; null: rows with it are left out.' })
  @IsOptional()
  @MaxLength(200)
  to?: string | null;
}

@InputType({ description: 'Which column holds a field, and what stands in it.' })
export class ColumnMappingInput {
  @Field({ description: 'The field, such as units.' })
  @MaxLength(50)
  field: string;

  @Field(() => String, { nullable: true, description: 'The header of its column; found by its name when left out.' })
  @IsOptional()
  @MaxLength(200)
  column?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is where the cell is empty, or there is no column.' })
  @IsOptional()
  @MaxLength(200)
  default?: string | null;

  @Field(() => [ValueMappingInput], { nullable: true, description: 'Values that need translating; at most 500.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @ValidateNested()
  @Type(() => ValueMappingInput)
  values?: ValueMappingInput[] | null;
}

const MAPPINGS = Object.keys(BUILT_IN_MAPPINGS);

@InputType({ isAbstract: true })
class ImportInput extends KeyedInput {
  @Field({
    description: `A table as text: separated by commas, semicolons or tabs, its first row naming the columns in English or Chinese. At most ${MOST_ROWS_A_CALL} rows, and about 3.5 MB: the whole request may have 4 MiB. Larger files: "npm run import".`,
  })
  csv: string;

  @Field(() => String, {
    nullable: true,
    description: `A mapping that ships with the program: ${MAPPINGS.join(', ')}.`,
  })
  @IsOptional()
  @IsIn(MAPPINGS, { message: `must be one of ${MAPPINGS.join(', ')}` })
  mapping?: string | null;

  @Field(() => [ColumnMappingInput], {
    nullable: true,
    description: 'Columns that do not go by their names; on top of `mapping`, where both are given.',
  })
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateNested()
  @Type(() => ColumnMappingInput)
  columns?: ColumnMappingInput[] | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: `Rows of more units than this are reported as bad; ${MOST_UNITS_A_LINE} when left out, less where the mapping says so.`,
  })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE)
  mostUnits?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Answers what the import would, and writes nothing.' })
  dryRun?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Writes the good rows and reports the bad ones; else one bad row keeps the whole file out.',
  })
  skipBadRows?: boolean | null;
}

@InputType({
  description:
    'Fields: donor, item, units; donorKind, donorCountry, donorEmail, unitsPerPack, lotNumber, expiresOn, receivedOn (today when left out), reference (of the shipment), rowReference.',
})
export class ImportDonationsInput extends ImportInput {}

@InputType({
  description:
    'Fields: name; profession, specialty, facility, country, subdivision, email, phone, exposureTier, headcount, groups (names, separated by semicolons), reference.',
})
export class ImportRecipientsInput extends ImportInput {}

@InputType({
  description:
    'Fields: recipientId, email or recipientReference; item or category; units; neededBy (statedOn when left out), validUntil (60 days later), statedOn (today), supplyState, reference.',
})
export class ImportNeedsInput extends ImportInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Registers recipients of whom only an unknown reference is given, under it as their name.',
  })
  createRecipients?: boolean | null;
}
