import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, notFound, Rejected, RequestFault, type Refusal } from '../platform/rejection.js';
import { ItemService } from '../catalogue/item.service.js';
import type { AdoptPolicyInput, PolicyVersionType, RetirePolicyInput, RevisePolicyInput } from './adopted.types.js';
import { type PolicyRow, PolicyRepository, type VersionKey, type VersionRow } from './policy.repository.js';
import {
  EQUAL_SPLIT_ID,
  faultIn,
  mayBeChanged,
  mayBeUsed,
  mayFollow,
  policyNameKey,
  policyNameTaken,
  type PolicyRequest,
  type PolicyTerms,
  TABLES,
  termsOf,
  unsupported,
} from './policy.rules.js';

/** How a split is to go, as its input says: by an adopted policy, by one for this once, or by neither. */
export interface PolicyChoice {
  readonly policyId?: string | null;
  readonly policyVersion?: number | null;
  readonly policy?: PolicyRequest | null;
}

/** What a split goes by. */
export interface ChosenPolicy {
  /** The terms, with item codes as they stand in the catalogue, and the seed where the caller gave one. */
  readonly request: PolicyTerms & { readonly seed: string | null };
  /** The adopted policy and its version; null for a policy that was given for this once. */
  readonly policyId: string | null;
  readonly version: number | null;
}

/** Throws the refusal, if there is one, so that everything is rolled back. */
function rejectIf(refusal: Refusal | null): void {
  if (refusal) throw new Rejected(refusal);
}

function shown({ terms, ...row }: VersionRow): PolicyVersionType {
  // Lists of plain data from the database: nobody changes them.
  return { ...(terms as PolicyVersionType), ...row };
}

@Injectable()
export class PolicyService {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyRepository,
    private readonly items: ItemService,
  ) {}

  /** Adopts a policy, as its version 1. */
  async adopt(context: RequestContext, input: AdoptPolicyInput): Promise<PolicyRow | Refusal> {
    const command = { actor: context.actor, action: 'adoptPolicy', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const terms = await this.termsToKeep(tx, input.policy);
      const name = input.name.trim();
      const taken = await this.policies.idByName(tx, policyNameKey(name));
      if (taken) throw new Rejected(policyNameTaken(name, taken));
      const id = newId();
      await this.policies.insert(tx, {
        id,
        name,
        nameKey: policyNameKey(name),
        description: input.description ?? null,
        builtIn: false,
        createdAt: tx.now,
        retiredAt: null,
      });
      await this.policies.insertVersion(tx, { policyId: id, version: 1, terms, note: null });
      return { policyId: id };
    });
    return isRefusal(done) ? done : (await this.byIds([done.policyId]))[0]!;
  }

  /** Adopts a further version. @returns that version, also when asked again under the same key after later ones */
  async revise(context: RequestContext, input: RevisePolicyInput): Promise<PolicyVersionType | Refusal> {
    const command = { actor: context.actor, action: 'revisePolicy', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const terms = await this.termsToKeep(tx, input.policy);
      const policy = await this.lock(tx, input.policyId);
      rejectIf(mayBeChanged(policy));
      rejectIf(mayFollow(policy.version, input.expectedVersion));
      const next = { policyId: policy.id, version: policy.version + 1 };
      await this.policies.insertVersion(tx, { ...next, terms, note: input.note ?? null });
      return next;
    });
    return isRefusal(done) ? done : shown((await this.versionsOf([done]))[0]!);
  }

  /** Has no new split go by a policy. */
  async retire(context: RequestContext, input: RetirePolicyInput): Promise<PolicyRow | Refusal> {
    const { idempotencyKey: key, reason } = input;
    const command = { actor: context.actor, action: 'retirePolicy', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const policy = await this.lock(tx, input.policyId);
      rejectIf(mayBeChanged(policy));
      await this.policies.retire(tx, policy.id);
      return { policyId: policy.id };
    });
    return isRefusal(done) ? done : (await this.byIds([done.policyId]))[0]!;
  }

  /**
   * What a split goes by: the version of the policy that the input names, the policy it brings along, or the built-in
   * equal split.
   * @throws BAD_USER_INPUT for a choice that contradicts itself, NOT_FOUND for a policy or version that there is not
   * @returns a refusal for a retired policy and for an unknown item code
   */
  async termsFor(tx: Tx, { policyId, policyVersion, policy }: PolicyChoice): Promise<ChosenPolicy | Refusal> {
    if (policyId != null && policy != null)
      throw badInput('input.policyId', 'input.policyId: give policyId or policy, not both');
    if (policyVersion != null && policyId == null)
      throw badInput('input.policyVersion', 'input.policyVersion: goes with a policyId');
    if (policy != null) {
      const terms = await this.termsOfRequest(tx, policy, false);
      if (isRefusal(terms)) return terms;
      return { request: { ...terms, seed: policy.seed ?? null }, policyId: null, version: null };
    }
    const [adopted] = await this.policies.byIds(tx, [policyId ?? EQUAL_SPLIT_ID]);
    if (!adopted) throw notFound('input.policyId', 'policy');
    const retired = mayBeUsed(adopted);
    if (retired) return retired;
    const key = { policyId: adopted.id, version: policyVersion ?? adopted.version };
    const [version] = await this.policies.versions(tx, [key]);
    if (!version)
      throw new RequestFault('NOT_FOUND', `The policy has no version ${key.version}.`, {
        field: 'input.policyVersion',
      });
    return { request: { ...version.terms, seed: null }, ...key };
  }

  private async termsToKeep(tx: Tx, request: PolicyRequest): Promise<PolicyTerms> {
    const terms = await this.termsOfRequest(tx, request, true);
    if (isRefusal(terms)) throw new Rejected(terms);
    rejectIf(unsupported(terms));
    return terms;
  }

  private async termsOfRequest(tx: Tx, request: PolicyRequest, isKept: boolean): Promise<PolicyTerms | Refusal> {
    const fault = faultIn(request, isKept);
    if (fault) throw fault;
    return this.withCatalogueCodes(tx, termsOf(request));
  }

  /** People type item codes as they like; the engine compares them letter by letter. */
  private async withCatalogueCodes(tx: Tx, terms: PolicyTerms): Promise<PolicyTerms | Refusal> {
    const typed = TABLES.flatMap((table) => terms[table].map((row) => row.itemCode));
    const items = typed.length === 0 ? [] : await this.items.byCodes(tx, typed);
    if (isRefusal(items)) return items;
    const codes = items.map((item) => item.code);
    const spelled = { ...terms };
    for (const table of TABLES) {
      spelled[table] = terms[table].map(({ units }) => ({ itemCode: codes.shift()!, units }));
      const named = spelled[table].map((row) => row.itemCode);
      const again = named.findIndex((code, i) => named.indexOf(code) < i);
      // Two figures for one item: adding them up, or taking either, would be a guess.
      if (again >= 0)
        throw badInput(`input.policy.${table}.${again}.itemCode`, `${named[again]} stands twice in ${table}.`);
    }
    return spelled;
  }

  private async lock(tx: Tx, policyId: string): Promise<PolicyRow> {
    const policy = await this.policies.lock(tx, policyId);
    if (!policy) throw notFound('input.policyId', 'policy');
    return policy;
  }

  private readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.policies.byIds(reader, ids));
  private readonly versionsOf = (keys: readonly VersionKey[]) =>
    this.database.read((reader) => this.policies.versions(reader, keys));
  private readonly newestOf = (ids: readonly string[]) =>
    this.database.read((reader) => this.policies.newest(reader, ids));

  /** A policy by id, or null, read together with the others that the same request needs. */
  load(context: RequestContext, id: string): Promise<PolicyRow | null> {
    return loaderOf(context, this.byIds, (policy) => policy.id).load(id);
  }

  /** The newest version of a policy. */
  async newest(context: RequestContext, policyId: string): Promise<PolicyVersionType> {
    return shown((await loaderOf(context, this.newestOf, (version) => version.policyId).load(policyId))!);
  }

  /** In the order in which they were adopted, those that are built in first. */
  async list(includeRetired: boolean, args: PageArgs): Promise<Connection<PolicyRow>> {
    const list = `policies ${includeRetired}`;
    const page = pageOf(args, list);
    return connect(list, page, await this.database.read((r) => this.policies.page(r, includeRetired, page)));
  }

  /** All versions of a policy, the newest first. */
  async versions(policyId: string, args: PageArgs): Promise<Connection<PolicyVersionType>> {
    const list = `versions of ${policyId}`;
    const page = pageOf(args, list, ['number']);
    const found = await this.database.read((reader) => this.policies.versionPage(reader, policyId, page));
    return connect(list, page, { rows: found.rows.map(shown), keyOf: (row) => [row.version], count: found.count });
  }
}
