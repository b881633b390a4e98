import { Injectable } from '@nestjs/common';
import { mayKnowDonor } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Clock } from '../platform/clock.js';
import { isId } from '../platform/ids.js';
import { type LanguageCode, LANGUAGES } from '../platform/language.rules.js';
import { badInput, notFound } from '../platform/rejection.js';
import type { ImpactStatement } from './impact-page.rules.js';
import { ImpactService } from './impact.service.js';

/** A query string as Fastify reads it: a name that comes twice has a list. */
export type PrintQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

const KNOWN = ['language', 'shipmentId'];

function textIn(query: PrintQuery, name: string): string | null {
  const value = query[name];
  if (value === undefined) return null;
  if (typeof value !== 'string') throw badInput(name, `${name}: can be given only once`);
  return value;
}

function languageIn(query: PrintQuery): LanguageCode | null {
  const text = textIn(query, 'language');
  if (text === null) return null;
  const asked = text.toUpperCase().replace('-', '_');
  const language = LANGUAGES.find((code) => code === asked);
  if (!language) throw badInput('language', `language: must be one of ${LANGUAGES.join(', ')}`);
  return language;
}

function shipmentIn(query: PrintQuery): string | null {
  const id = textIn(query, 'shipmentId')?.toLowerCase() ?? null;
  if (id !== null && !isId(id)) throw badInput('shipmentId', 'shipmentId: is not an id');
  return id;
}

/** What is printed for donors. */
@Injectable()
export class PrintService {
  constructor(
    private readonly impacts: ImpactService,
    private readonly clock: Clock,
  ) {}

  /**
   * What became of a donor's gifts, to be printed.
   * @throws NOT_FOUND for a donor that there is not, or not for the one who asks; BAD_USER_INPUT for what is asked otherwise
   */
  async statement(context: RequestContext, donorId: string, query: PrintQuery): Promise<ImpactStatement> {
    const strange = Object.keys(query).find((name) => !KNOWN.includes(name));
    if (strange !== undefined) throw badInput(strange, `${strange}: there is no such option`);
    const language = languageIn(query) ?? context.language;
    const impact = await this.impacts.impact(context, donorId, shipmentIn(query));
    if (!impact) throw notFound('id', 'donor');
    const { donor, countries, elsewhereCountries, recipients, lines } = impact;
    const donorName = mayKnowDonor(context.viewer, donor) ? donor.name : null;
    return { language, donorName, at: this.clock.now(), recipients, countries, elsewhereCountries, lines };
  }
}
