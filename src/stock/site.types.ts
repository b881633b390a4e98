import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsISO31661Alpha2, IsOptional, MaxLength } from 'class-validator';
import { upperCase } from '../donors/donor.types.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, SafeInt } from '../platform/graphql/scalars.js';

@ObjectType('Site', {
  implements: () => [NodeType],
  description: 'Where stock stands: a clinic, a garage. Never deleted.',
})
export class SiteType implements NodeType {
  id: string;
  // Shown to those who may know.
  address: string | null;
  note: string | null;
  closedBecause: string | null;

  @Field({ description: 'No two open sites share a name.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  country: string | null;

  @Field({ description: 'Whether goods go here when nobody says where.' })
  isDefault: boolean;

  @Field(() => DateTime, { description: 'When it was registered.' })
  openedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was closed; null while it is open.' })
  closedAt: Date | null;
}

export const SiteConnection = connectionType('Site', () => SiteType);

@ObjectType('SiteNameTakenError', {
  implements: () => [UserErrorType],
  description: 'There is an open site with this name already.',
})
export class SiteNameTakenErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That site.' })
  siteId: string;
}

@ObjectType('SiteClosedError', { implements: () => [UserErrorType], description: 'The site is closed.' })
export class SiteClosedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That site.' })
  siteId: string;

  @Field(() => DateTime, { description: 'Since when.' })
  closedSince: Date;
}

@ObjectType('SiteIsDefaultError', {
  implements: () => [UserErrorType],
  description: 'The default site cannot be closed before another one is made the default.',
})
export class SiteIsDefaultErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That site.' })
  siteId: string;
}

@ObjectType('SiteInUseError', {
  implements: () => [UserErrorType],
  description: 'Stock or parcels stand at the site, or transfers are on their way from or to it.',
})
export class SiteInUseErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That site.' })
  siteId: string;

  @Field(() => SafeInt, { description: 'Free to be split.' })
  availableUnits: number;

  @Field(() => SafeInt, { description: 'Set aside.' })
  quarantinedUnits: number;

  @Field(() => SafeInt, { description: 'In parcels that are packed or on their way from there.' })
  parcelUnits: number;

  @Field(() => Int, { description: 'Transfers under way, from there or to there.' })
  transfers: number;
}

export const RegisterSiteResult = resultUnion('RegisterSiteResult', SiteType, 'Site', [SiteNameTakenErrorType]);
export const ReviseSiteResult = resultUnion('ReviseSiteResult', SiteType, 'Site', [
  SiteNameTakenErrorType,
  SiteClosedErrorType,
]);
export const CloseSiteResult = resultUnion('CloseSiteResult', SiteType, 'Site', [
  SiteInUseErrorType,
  SiteIsDefaultErrorType,
  SiteClosedErrorType,
]);
export const MakeSiteDefaultResult = resultUnion('MakeSiteDefaultResult', SiteType, 'Site', [SiteClosedErrorType]);

@InputType({ isAbstract: true })
abstract class SiteFactsInput extends KeyedInput {
  @Field(() => String, { nullable: true, description: 'Where it is.' })
  @IsOptional()
  @MaxLength(500)
  address?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  @IsOptional()
  @upperCase
  @IsISO31661Alpha2({ message: 'must be an ISO 3166-1 alpha-2 country code, such as US' })
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'What one should know before going there.' })
  @IsOptional()
  @MaxLength(2000)
  note?: string | null;
}

@InputType({ description: 'Opens a site.' })
export class RegisterSiteInput extends SiteFactsInput {
  @Field({ description: 'No two open sites share a name; case and spaces make no difference.' })
  @IsSpoken()
  @MaxLength(200)
  name: string;
}

@InputType({ description: 'Changes what is known of a site. What is left out stays; null takes it away.' })
export class ReviseSiteInput extends SiteFactsInput {
  @Field(() => ID, { description: 'Which site.' })
  @IsId()
  siteId: string;

  @Field(() => String, { nullable: true, description: 'Its new name; it cannot be taken away.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  name?: string | null;
}

@InputType({ description: 'Closes a site where nothing stands any more.' })
export class CloseSiteInput extends KeyedInput {
  @Field(() => ID, { description: 'Which site.' })
  @IsId()
  siteId: string;

  @Field({ description: 'Why; kept with the site and in the journal.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

@InputType({ description: 'Has goods go to a site when nobody says where.' })
export class MakeSiteDefaultInput extends KeyedInput {
  @Field(() => ID, { description: 'Which site.' })
  @IsId()
  siteId: string;
}
