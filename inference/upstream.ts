/** Tracks whether an upstream server answered the last call. */
import { messageOf } from '../contracts/errors.ts';

export interface UpstreamState {
  readonly state: 'up' | 'down' | 'unknown';
  /** ISO time since which the state holds. */
  readonly since: string;
  readonly error?: string;
}

/** Limits the wait, because a hanging server accepts the connection and never answers. */
const ANSWER_TIMEOUT_MS = 5_000;

interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export class Upstream {
  readonly #name: string;
  readonly #log: Log;
  #state: UpstreamState = { state: 'unknown', since: new Date().toISOString() };

  constructor(name: string, log: Log) {
    this.#name = name;
    this.#log = log;
  }

  get state(): UpstreamState {
    return this.#state;
  }

  succeeded(): void {
    if (this.#state.state === 'up') return;
    if (this.#state.state === 'down') this.#log.info({ upstream: this.#name }, 'upstream answers again');
    this.#state = { state: 'up', since: new Date().toISOString() };
  }

  failed(error: unknown): void {
    const message = messageOf(error);
    const since = this.#state.state === 'down' ? this.#state.since : new Date().toISOString();
    if (this.#state.state !== 'down') {
      this.#log.warn({ upstream: this.#name, failure: message }, 'upstream does not answer');
    }
    this.#state = { state: 'down', since, error: message };
  }

  /**
   * Makes one call and keeps its outcome.
   * @throws the error of the call, or an error if it takes too long.
   */
  async ask<T>(call: () => Promise<T>, timeoutMs = ANSWER_TIMEOUT_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.#name} did not answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      const answer = await Promise.race([call(), late]);
      this.succeeded();
      return answer;
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
