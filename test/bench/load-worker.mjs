/** Somebody who uses the application under load: reads what people read, and writes a gift's whole story, step by step. */
import http from 'node:http';

const READS = 0.8;
const GIFT = [
  { itemCode: 'MASK', units: 40 },
  { itemCode: 'GOWN', units: 12 },
];
const LONGEST_ANSWER_MS = 30_000;
/** Codes by which a request is refused for what the data or the moment is, and not for how it is written. */
const REFUSED_REQUESTS = new Set(['CONFLICT', 'RATE_LIMITED', 'TOO_COMPLEX', 'NOT_FOUND']);

const LINE = `id units confirmedUnits status allocatedAt item { code name } lot { lotNumber } donor { name } shipment { reference } recipient { name facility }`;
const HISTORY = `query($filter: DistributionFilter, $after: String) { distributions(first: 50, filter: $filter, after: $after) { nodes { ${LINE} } pageInfo { hasNextPage endCursor } } }`;
const mutation = (name, fields) =>
  `mutation($input: ${name[0].toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename ${fields} } }`;
const REFUSAL = '... on UserError { code }';
const PARCEL = `... on Delivery { id status lines { id units confirmedUnits } } ${REFUSAL}`;

export const WRITES = {
  logDonation: mutation('logDonation', `... on Shipment { id donor { id } lines { lots { id } } } ${REFUSAL}`),
  previewAllocation: mutation('previewAllocation', `... on Plan { id } ${REFUSAL}`),
  commitAllocation: mutation('commitAllocation', `... on Plan { id status } ${REFUSAL}`),
  dispatchDelivery: mutation('dispatchDelivery', PARCEL),
  confirmDelivery: mutation('confirmDelivery', PARCEL),
  registerRecipients: mutation('registerRecipients', 'recipients { id }'),
  stateNeed: mutation('stateNeed', `... on Need { id } ${REFUSAL}`),
};
const PARCELS_OF_PLAN =
  'query($planId: ID) { deliveries(planId: $planId, first: 100) { nodes { id status recipient { id } lines { id units } } } }';

/** What people read, how often, and with which variables. */
const READING = [
  ['distributions', 3, HISTORY, () => ({})],
  ['distributions, next page', 2, HISTORY, ({ cursor }) => ({ after: cursor })],
  ['distributions, donor', 2, HISTORY, ({ any }) => ({ filter: { donorIds: [any('donor')] } })],
  ['distributions, recipient', 2, HISTORY, ({ any }) => ({ filter: { recipientIds: [any('recipient')] } })],
  ['distributions, item and country', 1, HISTORY, () => ({ filter: { itemCodes: ['GOGGLES'], countries: ['US'] } })],
  ['stock', 2, '{ stock { item { code } availableUnits allocatedUnits inTransitUnits deliveredUnits } }', () => ({})],
  [
    'plans',
    1,
    '{ plans(first: 25) { nodes { id status createdAt awards(first: 5) { nodes { units recipient { name } } } } } }',
    () => ({}),
  ],
  [
    'deliveries',
    2,
    '{ deliveries(first: 25) { nodes { id status recipient { name } lines { units item { code } } } } }',
    () => ({}),
  ],
  [
    'distributionSummary',
    1,
    '{ distributionSummary(by: [MONTH, ITEM]) { month item { code } units confirmedUnits } }',
    () => ({}),
  ],
  [
    'donorImpact',
    1,
    'query($id: ID!) { donorImpact(donorId: $id) { receivedUnits confirmedUnits recipients countries } }',
    ({ any }) => ({ id: any('donor') }),
  ],
  [
    'recipients',
    2,
    '{ recipients(first: 25) { nodes { id name status facility } pageInfo { endCursor } } }',
    () => ({}),
  ],
];
const READS_IN_ALL = READING.reduce((sum, [, share]) => sum + share, 0);

function anyReading() {
  let at = Math.random() * READS_IN_ALL;
  return READING.find(([, share]) => (at -= share) < 0);
}

/** What happened, by operation. */
export class Tally {
  times = new Map();
  refusals = new Map();
  errors = [];
  errorCount = 0;

  took(name, ms) {
    const times = this.times.get(name) ?? [];
    times.push(ms);
    this.times.set(name, times);
  }

  refused(name, code) {
    const key = `${name}: ${code}`;
    this.refusals.set(key, (this.refusals.get(key) ?? 0) + 1);
  }

  failed(what) {
    this.errorCount++;
    if (this.errors.length < 20) this.errors.push(what);
  }
}

/** The call did not come to an answer that says anything about the data. */
class Failed extends Error {}

/** A kept connection to one process, on which one call follows another. */
export class Connection {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url, token) {
    Object.assign(this, { url, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } });
  }

  post(body) {
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: this.#agent, headers: this.headers, timeout: LONGEST_ANSWER_MS };
      const request = http.request(this.url, options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error(`no answer in ${LONGEST_ANSWER_MS} ms`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** Somebody with gifts of her own, who does the next thing there is to do. */
export class Worker {
  /** What was acknowledged, to be looked for afterwards. */
  done = { gifts: 0, committed: 0, dispatched: 0, confirmed: 0, confirmedUnits: 0, registered: 0, needs: 0 };
  #turn = 0;
  #next = 'gift';
  #cursor;

  constructor(number, { connection, tally, donorId, recipientIds, known }) {
    Object.assign(this, { number, connection, tally, donorId, recipientIds, known });
  }

  async run(until) {
    while (performance.now() < until) {
      try {
        await (Math.random() < READS ? this.#read() : this[this.#next]());
      } catch (error) {
        this.tally.failed(`${error.message}`);
        this.#next = 'gift';
        if (!(error instanceof Failed)) return;
      }
    }
  }

  async #ask(name, query, variables) {
    const began = performance.now();
    const { status, text } = await this.connection.post(JSON.stringify({ query, variables })).catch((error) => {
      throw new Failed(`${name}: ${error.message}`);
    });
    this.tally.took(name, performance.now() - began);
    const { data, errors } = status < 500 ? JSON.parse(text) : {};
    const code = errors?.[0]?.extensions?.code;
    if (status >= 500 || (errors && !REFUSED_REQUESTS.has(code)))
      throw new Failed(`${name}: HTTP ${status} ${text.slice(0, 300)}`);
    if (errors) this.tally.refused(name, code);
    return data ?? undefined;
  }

  async #read() {
    const [name, , query, variablesOf] = anyReading();
    const any = (kind) => this.known[kind][Math.floor(Math.random() * this.known[kind].length)];
    const data = await this.#ask(name, query, variablesOf({ any, cursor: this.#cursor }));
    if (!name.startsWith('distributions') || !data) return;
    const { nodes, pageInfo } = data.distributions;
    if (nodes.length > 50 || nodes.some((node) => !node.item || !node.recipient))
      throw new Failed(`${name}: not a page of history`);
    // From the newest on, or on from there; other lists begin anew.
    this.#cursor =
      name === 'distributions' || name.endsWith('next page') ? (pageInfo.endCursor ?? undefined) : this.#cursor;
  }

  /** Writes; a refusal is counted, and gives nothing. */
  async #write(name, input, thing) {
    const key = `${name} ${this.number} ${this.#turn++}`;
    const data = await this.#ask(name, WRITES[name], { input: { ...input, idempotencyKey: key } });
    const said = data?.[name];
    if (said && said.__typename !== thing) this.tally.refused(name, said.code);
    return said?.__typename === thing ? said : undefined;
  }

  async gift() {
    const reference = `load ${this.number} ${this.#turn}`;
    const gift = await this.#write('logDonation', { donorId: this.donorId, reference, lines: GIFT }, 'Shipment');
    if (!gift) return;
    this.done.gifts++;
    this.lotIds = gift.lines.map(({ lots }) => lots[0].id);
    this.#next = 'preview';
  }

  async preview() {
    const input = { stock: { lotIds: this.lotIds }, recipients: { recipientIds: this.recipientIds } };
    const data = await this.#ask('previewAllocation', WRITES.previewAllocation, { input });
    const said = data?.previewAllocation;
    if (said?.__typename !== 'Plan') this.tally.refused('previewAllocation', said?.code);
    this.planId = said?.id;
    this.#next = this.planId ? 'commit' : 'gift';
  }

  async commit() {
    const plan = await this.#write('commitAllocation', { planId: this.planId }, 'Plan');
    this.#next = plan ? 'dispatch' : 'preview';
    if (!plan) return;
    this.done.committed++;
    const { deliveries } = await this.#ask('deliveries of a plan', PARCELS_OF_PLAN, { planId: this.planId });
    const units = deliveries.nodes.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.units, 0);
    const given = GIFT.reduce((sum, line) => sum + line.units, 0);
    if (units !== given) throw new Failed(`commitAllocation: ${units} units in the parcels of a plan of ${given}`);
    this.parcels = deliveries.nodes;
  }

  async dispatch() {
    const [parcel] = this.parcels;
    const sent = await this.#write('dispatchDelivery', { deliveryId: parcel.id, carrier: 'UPS' }, 'Delivery');
    if (sent && sent.status !== 'DISPATCHED') throw new Failed(`dispatchDelivery: ${sent.status}`);
    if (sent) this.done.dispatched++;
    this.#next = sent ? 'confirm' : 'gift';
  }

  async confirm() {
    const parcel = this.parcels.shift();
    // One of a kind is missing in every fourth parcel.
    const short = this.#turn % 4 === 0 && parcel.lines[0].units > 1;
    const counts = parcel.lines.map(({ id, units }, i) => ({
      lineId: id,
      units: short && i === 0 ? units - 1 : units,
    }));
    const counted = await this.#write('confirmDelivery', { deliveryId: parcel.id, counts }, 'Delivery');
    if (counted) {
      const got = counted.lines
        .map(({ id, confirmedUnits }) => `${id} ${confirmedUnits}`)
        .toSorted()
        .join();
      const wanted = counts
        .map(({ lineId, units }) => `${lineId} ${units}`)
        .toSorted()
        .join();
      if (got !== wanted) throw new Failed(`confirmDelivery: ${got}, not ${wanted}`);
      this.done.confirmed++;
      this.done.confirmedUnits += counts.reduce((sum, { units }) => sum + units, 0);
    }
    this.#next = this.parcels.length > 0 && counted ? 'dispatch' : 'register';
  }

  async register() {
    const recipients = [{ name: `New ${this.number} ${this.#turn}`, country: 'US', facility: 'Hospital' }];
    const made = await this.#write('registerRecipients', { recipients }, 'RegisteredRecipients');
    if (made) this.done.registered++;
    this.newest = made?.recipients[0].id;
    this.#next = made ? 'need' : 'gift';
  }

  async need() {
    const input = {
      recipientId: this.newest,
      category: 'MASK',
      units: 10,
      neededBy: '2099-01-01',
      validUntil: '2099-02-01',
    };
    if (await this.#write('stateNeed', input, 'Need')) this.done.needs++;
    this.#next = 'gift';
  }
}
