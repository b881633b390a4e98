/** How the demo speaks. */
export interface Tell {
  title(text: string): void;
  line(text: string): void;
}

/** Asks the API as one of the cast; a GraphQL error or a refusal ends the story. */
export type Ask = <T>(
  as: 'coordinator' | 'donor' | 'recipient' | 'nobody',
  query: string,
  variables?: object,
) => Promise<T>;

/** What the story's outcome has to be. */
export interface Check {
  readonly fact: string;
  readonly holds: boolean;
}

interface AwardNode {
  recipient: { id: string; name: string };
  item: { code: string };
  units: number;
  sentence: string;
}

interface Parcel {
  id: string;
  recipient: { id: string; name: string };
  lines: { id: string; units: number; item: { code: string } }[];
}

/** The gift of spring 2020. */
const GIFT = [
  { itemCode: 'MASK', units: 1000, unitsPerPack: 50, lotNumber: 'M-2003', expiresOn: '2030-03-31' },
  { itemCode: 'PROTECTIVE_SUIT', units: 100, unitsPerPack: 1, lotNumber: 'P-1177' },
  { itemCode: 'GOGGLES', units: 100, unitsPerPack: 10 },
];

const DOCTORS = [
  'Lin Wei', 'Chen Yan', 'Zhao Min', 'Wu Jing', 'Huang Li', 'Xu Fang', 'Sun Hao', 'Ma Lan', 'Zhu Ping',
  'Hu Qing', 'Guo Rui', 'He Shan', 'Gao Ting', 'Luo Xin', 'Zheng Yu', 'Liang Bo', 'Song Mei', 'Tang Kai',
]; // prettier-ignore
const COLLEAGUES = ['Alvarez', 'Brooks', 'Cohen', 'Diaz', 'Evans', 'Foster', 'Gupta', 'Hughes', 'Ivanov', 'Jones'];
const STATES = ['US-NY', 'US-MA', 'US-CA', 'US-TX', 'US-WA', 'US-IL'];

export const REGISTER_DONOR = `mutation($input: RegisterDonorInput!) { registerDonor(input: $input) { id name } }`;
const LOG_DONATION = `mutation($input: LogDonationInput!) { logDonation(input: $input) {
  ... on Shipment { id reference status lines { item { code } acceptedUnits } } ... on UserError { code message } } }`;
const FORM_GROUP = `mutation($input: FormGroupInput!) { formGroup(input: $input) { ... on Group { id } ... on UserError { code message } } }`;
const REGISTER = `mutation($input: RegisterRecipientsInput!) { registerRecipients(input: $input) { recipients { id name } } }`;
const PREVIEW = `mutation($input: PreviewAllocationInput!) { previewAllocation(input: $input) {
  ... on Plan { id seedHash awards(first: 100) { nodes { recipient { id name } item { code } units sentence }
    pageInfo { hasNextPage endCursor } totalCount } unallocated { units } }
  ... on UserError { code message } } }`;
const MORE_AWARDS = `query($id: ID!, $after: String) { plan(id: $id) { awards(first: 100, after: $after) {
  nodes { recipient { id name } item { code } units sentence } pageInfo { hasNextPage endCursor } totalCount } } }`;
const COMMIT = `mutation($input: CommitAllocationInput!) { commitAllocation(input: $input) {
  ... on Plan { status seed } ... on UserError { code message } } }`;
const DELIVERIES = `query($planId: ID!) { deliveries(planId: $planId, first: 100) { totalCount nodes {
  id recipient { id name } lines { id units item { code } } } } }`;
const DISPATCH = `mutation($input: DispatchDeliveryInput!) { dispatchDelivery(input: $input) {
  ... on Delivery { status } ... on UserError { code message } } }`;
const LINK = `mutation($input: IssueConfirmationLinkInput!) { issueConfirmationLink(input: $input) {
  ... on ConfirmationLink { token } ... on UserError { code message } } }`;
const CONFIRM = `mutation($input: ConfirmDeliveryInput!) { confirmDelivery(input: $input) {
  ... on Delivery { status lines { units confirmedUnits } } ... on UserError { code message } } }`;
const OUTCOME = `{ distributions(first: 6, orderBy: { field: UNITS, direction: DESC }) { totalCount nodes {
    units confirmedUnits status item { code } recipient { name } donor { name } } }
  stock { item { code } onHandUnits availableUnits allocatedUnits inTransitUnits deliveredUnits } }`;
const IMPACT = `query($donorId: ID!) { donorImpact(donorId: $donorId) { receivedUnits allocatedUnits deliveredUnits confirmedUnits recipients countries
  byItem { item { code } units confirmedUnits recipients } }
  distributions(first: 3) { nodes { units item { code } recipient { name country } } } }`;

/** The gift, as its donor logs it. */
export async function logTheGift(ask: Ask, tell: Tell, donorId: string): Promise<void> {
  const input = { donorId, reference: 'Gift of spring 2020', lines: GIFT, idempotencyKey: 'the-gift' };
  const { logDonation } = await ask<{
    logDonation: { reference: string; lines: { item: { code: string }; acceptedUnits: number }[] };
  }>('donor', LOG_DONATION, { input });
  tell.title('The donor logs the gift');
  for (const { item, acceptedUnits } of logDonation.lines)
    tell.line(`${String(acceptedUnits).padStart(6)}  ${item.code}`);
}

/** Two groups, 18 doctors and 10 colleagues. @returns group ids, and one of the recipients */
export async function registerEveryone(ask: Ask, tell: Tell): Promise<{ groupIds: string[]; someone: string }> {
  const form = async (name: string): Promise<string> =>
    (await ask<{ formGroup: { id: string } }>('coordinator', FORM_GROUP, { input: { name } })).formGroup.id;
  const doctors = await form('Chinese doctors in the US');
  const colleagues = await form('Colleagues');
  const person = (name: string, i: number, profession: string): object => ({
    name,
    profession,
    facility: `Hospital ${String.fromCodePoint(65 + (i % 8))}`,
    country: 'US',
    subdivision: STATES[i % STATES.length],
    exposureTier: (i % 3) + 1,
  });
  const register = async (recipients: object[], groupId: string): Promise<string> => {
    const input = { recipients, groupIds: [groupId] };
    const { registerRecipients } = await ask<{ registerRecipients: { recipients: { id: string }[] } }>(
      'coordinator',
      REGISTER,
      { input },
    );
    return registerRecipients.recipients[0]!.id;
  };
  const someone = await register(
    DOCTORS.map((name, i) => person(`Dr. ${name}`, i, 'physician')),
    doctors,
  );
  await register(
    COLLEAGUES.map((name, i) => person(`${name}, RN`, i, 'nurse')),
    colleagues,
  );
  tell.title('The coordinator registers two groups');
  tell.line(`${DOCTORS.length} doctors and ${COLLEAGUES.length} colleagues`);
  return { groupIds: [doctors, colleagues], someone };
}

/** The split, before anything is reserved: every award of the plan. */
export async function previewTheSplit(
  ask: Ask,
  tell: Tell,
  groupIds: string[],
): Promise<{ planId: string; awards: AwardNode[]; left: number }> {
  type Page = { nodes: AwardNode[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  const input = { recipients: { groupIds }, policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', seed: 'spring-2020' } };
  const { previewAllocation: plan } = await ask<{
    previewAllocation: { id: string; seedHash: string; awards: Page; unallocated: { units: number }[] };
  }>('coordinator', PREVIEW, { input });
  const awards = [...plan.awards.nodes];
  let { pageInfo } = plan.awards;
  while (pageInfo.hasNextPage) {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const more = await ask<{ plan: { awards: Page } }>('coordinator', MORE_AWARDS, {
      id: plan.id,
      after: pageInfo.endCursor,
    });
    awards.push(...more.plan.awards.nodes);
    ({ pageInfo } = more.plan.awards);
  }
  tell.title(`The split, drawn from a seed whose SHA-256 is ${plan.seedHash.slice(0, 16)}…`);
  return { planId: plan.id, awards, left: plan.unallocated.reduce((sum, { units }) => sum + units, 0) };
}

/** Units by person and item, printed with the sums. @returns a map from person to her units */
export function printTheSplit(tell: Tell, awards: readonly AwardNode[]): Map<string, Record<string, number>> {
  const codes = GIFT.map(({ itemCode }) => itemCode);
  const people = new Map<string, Record<string, number>>();
  const nameOf = new Map<string, string>();
  for (const { recipient, item, units } of awards) {
    nameOf.set(recipient.id, recipient.name);
    people.set(recipient.id, { ...people.get(recipient.id), [item.code]: units });
  }
  const row = (name: string, units: readonly (number | string)[]): void =>
    tell.line(`${name.padEnd(18)}${units.map((u, i) => String(u).padStart(codes[i]!.length + 3)).join('')}`);
  row('', codes);
  for (const [id, units] of people)
    row(
      nameOf.get(id)!,
      codes.map((code) => units[code] ?? 0),
    );
  row(
    'sum',
    codes.map((code) => [...people.values()].reduce((sum, units) => sum + (units[code] ?? 0), 0)),
  );
  tell.line('');
  for (const { recipient, sentence } of awards.slice(0, 2)) tell.line(`${recipient.name}: ${sentence}`);
  return people;
}

/** Commit, two parcels on their way, one confirmed whole by its recipient and one, by link, short by one mask. */
export async function sendAndConfirm(ask: Ask, tell: Tell, planId: string, someone: string): Promise<void> {
  const { commitAllocation } = await ask<{ commitAllocation: { seed: string } }>('coordinator', COMMIT, {
    input: { planId, idempotencyKey: 'commit' },
  });
  const { deliveries } = await ask<{ deliveries: { totalCount: number; nodes: Parcel[] } }>('coordinator', DELIVERIES, {
    planId,
  });
  tell.title('The coordinator commits');
  tell.line(`seed "${commitAllocation.seed}"; ${deliveries.totalCount} parcels to pack`);
  const hers = deliveries.nodes.find(({ recipient }) => recipient.id === someone)!;
  const other = deliveries.nodes.find(({ recipient }) => recipient.id !== someone)!;
  for (const { id } of [hers, other]) {
    // oxlint-disable-next-line no-await-in-loop -- one parcel after the other, as people do
    await ask('coordinator', DISPATCH, { input: { deliveryId: id, carrier: 'UPS' } });
  }
  await ask('recipient', CONFIRM, { input: { deliveryId: hers.id } });
  const { issueConfirmationLink } = await ask<{ issueConfirmationLink: { token: string } }>('coordinator', LINK, {
    input: { deliveryId: other.id },
  });
  const masks = other.lines.find(({ item }) => item.code === 'MASK')!;
  const counts = [{ lineId: masks.id, units: masks.units - 1, reason: 'MISSING' }];
  await ask('nobody', CONFIRM, { input: { token: issueConfirmationLink.token, counts } });
  tell.title('Two parcels arrive');
  tell.line(`${hers.recipient.name} confirms all of it`);
  tell.line(
    `${other.recipient.name} opens her link and confirms ${masks.units - 1} of ${masks.units} masks: one is missing`,
  );
}

interface Outcome {
  distributions: {
    totalCount: number;
    nodes: {
      units: number;
      confirmedUnits: number | null;
      status: string;
      item: { code: string };
      recipient: { name: string };
    }[];
  };
  stock: {
    item: { code: string };
    onHandUnits: number;
    availableUnits: number;
    allocatedUnits: number;
    inTransitUnits: number;
    deliveredUnits: number;
  }[];
}

interface Seen {
  readonly books: Outcome;
  readonly impact: Impact;
}

interface Impact {
  donorImpact: {
    receivedUnits: number;
    allocatedUnits: number;
    deliveredUnits: number;
    confirmedUnits: number;
    recipients: number;
    countries: string[];
  };
  distributions: { nodes: { units: number; item: { code: string }; recipient: { name: string; country: string } }[] };
}

/** Who got what, what is left, and what the donor sees. */
export async function printTheOutcome(ask: Ask, tell: Tell, donorId: string): Promise<Seen> {
  const seen = await ask<Outcome>('coordinator', OUTCOME);
  tell.title(`History: ${seen.distributions.totalCount} lines, the largest first`);
  for (const d of seen.distributions.nodes) {
    tell.line(
      `${String(d.units).padStart(4)} ${d.item.code.padEnd(16)} ${d.recipient.name.padEnd(16)} ${d.status}${d.confirmedUnits === null ? '' : `, ${d.confirmedUnits} counted`}`,
    );
  }
  tell.title('Stock');
  for (const s of seen.stock) {
    tell.line(
      `${s.item.code.padEnd(16)} on hand ${s.onHandUnits} (free ${s.availableUnits}, promised ${s.allocatedUnits}), on the way ${s.inTransitUnits}, delivered ${s.deliveredUnits}`,
    );
  }
  const impact = await ask<Impact>('donor', IMPACT, { donorId });
  const { receivedUnits, allocatedUnits, deliveredUnits, confirmedUnits, recipients, countries } = impact.donorImpact;
  tell.title('What the donor sees');
  tell.line(
    `${receivedUnits} units received, ${allocatedUnits} for ${recipients} clinicians in ${countries.join(', ')}; ${deliveredUnits} delivered, ${confirmedUnits} confirmed`,
  );
  for (const { units, item, recipient } of impact.distributions.nodes)
    tell.line(`${String(units).padStart(4)} ${item.code.padEnd(16)} ${recipient.name}, ${recipient.country}`);
  return { books: seen, impact };
}

/** What the split has to look like, by the arithmetic of 1,000, 100 and 100 over 28. */
export function checksOfTheSplit(people: ReadonlyMap<string, Record<string, number>>, left: number): Check[] {
  const all = [...people.values()];
  const having = (code: string, units: number): Record<string, number>[] =>
    all.filter((person) => person[code] === units);
  const fact = (text: string, holds: boolean): Check => ({ fact: text, holds });
  const sums = GIFT.map(({ itemCode, units }) => {
    const given = all.reduce((sum, person) => sum + (person[itemCode] ?? 0), 0);
    return fact(`${units} ${itemCode} given, to the unit`, given === units);
  });
  return [
    ...sums,
    fact('28 people, nothing left over', people.size === 28 && left === 0),
    fact('20 people get 36 masks and 8 get 35', having('MASK', 36).length === 20 && having('MASK', 35).length === 8),
    fact(
      '16 people get 4 suits and 12 get 3',
      having('PROTECTIVE_SUIT', 4).length === 16 && having('PROTECTIVE_SUIT', 3).length === 12,
    ),
    fact(
      '16 people get 4 goggles and 12 get 3',
      having('GOGGLES', 4).length === 16 && having('GOGGLES', 3).length === 12,
    ),
    fact(
      'the 8 with 35 masks are among the 16 with 4 suits',
      having('MASK', 35).every((person) => person['PROTECTIVE_SUIT'] === 4),
    ),
  ];
}

/** What the books have to say after two parcels, one of them short by a mask. */
export function checksOfTheBooks(
  { books, impact }: Seen,
  people: ReadonlyMap<string, Record<string, number>>,
): Check[] {
  const sum = (of: (level: Outcome['stock'][number]) => number): number =>
    books.stock.reduce((total, level) => total + of(level), 0);
  const { receivedUnits, allocatedUnits, deliveredUnits, confirmedUnits, recipients } = impact.donorImpact;
  const total = GIFT.reduce((units, line) => units + line.units, 0);
  return [
    {
      fact: `on hand ${sum((s) => s.onHandUnits)} + delivered ${sum((s) => s.deliveredUnits)} + 1 lost = ${total}`,
      holds: sum((s) => s.onHandUnits + s.inTransitUnits + s.deliveredUnits) + 1 === total,
    },
    { fact: 'nothing is free and nothing on its way', holds: sum((s) => s.availableUnits + s.inTransitUnits) === 0 },
    {
      fact: 'the donor sees all received and all given',
      holds: receivedUnits === total && allocatedUnits === total && recipients === people.size,
    },
    {
      fact: 'the donor sees what was counted',
      holds: deliveredUnits === sum((s) => s.deliveredUnits) && confirmedUnits === deliveredUnits,
    },
    {
      fact: 'the donor sees no name',
      holds: impact.distributions.nodes.every(({ recipient }) => recipient.name.startsWith('Clinician ')),
    },
  ];
}
