import { expect } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { NoAnswer } from '../support/process.js';
import type { Answer, Client } from '../support/world.js';
import { type Act, mutationOf, parcelsOf, type Said } from './acts.js';

const LONGEST_OUTAGE_MS = 30_000;

/** What the thing may do to us and still be trusted: be silent, or say that something went wrong on its side. */
export interface Trouble {
  /** Whether `INTERNAL_SERVER_ERROR` counts as no answer: where the database itself is disturbed. */
  readonly faultsToo: boolean;
}

interface Written extends Said {
  readonly lines?: readonly { readonly lots: readonly { readonly id: string }[] }[];
}

/**
 * Many who write, each through the whole chain of gift, plan and parcel, again and again, each act under a key of its
 * own, and repeated under that key until somebody answers.
 */
export class Load {
  /** How often each act was acknowledged. */
  readonly acknowledged: Record<string, number> = {};
  /** Acknowledgements in all. */
  total = 0;
  /** Calls that came back without an answer. */
  unanswered = 0;
  private goesOn = true;

  /** @param someone whom a call goes to, chosen anew for each */
  constructor(
    private readonly someone: () => Client,
    private readonly recipientIds: readonly string[],
    private readonly trouble: Trouble = { faultsToo: false },
  ) {}

  /** Writes with so many hands while `disturb` does its work, and until it has done. */
  async during(writers: number, disturb: () => Promise<void>): Promise<void> {
    const stop = (error: unknown): never => {
      this.goesOn = false;
      throw error;
    };
    const disturbed = disturb().finally(() => {
      this.goesOn = false;
    });
    const hands = Array.from({ length: writers }, (_, who) => this.write(who).catch(stop));
    // All come to their end before the first failure is told: what goes on would disturb what is tidied up.
    const ends = await Promise.allSettled([...hands, disturbed]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Waits for so many more acknowledgements; gives up when there is none for long. */
  async more(count: number): Promise<void> {
    const enough = this.total + count;
    let [seen, giveUpAt] = [this.total, Date.now() + LONGEST_OUTAGE_MS];
    while (this.goesOn && this.total < enough) {
      if (this.total > seen) [seen, giveUpAt] = [this.total, Date.now() + LONGEST_OUTAGE_MS];
      if (Date.now() > giveUpAt) throw new Error(`nothing was acknowledged for ${LONGEST_OUTAGE_MS} ms`);
      await wait(1);
    }
  }

  private async insist<T>(call: (client: Client) => Promise<T>): Promise<T> {
    const giveUpAt = Date.now() + LONGEST_OUTAGE_MS;
    for (;;) {
      try {
        return await call(this.someone());
      } catch (error) {
        if (!(error instanceof NoAnswer) || Date.now() > giveUpAt) throw error;
        this.unanswered++;
        await wait(20);
      }
    }
  }

  /** Asks; where the trouble allows it, an error on their side is silence. */
  private asking = async <T>(client: Client, query: string, variables: object): Promise<T> => {
    const { data, errors, status }: Answer<T> = await client.answer<T>(query, variables);
    const code = errors?.[0]?.extensions.code;
    if (this.trouble.faultsToo && code === 'INTERNAL_SERVER_ERROR') throw new NoAnswer(code);
    if (errors || !data) throw new Error(`unexpected errors, HTTP ${status}: ${JSON.stringify(errors)}`);
    return data;
  };

  private patient(client: Client): Client {
    return { ...client, ask: <T>(query: string, variables: object = {}) => this.asking<T>(client, query, variables) };
  }

  private async act(name: Act, input: object): Promise<Written> {
    const said = await this.insist((client) =>
      this.asking<Record<Act, Written>>(client, mutationOf(name), { input }).then((data) => data[name]),
    );
    expect(['Shipment', 'Plan', 'Delivery']).toContain(said.__typename);
    return said;
  }

  private async acknowledge(name: Act, key: string, input: object): Promise<Written> {
    const said = await this.act(name, { ...input, idempotencyKey: `${name} ${key}` });
    this.acknowledged[name] = (this.acknowledged[name] ?? 0) + 1;
    this.total++;
    return said;
  }

  private async write(who: number): Promise<void> {
    for (let i = 1; this.goesOn; i++) {
      const key = `${who}-${i}`;
      const lines = [
        { itemCode: 'MASK', units: 40 },
        { itemCode: 'GOWN', units: 10 },
      ];
      const newDonor = { name: `Donor ${key}`, kind: 'COMPANY' };
      const gift = await this.acknowledge('logDonation', key, { reference: `gift ${key}`, newDonor, lines });
      const stock = { lotIds: gift.lines!.map((line) => line.lots[0]!.id) };
      const { id } = await this.act('previewAllocation', { stock, recipients: { recipientIds: this.recipientIds } });
      await this.acknowledge('commitAllocation', key, { planId: id });
      const [parcel] = await this.insist((client) => parcelsOf(this.patient(client), id!));
      await this.acknowledge('dispatchDelivery', key, { deliveryId: parcel!.id });
      await this.acknowledge('confirmDelivery', key, { deliveryId: parcel!.id });
    }
  }
}

/** Finds every acknowledged act once in the database, and nothing else there: nothing double, nothing by halves. */
export async function expectOnceEach(load: Load, count: (sql: string) => Promise<number>): Promise<void> {
  const { acknowledged } = load;
  const gifts = acknowledged['logDonation']!;
  expect(acknowledged).toEqual({
    logDonation: gifts,
    commitAllocation: gifts,
    dispatchDelivery: gifts,
    confirmDelivery: gifts,
  });
  for (const [name, times] of Object.entries(acknowledged)) {
    expect([name, await count(`select count(*) from journal where action = '${name}'`)]).toEqual([name, times]);
  }
  expect({
    gifts: await count('select count(*) from shipment'),
    references: await count(`select count(distinct reference) from shipment where reference like 'gift %'`),
    donors: await count('select count(*) from donor'),
    lines: await count('select count(*) from shipment_line'),
    lots: await count('select count(*) from lot'),
    committed: await count(`select count(*) from plan where status = 'COMMITTED'`),
    parcels: await count('select count(*) from delivery'),
    confirmed: await count(`select count(*) from delivery where status = 'CONFIRMED'`),
    moves: await count('select count(*) from stock_entry'),
    keys: await count('select count(*) from idempotency'),
    keysWithoutResult: await count('select count(*) from idempotency where reference is null'),
  }).toEqual({
    gifts,
    references: gifts,
    donors: gifts,
    lines: 2 * gifts,
    lots: 2 * gifts,
    committed: gifts,
    parcels: 2 * gifts,
    confirmed: gifts,
    moves: 8 * gifts,
    keys: 4 * gifts,
    keysWithoutResult: 0,
  });
}
