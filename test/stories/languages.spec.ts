import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonation, aPreview, clinicians, COMMIT } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const SENTENCES = `query($id: ID!, $language: Language) { plan(id: $id) { awards(first: 100) { nodes {
  units item { code } header: sentence asked: sentence(language: $language) en: sentence(language: EN) zh: sentence(language: ZH_HANS) } } } }`;

interface Sentences {
  readonly units: number;
  readonly header: string;
  readonly asked: string;
  readonly en: string;
  readonly zh: string;
}

describe('the sentences', () => {
  let world: World;
  let coordinator: Client;
  let planId: string;

  const sentences = async (acceptLanguage?: string, language?: string, client = coordinator): Promise<Sentences[]> => {
    const response = await world.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${client.token}`,
        ...(acceptLanguage !== undefined && { 'accept-language': acceptLanguage }),
      },
      payload: JSON.stringify({ query: SENTENCES, variables: { id: planId, language } }),
    });
    return (response.json() as { data: { plan: { awards: { nodes: Sentences[] } } } }).data.plan.awards.nodes;
  };

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    await aDonation(coordinator, { MASK: 4 });
    await clinicians(coordinator, 3);
    planId = (await aPreview(coordinator)).id;
  });
  afterAll(() => world.close());

  it('are told in English and in simplified Chinese', async () => {
    const [lucky] = (await sentences()).filter(({ units }) => units === 2);
    expect(lucky).toMatchObject({
      en: 'You get 2 masks: 4 masks among 3 people is 1 each, and 1 person gets one more; you drew place 1 of 3.',
      zh: '您分到2只口罩：4只口罩分配给3人，每人1只，其中1人多得1只；抽签决定，您排在第1位（共3位）。',
    });
  });

  it.each([
    [undefined, 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-US,zh;q=0.5', 'en'],
    ['zh-TW', 'en'],
    ['not a language, at all', 'en'],
  ] as const)('follow the Accept-Language header %p', async (header, language) => {
    // At the second call the query is compiled: what one caller prefers must not stick to it.
    for (let again = 0; again < 3; again++) {
      // oxlint-disable-next-line no-await-in-loop -- one call after the other is the point
      for (const row of await sentences(header)) expect(row.header).toBe(row[language]);
    }
  });

  it('are told in the language that the field asks for, whatever the header says', async () => {
    for (const row of await sentences('zh', 'EN')) expect(row.asked).toBe(row.en);
    for (const row of await sentences('en', 'ZH_HANS')) expect(row.asked).toBe(row.zh);
    for (const row of await sentences('zh', undefined)) expect(row.asked).toBe(row.zh);
  });

  it('are told to a recipient in her language', async () => {
    const query = `query($id: ID!) { plan(id: $id) { awards { nodes { recipient { id } } } } }`;
    const { plan } = await coordinator.ask<{ plan: { awards: { nodes: { recipient: { id: string } }[] } } }>(query, {
      id: planId,
    });
    const herself = await world.as('RECIPIENT', plan.awards.nodes[0]!.recipient.id);
    await coordinator.ask(COMMIT, { input: { planId } });
    const rows = await sentences('zh-Hans', undefined, herself);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.header).toMatch(/^您分到/);
  });

  it('exist in no other language', async () => {
    const error = await coordinator.error(SENTENCES, { id: planId, language: 'FR' });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'language' });
  });
});
