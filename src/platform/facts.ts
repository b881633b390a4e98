import { Injectable } from '@nestjs/common';
import type { Actor, Tx } from './database.js';

type Listener = (tx: Tx, fact: object) => Promise<void>;
type Follower = (actor: Actor, fact: object) => Promise<void>;

/**
 * What happened, told inside the transaction in which it happened. A later room listens to an earlier one without the
 * earlier one knowing it: deliveries are prepared when an allocation is committed, in the same commit or not at all.
 */
@Injectable()
export class Facts {
  private readonly listeners = new Map<string, Listener[]>();
  private readonly followers = new Map<string, Follower[]>();

  /** Has `listener` join the transaction of every fact of this name; it may refuse by throwing `Rejected`. */
  on<Fact extends object>(name: string, listener: (tx: Tx, fact: Fact) => Promise<void>): void {
    const known = this.listeners.get(name) ?? [];
    this.listeners.set(name, [...known, listener as Listener]);
  }

  /** Tells a fact (past tense: `allocation.committed`) to all who listen, one after the other. */
  async tell(tx: Tx, name: string, fact: object): Promise<void> {
    for (const listener of this.listeners.get(name) ?? []) {
      // oxlint-disable-next-line no-await-in-loop -- one connection, one statement at a time
      await listener(tx, fact);
    }
  }

  /**
   * Has `follower` act once the transaction of a fact is over, in transactions of its own. It is told again when the call
   * that brought the fact is repeated, and may never be told when the program ends in between: what must not wait for it
   * belongs into a listener.
   */
  after<Fact extends object>(name: string, follower: (actor: Actor, fact: Fact) => Promise<void>): void {
    const known = this.followers.get(name) ?? [];
    this.followers.set(name, [...known, follower as Follower]);
  }

  /** Tells a fact whose transaction is over to all who follow it, one after the other. */
  async tellAfter(actor: Actor, name: string, fact: object): Promise<void> {
    for (const follower of this.followers.get(name) ?? []) {
      // oxlint-disable-next-line no-await-in-loop -- each finds what the one before has done
      await follower(actor, fact);
    }
  }
}
