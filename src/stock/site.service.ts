import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { clearedIn } from '../platform/cleared.js';
import { Database, type Reader, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { absentFrom } from '../platform/known.js';
import { badInput, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { SiteRepository, type SiteRow } from './site.repository.js';
import { mayBeChanged, mayBeClosed, siteNameKey, siteNameTaken } from './site.rules.js';
import type { CloseSiteInput, MakeSiteDefaultInput, RegisterSiteInput, ReviseSiteInput } from './site.types.js';

/** Who moves the default while it is looked up tries again; it is moved once in months, so a few times are plenty. */
const MOST_LOOKS = 5;

/** Where stock stands. */
@Injectable()
export class SiteService {
  constructor(
    private readonly database: Database,
    private readonly sites: SiteRepository,
  ) {}

  private readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.sites.byIds(reader, ids));

  /** A site by id, or null, read together with the others that the same request needs. */
  load(context: RequestContext, id: string): Promise<SiteRow | null> {
    return loaderOf(context, this.byIds, (site) => site.id).load(id);
  }

  /** Sites in the order in which they were registered: the open ones, the closed ones, or all. */
  async list(isOpen: boolean | null, args: PageArgs): Promise<Connection<SiteRow>> {
    const page = pageOf(args, 'sites');
    return connect('sites', page, await this.database.read((reader) => this.sites.page(reader, isOpen, page)));
  }

  /** Which of these ids name no site. */
  async unknown(reader: Reader, ids: readonly string[]): Promise<string[]> {
    return absentFrom(await this.sites.byIds(reader, ids), ids);
  }

  /**
   * The site where something is to stand: the one that is named, else the default one. It stays open until the
   * transaction ends.
   * @param field where the request names it: `input.siteId`
   * @throws NOT_FOUND for an id that names none, BAD_USER_INPUT for a site that is closed
   */
  async idOf(tx: Tx, field: string, asked: string | null | undefined): Promise<string> {
    if (asked == null) return (await this.lockWithDefault(tx, [], 'SHARED')).defaultId;
    await this.keepOpen(tx, [{ field, id: asked }]);
    return asked;
  }

  /**
   * Keeps sites open until the transaction ends.
   * @throws NOT_FOUND for an id that names none, BAD_USER_INPUT for a site that is closed, by its field
   */
  async keepOpen(tx: Tx, asked: readonly { readonly field: string; readonly id: string }[]): Promise<void> {
    const ids = asked.map(({ id }) => id);
    const found = new Map((await this.sites.lock(tx, ids, 'SHARED')).map((site) => [site.id, site]));
    for (const { field, id } of asked) {
      const site = found.get(id);
      if (!site) throw notFound(field, 'site');
      if (site.closedAt !== null) throw badInput(field, `${field}: this site is closed`);
    }
  }

  async register(context: RequestContext, input: RegisterSiteInput): Promise<SiteRow | Refusal> {
    const command = { actor: context.actor, action: 'registerSite', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const name = input.name.trim();
      await this.assertNameIsFree(tx, name, null);
      const id = newId();
      await this.sites.insert(tx, {
        id,
        name,
        nameKey: siteNameKey(name),
        address: input.address ?? null,
        country: input.country ?? null,
        note: input.note ?? null,
        isDefault: false,
        openedAt: tx.now,
        closedAt: null,
        closedBecause: null,
      });
      return { siteId: id };
    });
    return isRefusal(done) ? done : this.get(done.siteId);
  }

  /** Changes what is given, and leaves what is left out. */
  async revise(context: RequestContext, input: ReviseSiteInput): Promise<SiteRow | Refusal> {
    const asked = { ...input, cleared: clearedIn(input) };
    const command = { actor: context.actor, action: 'reviseSite', key: input.idempotencyKey, input: asked };
    const done = await this.database.write(command, async (tx) => {
      const site = openOrReject((await this.sites.lock(tx, [input.siteId], 'ALONE'))[0]);
      const name = input.name?.trim() ?? site.name;
      await this.assertNameIsFree(tx, name, site.id);
      const { address = site.address, country = site.country, note = site.note } = input;
      await this.sites.update(tx, { id: site.id, name, nameKey: siteNameKey(name), address, country, note });
      return { siteId: site.id };
    });
    return isRefusal(done) ? done : this.get(done.siteId);
  }

  /** Closes a site where nothing stands, and to which nothing is on its way. It is never deleted. */
  async close(context: RequestContext, input: CloseSiteInput): Promise<SiteRow | Refusal> {
    const { idempotencyKey: key, reason } = input;
    const command = { actor: context.actor, action: 'closeSite', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const [site] = await this.sites.lock(tx, [input.siteId], 'ALONE');
      if (!site) throw notFound('input.siteId', 'site');
      const refusal = mayBeClosed(site, await this.sites.use(tx, site.id));
      if (refusal) throw new Rejected(refusal);
      await this.sites.close(tx, site.id, reason);
      return { siteId: site.id };
    });
    return isRefusal(done) ? done : this.get(done.siteId);
  }

  /** Makes a site the one where goods go when nobody says where. One that is already stays it. */
  async makeDefault(context: RequestContext, input: MakeSiteDefaultInput): Promise<SiteRow | Refusal> {
    const command = { actor: context.actor, action: 'makeSiteDefault', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const { defaultId, sites } = await this.lockWithDefault(tx, [input.siteId], 'ALONE');
      const site = openOrReject(sites.find(({ id }) => id === input.siteId));
      if (defaultId !== site.id) await this.sites.moveDefault(tx, defaultId, site.id);
      return { siteId: site.id };
    });
    return isRefusal(done) ? done : this.get(done.siteId);
  }

  /** Locks the default site and these, in one order. Who waited for the lock looks again which one is the default. */
  private async lockWithDefault(
    tx: Tx,
    ids: readonly string[],
    how: 'SHARED' | 'ALONE',
  ): Promise<{ defaultId: string; sites: SiteRow[] }> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      // oxlint-disable-next-line no-await-in-loop -- looks again at what has changed meanwhile
      const defaultId = await this.sites.defaultId(tx);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const sites = await this.sites.lock(tx, [defaultId, ...ids], how);
      if (sites.some((site) => site.id === defaultId && site.isDefault)) return { defaultId, sites };
    }
    throw new Error('the default site was moved again and again');
  }

  private async assertNameIsFree(tx: Tx, name: string, ownId: string | null): Promise<void> {
    const taken = await this.sites.idByName(tx, siteNameKey(name));
    if (taken !== undefined && taken !== ownId) throw new Rejected(siteNameTaken(name, taken));
  }

  private async get(id: string): Promise<SiteRow> {
    return (await this.byIds([id]))[0]!;
  }
}

/** The site that may be changed, or the end of the transaction. */
function openOrReject(site: SiteRow | undefined): SiteRow {
  if (!site) throw notFound('input.siteId', 'site');
  const refusal = mayBeChanged(site);
  if (refusal) throw new Rejected(refusal);
  return site;
}
