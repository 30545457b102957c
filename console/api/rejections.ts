/**
 * Records rejected requests for the audit. Counts them per address and reason for a minute and writes one row each, so that
 * callers cannot flood the audit.
 */
import { recordRejections, type AuditEvent } from '../../adapters/postgres/console-audit.ts';
import { messageOf } from '../../contracts/errors.ts';
import type { Queryable } from '../../adapters/postgres/database.ts';
import { networkOf } from '../../adapters/fastify/network-of.ts';

const WINDOW_MS = 60_000;
/** Limits the number of rows per minute; rejections of further addresses are counted together. */
const MOST_ROWS = 20;
const OTHERS = 'other addresses';
const MOST_TARGET_CHARS = 200;

export interface Rejection {
  readonly address: string;
  /** Kind of the problem that the caller received. */
  readonly reason: string;
  /** Method and route of the first request. */
  readonly target: string;
}

interface Counted extends Rejection {
  /** ISO time of the first request; the row is written up to a minute later. */
  readonly first: string;
  count: number;
}

interface Log {
  warn(facts: object, message: string): void;
}

export class Rejections {
  readonly #database: Queryable;
  readonly #log: Log;
  #counted = new Map<string, Counted>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Queryable, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  add({ address, reason, target }: Rejection): void {
    const group = networkOf(address);
    const key = `${reason} ${group}`;
    const isKnown = this.#counted.has(key);
    const isFull = !isKnown && this.#counted.size >= MOST_ROWS - 1;
    const kept = isFull ? OTHERS : key;
    const entry = this.#counted.get(kept);
    if (entry) entry.count += 1;
    else {
      const first = new Date().toISOString();
      const row = isFull
        ? { address: OTHERS, reason: 'several', target: '', first, count: 1 }
        : { address: group, reason, target: target.slice(0, MOST_TARGET_CHARS), first, count: 1 };
      this.#counted.set(kept, row);
    }
    this.#timer ??= setTimeout(() => void this.flush(), WINDOW_MS).unref();
  }

  /** Writes the counts. If Postgres fails, logs and drops them. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    for (const { address, reason, target, first, count } of counted) {
      const event: AuditEvent = {
        via: 'console',
        from: address,
        action: `rejected: ${reason}`,
        target,
        detail: { first },
      };
      try {
        await recordRejections(this.#database, count, event);
      } catch (error) {
        this.#log.warn({ address, reason, count, failure: messageOf(error) }, 'rejections not recorded');
      }
    }
  }
}
