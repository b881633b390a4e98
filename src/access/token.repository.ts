import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { TokenRole } from './access.rules.js';

export interface TokenRow {
  readonly id: string;
  readonly role: TokenRole;
  readonly subject_id: string | null;
}

/** A token as people know it. */
export interface NamedToken {
  readonly tokenId: string;
  readonly role: TokenRole;
  readonly name: string;
}

@Injectable()
export class TokenRepository {
  /** The token with this hash, unless it was revoked. */
  async byHash(reader: Reader, hash: string): Promise<TokenRow | undefined> {
    const [row] = await reader.rows<TokenRow>(
      `select id, role, subject_id from access_token where hash = $1 and revoked_at is null`,
      [hash],
      'token by hash',
    );
    return row;
  }

  /** What tokens are called; revoked ones, too. */
  named(reader: Reader, ids: readonly string[]): Promise<NamedToken[]> {
    return reader.rows<NamedToken>(`select id as "tokenId", role, name from access_token where id = any($1)`, [ids]);
  }

  async insert(
    tx: Tx,
    token: { id: string; hash: string; role: TokenRole; name: string; subjectId: string | null },
  ): Promise<void> {
    await tx.rows(
      `insert into access_token (id, hash, role, name, subject_id, created_at) values ($1, $2, $3, $4, $5, $6)`,
      [token.id, token.hash, token.role, token.name, token.subjectId, tx.now],
    );
  }

  /** Has a token that speaks for nobody yet speak for this donor. Locks the token's row. */
  async bind(tx: Tx, id: string, subjectId: string): Promise<boolean> {
    const bound = await tx.rows(
      `update access_token set subject_id = $2 where id = $1 and subject_id is null returning id`,
      [id, subjectId],
    );
    return bound.length === 1;
  }
}
