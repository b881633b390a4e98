import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedInput } from '../platform/graphql/checked.js';
import type { Refusal } from '../platform/rejection.js';
import {
  ImportDonationsInput,
  ImportNeedsInput,
  ImportRecipientsInput,
  type ImportReportType,
  ImportResult,
} from './import.types.js';
import { ImportTextService } from './import-text.service.js';

const SAFE_TO_REPEAT = 'All or nothing; a row that was imported before is not imported again.';

@Resolver()
export class ImportResolver {
  constructor(private readonly imports: ImportTextService) {}

  @Mutation(() => ImportResult, {
    description: `Writes down the gifts of a table: each is stock at once, from donors who are known by name or are registered. Consecutive rows of one donor, reference and day are one shipment. ${SAFE_TO_REPEAT}`,
  })
  @AllowedTo(...STAFF)
  importDonations(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ImportDonationsInput,
  ): Promise<ImportReportType | Refusal> {
    return this.imports.run(context, 'DONATION', input);
  }

  @Mutation(() => ImportResult, { description: `Registers the clinicians of a table. ${SAFE_TO_REPEAT}` })
  @AllowedTo(...STAFF)
  importRecipients(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ImportRecipientsInput,
  ): Promise<ImportReportType | Refusal> {
    return this.imports.run(context, 'RECIPIENT', input);
  }

  @Mutation(() => ImportResult, {
    description: `Writes down the needs of a table. One that was stated in the past may be over: it is history. ${SAFE_TO_REPEAT}`,
  })
  @AllowedTo(...STAFF)
  importNeeds(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ImportNeedsInput,
  ): Promise<ImportReportType | Refusal> {
    return this.imports.run(context, 'NEED', input);
  }
}
