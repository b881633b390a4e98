import { Field, ID, InputType } from '@nestjs/graphql';
import { IsIn, IsOptional, MaxLength } from 'class-validator';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { DISCREPANCY_REASONS, type DiscrepancyReason } from '../stock/ledger.rules.js';

const REASON_CODE = { message: `must be one of ${DISCREPANCY_REASONS.join(', ')}` };

/** What every change of a lot takes: which one, and why in words. */
@InputType({ isAbstract: true })
export abstract class LotInput extends KeyedInput {
  @Field(() => ID, { description: 'Which lot.' })
  @IsId()
  lotId: string;

  @Field({ description: 'Why; kept with every entry and in the journal. No names of recipients.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

/** What every correction takes: why as a code, too. */
@InputType({ isAbstract: true })
export abstract class CorrectionInput extends LotInput {
  @Field(() => String, { description: `Why, as a code: ${DISCREPANCY_REASONS.join(', ')}.` })
  @IsIn(DISCREPANCY_REASONS, REASON_CODE)
  reasonCode: DiscrepancyReason;
}

/** A correction of what stands at one site. */
@InputType({ isAbstract: true })
export abstract class ShelfInput extends CorrectionInput {
  @Field(() => ID, { nullable: true, description: 'At which site; the default one when left out.' })
  @IsOptional()
  @IsId()
  siteId?: string | null;
}
