import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { badInput, isRefusal, type Refusal } from '../platform/rejection.js';
import { ImportService } from './import.service.js';
import {
  type ImportDonationsInput,
  type ImportNeedsInput,
  type ImportReportType,
  MOST_ROWS_A_CALL,
} from './import.types.js';
import { shapeOf } from './kind.rules.js';
import { BUILT_IN_MAPPINGS, extendedMapping, type Mapping } from './mapping.rules.js';
import type { ImportKind } from './report.rules.js';

/** As much of a text as is read at once. */
const PART_CHARACTERS = 65_536;

/** Imports tables that come as the text of a request. */
@Injectable()
export class ImportTextService {
  constructor(private readonly imports: ImportService) {}

  async run(
    { actor }: RequestContext,
    kind: ImportKind,
    input: ImportDonationsInput & Pick<ImportNeedsInput, 'createRecipients'>,
  ): Promise<ImportReportType | Refusal> {
    const dryRun = input.dryRun ?? false;
    const done = await this.imports.run({
      actor,
      kind,
      open: () => partsOf(input.csv),
      mapping: mappingOf(kind, input),
      dryRun,
      skipBadRows: input.skipBadRows ?? false,
      mostRows: MOST_ROWS_A_CALL,
      idempotencyKey: input.idempotencyKey ?? null,
      input,
    });
    return isRefusal(done) ? done : ({ ...done, dryRun } as unknown as ImportReportType);
  }
}

async function* partsOf(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += PART_CHARACTERS) yield text.slice(at, at + PART_CHARACTERS);
}

function mappingOf(
  kind: ImportKind,
  input: ImportDonationsInput & Pick<ImportNeedsInput, 'createRecipients'>,
): Mapping {
  const { fields } = shapeOf(kind);
  const columns = input.columns ?? [];
  const stray = columns.findIndex(({ field }) => !Object.hasOwn(fields, field));
  if (stray >= 0) {
    const field = `input.columns.${stray}.field`;
    throw badInput(field, `${field}: must be one of ${Object.keys(fields).join(', ')}`);
  }
  const own: Mapping = {
    columns: Object.fromEntries(columns.flatMap(({ field, column }) => (column == null ? [] : [[field, column]]))),
    defaults: Object.fromEntries(
      columns.flatMap((entry) => (entry.default == null ? [] : [[entry.field, entry.default]])),
    ),
    values: Object.fromEntries(
      columns.flatMap(({ field, values }) =>
        values == null ? [] : [[field, Object.fromEntries(values.map(({ from, to }) => [from, to ?? null]))]],
      ),
    ),
    ...(input.createRecipients != null && { createRecipients: input.createRecipients }),
    ...(input.mostUnits != null && { mostUnits: input.mostUnits }),
  };
  const base = input.mapping == null ? {} : BUILT_IN_MAPPINGS[input.mapping]!;
  if (Object.keys(base.columns ?? {}).some((field) => !Object.hasOwn(fields, field)))
    throw badInput('input.mapping', 'input.mapping: is a mapping for files of another kind');
  return extendedMapping(base, own);
}
