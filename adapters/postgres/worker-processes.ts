/**
 * Records which worker processes are alive, and whether they have a webhook. Only a worker knows its own settings: the console may
 * run with others. All times come from the database, so that clocks need not agree.
 */
import { randomUUID } from 'node:crypto';
import { messageOf } from '../../contracts/errors.ts';
import type { Queryable } from './database.ts';

const HEARTBEAT_MS = 5_000;

/** Sets the seconds without a heartbeat after which a worker counts as stopped: three lost heartbeats. */
const ALIVE_SECONDS = 20;

export interface LiveWorkers {
  readonly workers: number;
  /** Number of live workers that have a webhook. */
  readonly withWebhook: number;
}

export async function liveWorkers(db: Queryable): Promise<LiveWorkers> {
  const [row] = await db.query<LiveWorkers>(
    `SELECT count(*)::integer AS workers, (count(*) FILTER (WHERE has_webhook))::integer AS "withWebhook"
     FROM worker_process WHERE heartbeat_at > now() - make_interval(secs => $1)`,
    [ALIVE_SECONDS],
  );
  return row ?? { workers: 0, withWebhook: 0 };
}

/** Keeps the row of this process while it runs. A failure is logged and never stops the worker. */
export class WorkerPresence {
  readonly #db: Queryable;
  readonly #warn: (message: string) => void;
  readonly #id = randomUUID();
  readonly #hasWebhook: boolean;
  readonly #timer: NodeJS.Timeout;
  #latest: Promise<void>;

  constructor(db: Queryable, { hasWebhook }: { hasWebhook: boolean }, warn: (message: string) => void) {
    this.#db = db;
    this.#hasWebhook = hasWebhook;
    this.#warn = warn;
    this.#latest = this.#heartbeat();
    this.#timer = setInterval(() => {
      this.#latest = this.#heartbeat();
    }, HEARTBEAT_MS).unref();
  }

  /** Removes the row, so that a worker that only drains does not count. If that fails, the row expires. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#latest;
    await this.#attempt('DELETE FROM worker_process WHERE instance_id = $1', [this.#id]);
  }

  /** Also removes the rows of workers that were killed a day ago. */
  async #heartbeat(): Promise<void> {
    await this.#attempt(
      `WITH expired AS (DELETE FROM worker_process WHERE heartbeat_at < now() - interval '1 day')
       INSERT INTO worker_process (instance_id, has_webhook) VALUES ($1, $2)
       ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = now()`,
      [this.#id, this.#hasWebhook],
    );
  }

  async #attempt(sql: string, values: readonly unknown[]): Promise<void> {
    try {
      await this.#db.query(sql, values);
    } catch (error) {
      this.#warn(`the worker's row in worker_process was not written: ${messageOf(error)}`);
    }
  }
}
