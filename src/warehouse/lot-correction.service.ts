import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { connect, type Connection, pageOf, type PageArgs, type Rows } from '../platform/graphql/connection.js';
import { pageLoaderOf } from '../platform/graphql/loader.js';
import { badInput, forbidden, unrefused } from '../platform/rejection.js';
import { earmarkOf } from '../stock/earmark.rules.js';
import type { CorrectLotInput } from './lot-correction.types.js';
import type { LotFacts } from '../stock/lot.rules.js';
import { type ExplainedLotChange, LotChangeRepository } from './lot-change.repository.js';
import { LotService } from '../stock/lot.service.js';
import { RenumberingService } from '../stock/renumbering.service.js';
import type { Lot } from '../stock/stock.entity.js';

/** Told before a lot is earmarked anew: whoever knows groups refuses those that do not exist. */
export interface EarmarkNamed {
  /** Where the request names them: `input.earmark.groupIds`. */
  readonly field: string;
  readonly groupIds: readonly string[];
}

/** Corrects what was written down of a lot, and shows what was. */
@Injectable()
export class LotCorrectionService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotService,
    private readonly changes: LotChangeRepository,
    private readonly facts: Facts,
    private readonly renumbering: RenumberingService,
  ) {}

  /**
   * Writes down that a lot is otherwise. Units stay where they are, unless it turns out to carry a number that is called
   * back; previews that counted on it are stale by it.
   */
  async correct(context: RequestContext, input: CorrectLotInput): Promise<Lot> {
    const { idempotencyKey: key, lotId, reason, reasonCode } = input;
    const facts = factsOf(input);
    // What is left out and what is said to be unknown are two requests, and look alike to whoever compares them by key.
    const cleared = Object.entries(facts).flatMap(([name, value]) => (value === null ? name : []));
    const command = { actor: context.actor, action: 'correctLot', key, input: { ...input, cleared }, reason };
    const done = await this.database.write(command, async (tx) => {
      const groupIds = facts.earmark?.groups ?? [];
      const named: EarmarkNamed = { field: 'input.earmark.groupIds', groupIds: input.earmark?.groupIds ?? [] };
      if (groupIds.length > 0) await this.facts.tell(tx, 'lot.earmarkNamed', named);
      const known = await this.lots.find(tx, [lotId]);
      const kept = await this.renumbering.begin(
        tx,
        known.map((lot) => ({ lot, facts })),
      );
      // No unit moves by this alone, so no balance is locked: who commits meanwhile reads the lot as it was, and was first.
      const lot = await this.lots.lockOne(tx, lotId);
      const renumberedIds = await this.renumbering.changeEach(tx, kept, [{ lot, facts }], reason, reasonCode);
      return { lotId, renumberedIds };
    });
    const { renumberedIds } = unrefused(done);
    await this.renumbering.settle(context.actor, renumberedIds);
    return this.lots.fresh(context, lotId);
  }

  /** What of a lot was corrected, the newest first; asked for many lots in one turn, one statement reads them all. */
  async changesOf(context: RequestContext, lotId: string, args: PageArgs): Promise<Connection<ExplainedLotChange>> {
    if (!seesEverything(context.viewer)) throw forbidden('What of a lot was corrected is not yours to see.');
    const page = pageOf(args, 'lotChanges');
    const found = await pageLoaderOf<Rows<ExplainedLotChange>>(context, this.changesOf, page, (ids) =>
      this.database.read((reader) => this.changes.pageOfEach(reader, ids, page)),
    ).load(lotId);
    return connect('lotChanges', page, found);
  }
}

/** What is to be known; what is left out stays as it is. */
function factsOf({ lotNumber, expiresOn, unitsPerPack, earmark: asked }: CorrectLotInput): Partial<LotFacts> {
  const earmark = asked == null ? asked : (earmarkOf(asked) ?? badEarmark());
  const given = Object.entries({ lotNumber, expiresOn, unitsPerPack, earmark }).filter(([, v]) => v !== undefined);
  if (given.length === 0) throw badInput('input', 'input: say what is to be corrected');
  return Object.fromEntries(given) as Partial<LotFacts>;
}

function badEarmark(): never {
  throw badInput('input.earmark', 'input.earmark: must name groups, countries or tiers');
}
