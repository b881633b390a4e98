import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, likePattern, readPage } from '../platform/keyset.js';
import type { Recipient } from './recipient.entity.js';
import type { RecipientStatus } from './recipient.rules.js';

const COLUMNS = `r.id, r.name, r.profession, r.specialty, r.facility, r.country, r.subdivision, r.email, r.phone,
  r.exposure_tier as "exposureTier", r.headcount, r.status, r.created_at as "createdAt"`;

/** Whom a list or a split is about; what is left out does not restrict. */
export interface RecipientFilter {
  readonly groupIds?: readonly string[] | null;
  readonly recipientIds?: readonly string[] | null;
  readonly statuses?: readonly RecipientStatus[] | null;
  readonly search?: string | null;
}

/** A recipient as a split sees her: nothing that names her. */
export type Candidate = Pick<Recipient, 'id' | 'country' | 'exposureTier' | 'headcount' | 'createdAt'>;

/** Who somebody is, and whether she takes part. */
export type Standing = Pick<Recipient, 'id' | 'email' | 'status'>;

/** How rows are locked: against change, or against others who lock them so, too. */
export type Lock = 'SHARED' | 'ALONE';

const LOCK: Readonly<Record<Lock, string>> = { SHARED: 'for share', ALONE: 'for no key update' };

const IN_GROUPS = `exists (select 1 from group_member m where m.recipient_id = r.id and m.group_id = any($))`;

@Injectable()
export class RecipientRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Recipient[]> {
    return reader.rows<Recipient>(`select ${COLUMNS} from recipient r where r.id = any($1)`, [ids]);
  }

  page(reader: Reader, filter: RecipientFilter, page: Page): Promise<Rows<Recipient>> {
    const { where, parameters } = new Conditions()
      .addIfGiven(IN_GROUPS, filter.groupIds)
      .addIfGiven('r.status = any($)', filter.statuses)
      .addIfGiven(
        '(r.name ilike $ or r.facility ilike $ or r.email ilike $)',
        filter.search ? likePattern(filter.search) : null,
      );
    return readPage<Recipient>(reader, { columns: COLUMNS, from: 'recipient r', of: 'r', where, parameters }, page);
  }

  /**
   * The active recipients that a choice names, each once however many of its groups she is in.
   * @param lock how to lock their rows until the transaction ends, in id order; null: not at all
   */
  async candidates(tx: Tx, choice: RecipientFilter, lock: Lock | null): Promise<Candidate[]> {
    const chosen = new Conditions()
      .addIfGiven('r.id = any($)', choice.recipientIds)
      .addIfGiven(IN_GROUPS, choice.groupIds);
    const either = chosen.where.length > 0 ? `and (${chosen.where.join(' or ')})` : '';
    return tx.rows<Candidate>(
      `select r.id, r.country, r.exposure_tier as "exposureTier", r.headcount, r.created_at as "createdAt" from recipient r
       where r.status = 'ACTIVE' ${either} order by r.id ${lock ? LOCK[lock] : ''}`,
      chosen.parameters,
    );
  }

  /** Which of these addresses belong to somebody already. */
  async takenEmails(tx: Tx, emails: readonly string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ email: string }>(
      `select email from recipient where email = any($1) and status <> 'DEACTIVATED'`,
      [emails],
    );
    return new Set(rows.map((row) => row.email));
  }

  /** Who is meant by these ids and addresses, and where each stands; addresses of those who have left are nobody's. */
  among(tx: Tx, ids: readonly string[], emails: readonly string[]): Promise<Standing[]> {
    return tx.rows<Standing>(
      `select r.id, r.email, r.status from recipient r where r.id = any($1)
       union select r.id, r.email, r.status from recipient r where r.email = any($2) and r.status <> 'DEACTIVATED'`,
      [ids, emails],
    );
  }

  /** Locks many people, in id order, as {@link lockStatus} locks one. */
  lockStatuses(tx: Tx, ids: readonly string[]): Promise<{ id: string; status: RecipientStatus }[]> {
    return tx.rows(`select id, status from recipient where id = any($1) order by id for no key update`, [ids]);
  }

  /** Writes many people in one statement. */
  async insert(tx: Tx, people: readonly Recipient[]): Promise<void> {
    await tx.rows(
      `insert into recipient (id, name, profession, specialty, facility, country, subdivision, email, phone, exposure_tier, headcount, status, created_at, facility_key)
       select p.*, lower(p.facility) from jsonb_to_recordset($1::jsonb) as p (id uuid, name text, profession text, specialty text, facility text, country text,
         subdivision text, email text, phone text, "exposureTier" smallint, headcount integer, status text, "createdAt" timestamptz)`,
      [JSON.stringify(people)],
    );
  }

  /**
   * Where a recipient stands. Locks her row until the transaction ends: a split among others and her, which reads her
   * needs, comes before or after what is written of her here.
   */
  async lockStatus(tx: Tx, id: string): Promise<RecipientStatus | undefined> {
    const sql = `select status from recipient where id = $1 for no key update`;
    return (await tx.rows<{ status: RecipientStatus }>(sql, [id]))[0]?.status;
  }

  /** Sets a status. @returns whether there is such a recipient */
  async setStatus(tx: Tx, id: string, status: RecipientStatus): Promise<boolean> {
    return (await tx.rows(`update recipient set status = $2 where id = $1 returning id`, [id, status])).length === 1;
  }
}
