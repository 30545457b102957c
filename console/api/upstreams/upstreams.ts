/** Calls the servers that the console needs, so that a failing or hanging call does not fail its page. */
import { CitibikeError, messageOf } from '../../../contracts/errors.ts';
import { timedOutAfter } from '../../../contracts/timed-out.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import type { UpstreamBody, UpstreamName, UpstreamsBody } from '../schemas/common.ts';

/** Sets the timeout of a call, so that a slow answer does not block the page. */
const ANSWER_TIMEOUT_MS = 4_000;
/** Sets the time after which the console pings a server that has not answered. */
const PATIENCE_MS = 700;
/** Sets the timeout of the ping. With the wait before it, a hanging server delays one page by two seconds. */
const PING_MS = 1_300;
/** Sets the time between two attempts at a silent server. */
const REST_MS = 1_500;

interface Health {
  state: 'up' | 'down';
  asOf: string;
  error?: string;
  restUntil: number;
}

/** Represents the smallest call that each server answers. */
export type Pings = Readonly<Partial<Record<UpstreamName, () => Promise<unknown>>>>;

interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** Represents the value of a call, or the reason why it has none. */
export type Attempt<T> = { readonly value: T } | { readonly reason: string };

export const UPSTREAMS: readonly UpstreamName[] = ['temporal', 'mlflow', 's3', 'postgres', 'inference'];

const TITLES: Readonly<Record<UpstreamName, string>> = {
  temporal: 'Temporal',
  mlflow: 'MLflow',
  s3: 'S3',
  postgres: 'Postgres',
  inference: 'the prediction service',
};

export class Upstreams {
  readonly #log: Log;
  readonly #pings: Pings;
  readonly #limits: { readonly patienceMs: number; readonly pingMs: number };
  readonly #health = new Map<UpstreamName, Health>();
  /** Pings in progress. */
  readonly #pinging = new Map<UpstreamName, Promise<void>>();

  constructor(log: Log, pings: Pings = {}, limits = { patienceMs: PATIENCE_MS, pingMs: PING_MS }) {
    this.#log = log;
    this.#pings = pings;
    this.#limits = limits;
  }

  /** Pings each server in the background, so that no page has to wait for the outcome. */
  async check(names: readonly UpstreamName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#ping(name).catch(() => undefined)));
  }

  /**
   * Calls an upstream for a panel. Returns null when the upstream does not answer or rejects the request.
   * `bodyOf` then reports it as `down` or gives the reason.
   * @throws any other error, because it concerns this request only: a missing object or an unreadable answer.
   */
  async ask<T>(name: UpstreamName, call: () => Promise<T>, timeoutMs = ANSWER_TIMEOUT_MS): Promise<T | null> {
    const attempt = await this.attempt(name, call, timeoutMs);
    return 'value' in attempt ? attempt.value : null;
  }

  /**
   * Calls an upstream like `ask`, and returns the reason instead of null. Panels with several calls need it,
   * because `bodyOf` keeps only the newest reason of an upstream.
   */
  async attempt<T>(
    name: UpstreamName,
    call: () => Promise<T>,
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Attempt<T>> {
    const health = this.#health.get(name);
    if (health?.state === 'down') {
      // Pages skip a server that was silent just now. The call pings it in the background for later pages.
      if (Date.now() >= health.restUntil) {
        health.restUntil = Date.now() + REST_MS;
        void this.#timed(name, call, timeoutMs).catch(() => undefined);
      }
      return { reason: `${TITLES[name]} does not answer: ${health.error ?? 'unknown reason'}` };
    }
    try {
      return { value: await this.#timed(name, call, timeoutMs) };
    } catch (error) {
      if (isOutage(error) || isRefusal(error)) return { reason: `${TITLES[name]}: ${messageOf(error)}` };
      throw error;
    }
  }

  /**
   * Calls an upstream for an action.
   * @throws HttpProblem 503 if the upstream does not answer.
   */
  async need<T>(name: UpstreamName, call: () => Promise<T>, timeoutMs = 20_000): Promise<T> {
    try {
      return await this.#timed(name, call, timeoutMs);
    } catch (error) {
      if (!isOutage(error)) throw error;
      throw new HttpProblem(
        503,
        'upstream-unavailable',
        `${TITLES[name]} does not answer: ${messageOf(error)}`,
        {
          retryAfter: 5,
        },
      );
    }
  }

  /** Returns the part of an answer that reports the state of its upstreams. */
  bodyOf(...names: readonly UpstreamName[]): UpstreamsBody {
    return Object.fromEntries(names.map((name) => [name, this.#bodyOf(name)]));
  }

  isDown(name: UpstreamName): boolean {
    return this.#health.get(name)?.state === 'down';
  }

  #bodyOf(name: UpstreamName): UpstreamBody {
    const health = this.#health.get(name);
    if (!health) return { state: 'up', asOf: new Date().toISOString() };
    const { state, asOf, error } = health;
    return { state, asOf, error };
  }

  async #timed<T>(name: UpstreamName, call: () => Promise<T>, timeoutMs: number): Promise<T> {
    const timers: NodeJS.Timeout[] = [];
    const late = new Promise<never>((_, reject) => {
      timers.push(setTimeout(() => reject(timedOut(timeoutMs)), timeoutMs));
    });
    // A hung server accepts the connection and never answers; a slow one still answers pings.
    const absent = new Promise<never>((_, reject) => {
      if (!this.#pings[name]) return;
      timers.push(setTimeout(() => void this.#ping(name).catch(reject), this.#limits.patienceMs));
    });
    try {
      const answer = await Promise.race([call(), late, absent]);
      this.#succeeded(name);
      return answer;
    } catch (error) {
      this.#judge(name, error);
      throw error;
    } finally {
      timers.forEach(clearTimeout);
    }
  }

  /** Pings a server, one ping at a time. Marks the server as down and rejects if it does not answer in time. */
  #ping(name: UpstreamName): Promise<void> {
    const ping = this.#pings[name];
    if (!ping) return Promise.resolve();
    let pinging = this.#pinging.get(name);
    if (!pinging) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(timedOut(this.#limits.pingMs)), this.#limits.pingMs);
      });
      pinging = Promise.race([ping(), late])
        .then(
          () => this.#succeeded(name),
          (error: unknown) => {
            this.#judge(name, error);
            if (isOutage(error)) throw error;
          },
        )
        .finally(() => {
          clearTimeout(timer);
          this.#pinging.delete(name);
        });
      this.#pinging.set(name, pinging);
    }
    return pinging;
  }

  /**
   * Marks the upstream as up or down. An error answer concerns one request and shows that the server is up.
   */
  #judge(name: UpstreamName, error: unknown): void {
    if (isOutage(error)) this.#failed(name, error);
    else this.#succeeded(name, isRefusal(error) ? messageOf(error) : undefined);
  }

  /**
   * Marks the upstream as up.
   * @param refusal reason why it rejected the request, for the page that asked.
   */
  #succeeded(name: UpstreamName, refusal?: string): void {
    if (this.#health.get(name)?.state === 'down')
      this.#log.info({ upstream: name }, 'upstream answers again');
    const error = refusal === undefined ? {} : { error: refusal };
    this.#health.set(name, { state: 'up', asOf: new Date().toISOString(), restUntil: 0, ...error });
  }

  #failed(name: UpstreamName, error: unknown): void {
    const known = this.#health.get(name);
    const message = messageOf(error);
    if (known?.state !== 'down')
      this.#log.warn({ upstream: name, failure: message }, 'upstream does not answer');
    this.#health.set(name, {
      state: 'down',
      // The shown data dates from the last answer.
      asOf: known?.asOf ?? new Date().toISOString(),
      error: message,
      restUntil: Date.now() + REST_MS,
    });
  }
}

function timedOut(ms: number): CitibikeError {
  return new CitibikeError('UPSTREAM_UNAVAILABLE', timedOutAfter(ms));
}

/**
 * Checks whether an error is an outage: no answer, or a 5xx status. A lower status shows that the server is
 * up.
 */
function isOutage(error: unknown): boolean {
  if (!(error instanceof CitibikeError) || error.code !== 'UPSTREAM_UNAVAILABLE') return false;
  const { status } = error.details;
  return typeof status !== 'number' || status >= 500;
}

function isRefusal(error: unknown): boolean {
  return error instanceof CitibikeError && error.code.startsWith('UPSTREAM_') && !isOutage(error);
}
