import type { Earmark, Problem, RecipientClaim } from '../engine/problem.js';

/** What of recipients a problem's earmarks and tiers read. */
interface Reading {
  readonly groups: ReadonlySet<string>;
  readonly countries: boolean;
  readonly tiers: boolean;
}

function readingOf({ lots, policy }: Problem): Reading {
  const earmarks = lots.flatMap(({ earmark }) => earmark ?? []);
  return {
    groups: new Set(earmarks.flatMap(({ groups }) => groups ?? [])),
    countries: earmarks.some(({ countries }) => countries !== undefined),
    tiers:
      (policy.tiers !== undefined && policy.tiers.by !== 'NONE') || earmarks.some(({ tiers }) => tiers !== undefined),
  };
}

/** Rows as one text, in whatever order they stand. PostgreSQL puts the keys of what it keeps in an order of its own. */
function keyOf(rows: readonly unknown[]): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

function tableKey(table: Readonly<Record<string, unknown>> | undefined): unknown {
  return table && Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
}

function earmarkKey(earmark: Earmark | undefined): unknown {
  return earmark && [earmark.strength, earmark.groups, earmark.countries, earmark.tiers];
}

function stockKey(problem: Problem, usableOn: string): string {
  return keyOf(
    problem.lots.map((lot) => [
      lot.id,
      lot.item,
      lot.units,
      lot.unitsPerPack,
      lot.expiresOn,
      lot.expiresOn === undefined || lot.expiresOn >= usableOn,
      earmarkKey(lot.earmark),
    ]),
  );
}

function peopleKey(problem: Problem): string {
  const { groups, countries, tiers } = readingOf(problem);
  return keyOf(
    problem.recipients.map((recipient) => [
      recipient.id,
      recipient.weight ?? 1,
      recipient.groups?.filter((group) => groups.has(group)).sort() ?? [],
      countries ? recipient.country : null,
      tiers ? recipient.tier : null,
    ]),
  );
}

function claimKey({ id, claims, anyOf }: RecipientClaim): unknown {
  return [id, tableKey(claims), anyOf?.map(({ items, units }) => keyOf([items.toSorted(), units])).sort()];
}

function memoryKey({ id, received, deficit }: RecipientClaim): unknown {
  return [id, tableKey(received), tableKey(deficit)];
}

/**
 * What of a preview's world is no longer so: `stock`, `recipients`, `substitutes`, `needs`, `memory`. A lot that has expired since has
 * changed, too. Groups, countries and tiers count as far as an earmark or the policy reads them. Needs and memory are
 * compared for those who are in both problems, and only where both are about the same items: what was brought or taken
 * changes what is asked of people, but not what they need. So it is with what may stand in for what: where that has
 * changed, needs are not compared.
 * @param today the day of the commit, `YYYY-MM-DD`
 * @param isRankedAlike whether the same of the stock may stand in for the same, in the same order
 */
export function whatChanged(before: Problem, now: Problem, today: string, isRankedAlike = true): string[] {
  const isSame = (key: (problem: Problem) => unknown): boolean =>
    JSON.stringify(key(before)) === JSON.stringify(key(now));
  const isAmongBoth = peopleOf(before, now);
  const ofBoth =
    (part: (recipient: RecipientClaim) => unknown) =>
    ({ recipients }: Problem): string =>
      keyOf(recipients.filter(isAmongBoth).map(part));
  const sameItems = isSame(({ lots }) => [...new Set(lots.map(({ item }) => item))].sort());
  return [
    ...(stockKey(before, before.day ?? today) === stockKey(now, today) ? [] : ['stock']),
    ...(isSame(peopleKey) ? [] : ['recipients']),
    ...(!sameItems || isRankedAlike ? [] : ['substitutes']),
    ...(!sameItems || !isRankedAlike || isSame(ofBoth(claimKey)) ? [] : ['needs']),
    ...(!sameItems || isSame(ofBoth(memoryKey)) ? [] : ['memory']),
  ];
}

function peopleOf(before: Problem, now: Problem): (recipient: RecipientClaim) => boolean {
  const idsOf = ({ recipients }: Problem): Set<string> => new Set(recipients.map(({ id }) => id));
  const [then, today] = [idsOf(before), idsOf(now)];
  return ({ id }) => then.has(id) && today.has(id);
}
