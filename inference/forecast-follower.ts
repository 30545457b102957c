/**
 * Keeps the forecast of this process equal to the newest issue in Postgres. While Postgres is down, the last one serves with its age.
 * A request reads `forecast` once, so following never delays it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { ForecastIssue } from '../adapters/postgres/demand-forecasts.ts';
import type { DemandForecast } from '../contracts/demand-forecast.ts';
import type { FollowedForecast, LastForecast } from './last-forecast.ts';
import { isStoredForecast } from './stored-forecast.ts';
import { Upstream } from './upstream.ts';

export interface ForecastFollowerOptions {
  readonly model: string;
  /** Store of the issues: Postgres. */
  readonly store: {
    newest(model: string): Promise<ForecastIssue | undefined>;
    /** Returns undefined if the issue was deleted meanwhile. */
    read(model: string, issue: ForecastIssue): Promise<DemandForecast | undefined>;
  };
  readonly last: LastForecast;
  /** Minimum pause between two polls in milliseconds. Up to a fifth is added, so that processes do not poll in step. */
  readonly pollMs: number;
  readonly log: FastifyBaseLogger;
}

export class ForecastFollower {
  readonly #options: ForecastFollowerOptions;
  readonly #postgres: Upstream;
  readonly #stopping = new AbortController();
  #followed: FollowedForecast | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ForecastFollowerOptions) {
    this.#options = options;
    this.#postgres = new Upstream('postgres', options.log);
  }

  /** Returns the forecast to answer from; undefined if there is none yet. */
  get forecast(): DemandForecast | undefined {
    return this.#followed?.forecast;
  }

  /** Tells whether Postgres has answered since the start, so that a missing forecast is known to be missing. */
  get isUpToDate(): boolean {
    return this.#postgres.state.state === 'up';
  }

  /** Loads the forecast that the last run saved on disk, then follows in the background. Does not wait for Postgres. */
  async start(): Promise<void> {
    const { last, log } = this.#options;
    try {
      this.#followed = await last.read();
    } catch (error) {
      log.warn({ err: error }, 'the forecast saved on disk cannot be used; waiting for Postgres');
    }
    this.#loop = this.#follow();
  }

  /** Stops following. The forecast stays in memory for requests in flight. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #follow(): Promise<void> {
    const { pollMs, log } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#poll().catch((error: unknown) =>
        log.debug({ err: error }, 'the newest forecast cannot be read; the last one stays in use'),
      );
      await sleep(pollMs * (1 + Math.random() / 5), undefined, { signal }).catch(() => undefined);
    }
  }

  async #poll(): Promise<void> {
    const { model, store, last, log } = this.#options;
    const issue = await this.#postgres.ask(() => store.newest(model));
    if (!issue || isSame(issue, this.#followed)) return;
    const forecast = await this.#postgres.ask(() => store.read(model, issue));
    if (!forecast) return;
    const { issuedAt, provider, version } = forecast;
    if (!isStoredForecast(forecast)) {
      log.error({ issuedAt, provider, version }, 'the newest forecast is invalid; the last one stays in use');
      return;
    }
    this.#followed = { forecast, createdAt: issue.createdAt.toISOString() };
    log.info({ issuedAt, provider, version, hours: forecast.hours.length }, 'following a forecast');
    await last
      .write(this.#followed)
      .catch((error: unknown) =>
        log.error(
          { err: error, file: last.file },
          'the forecast could not be saved; a restart will need Postgres',
        ),
      );
  }
}

function isSame(
  { system, issuedAt, createdAt }: ForecastIssue,
  followed: FollowedForecast | undefined,
): boolean {
  return (
    followed?.createdAt === createdAt.toISOString() &&
    followed.forecast.system === system &&
    followed.forecast.issuedAt === issuedAt.toISOString()
  );
}
