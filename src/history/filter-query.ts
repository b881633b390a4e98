import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import { DELIVERY_STATUSES } from '../deliveries/delivery.rules.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { isKeepable, NOT_TEXT } from '../platform/graphql/readable.js';
import { LocalDate } from '../platform/graphql/scalars.js';
import { badInput } from '../platform/rejection.js';
import { DistributionFilterInput } from './distribution.types.js';

/** A query string as Fastify reads it: a name that comes twice has a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The lists of a filter whose entries are words of an enum. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  categories: ITEM_CATEGORIES,
  statuses: DELIVERY_STATUSES,
};
const TEXTS = ['donorIds', 'recipientIds', 'groupIds', 'itemCodes', 'countries', 'shipmentIds', 'lotIds', 'lotNumbers'];
const MORE_TEXTS = ['planIds', 'siteIds', 'donorCountries'];
const LISTS = new Set([...TEXTS, ...MORE_TEXTS, ...Object.keys(WORDS), 'exposureTiers']);
const DAYS = { 'allocatedOn.from': 'from', 'allocatedOn.to': 'to' } as const;
const ALONE = new Set(['timeZone', 'search', ...Object.keys(DAYS)]);

/** The parts of a list: a name may come several times, and each time with several values between commas. */
function partsOf(name: string, value: string | readonly string[]): string[] {
  const parts = [value].flat().flatMap((text) => text.split(',').map((part) => part.trim()));
  const known = WORDS[name];
  const strange = known && parts.findIndex((part) => !known.includes(part));
  if (strange !== undefined && strange >= 0)
    throw badInput(`${name}.${strange}`, `${name}.${strange}: must be one of ${known!.join(', ')}`);
  return parts;
}

function dayOf(name: string, text: string): string {
  try {
    return LocalDate.parseValue(text)!;
  } catch {
    throw badInput(name, `${name}: must be a day, such as 2020-03-31`);
  }
}

/**
 * Reads a filter out of a query string, by the names that it has in GraphQL: lists repeated or with commas
 * (`itemCodes=MASK,N95`), days as `allocatedOn.from=2020-03-01`.
 * @param others names that mean something else to whoever asks; any other name is a fault, not a filter that is ignored
 * @throws BAD_USER_INPUT that names the field
 */
export async function filterOfQuery(query: Query, others: readonly string[] = []): Promise<DistributionFilterInput> {
  const filter: Record<string, unknown> = {};
  const days: { from?: string; to?: string } = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || others.includes(name)) continue;
    if (![value].flat().every(isKeepable)) throw badInput(name, `${name}: ${NOT_TEXT}`);
    if (LISTS.has(name)) {
      const parts = partsOf(name, value);
      filter[name] = name === 'exposureTiers' ? parts.map(Number) : parts;
    } else if (!ALONE.has(name)) {
      throw badInput(name, `${name}: there is no such filter`);
    } else if (typeof value !== 'string') {
      throw badInput(name, `${name}: can be given only once`);
    } else if (name in DAYS) {
      days[DAYS[name as keyof typeof DAYS]] = dayOf(name, value);
    } else {
      filter[name] = value;
    }
  }
  if (days.from !== undefined || days.to !== undefined) filter['allocatedOn'] = days;
  return (await CheckedArgs.transform(filter, {
    type: 'query',
    metatype: DistributionFilterInput,
  })) as DistributionFilterInput;
}
