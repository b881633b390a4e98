import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Actor, type Tx } from '../platform/database.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { newId } from '../platform/ids.js';
import { forbidden } from '../platform/rejection.js';
import { isStaff, seesEverything, type TokenRole, type Viewer } from './access.rules.js';
import type { ActorType } from './actor.types.js';
import type { RequestContext } from './request-context.js';
import { TokenRepository } from './token.repository.js';

/** What a token looks like, so that a leaked one can be found by its prefix. */
const TOKEN = /^ppe_[A-Za-z0-9_-]{43}$/;

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

@Injectable()
export class TokenService {
  constructor(
    private readonly database: Database,
    private readonly tokens: TokenRepository,
  ) {}

  /** Who holds this token; nobody when it is malformed, unknown or revoked. */
  async viewerOf(token: string): Promise<Viewer | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const row = await this.database.read((reader) => this.tokens.byHash(reader, hashOf(token)));
    return row && { tokenId: row.id, role: row.role, subjectId: row.subject_id };
  }

  /**
   * Makes a token. It is returned once and kept only as a hash.
   * @param subjectId the donor or recipient for whom a `DONOR` or `RECIPIENT` token speaks
   */
  async create(actor: Actor, role: TokenRole, name: string, subjectId: string | null = null): Promise<string> {
    const token = `ppe_${randomBytes(32).toString('base64url')}`;
    const id = newId();
    await this.database.write({ actor, action: 'createToken' }, async (tx) => {
      await this.tokens.insert(tx, { id, hash: hashOf(token), role, name, subjectId });
      return { tokenId: id, role };
    });
    return token;
  }

  private readonly byIds = (ids: readonly string[]) => this.database.read((reader) => this.tokens.named(reader, ids));

  /**
   * Whose token did something, for whoever may read the whole chain. What a donor's or clinician's token is called may
   * be her name: that is for coordinators.
   */
  async actor(context: RequestContext, tokenId: string | null): Promise<ActorType | null> {
    const token = tokenId && (await loaderOf(context, this.byIds, (row) => row.tokenId).load(tokenId));
    if (!token) return null;
    const isOurs = seesEverything({ tokenId: token.tokenId, role: token.role, subjectId: null });
    return isOurs || isStaff(context.viewer) ? token : { ...token, name: null };
  }

  /**
   * A donor's token speaks for the donor it registers first, and for no other.
   * @throws FORBIDDEN when it speaks for another already
   */
  async speakFor(tx: Tx, viewer: Viewer, donorId: string): Promise<void> {
    if (viewer.role !== 'DONOR') return;
    const bound = viewer.tokenId !== null && (await this.tokens.bind(tx, viewer.tokenId, donorId));
    if (!bound) throw forbidden('This token speaks for a donor already, and cannot register another.');
    viewer.subjectId = donorId;
  }
}
