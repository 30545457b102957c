/** Reads how runs ended. An ended run never changes, so each is read once. */
import { CitibikeError } from '../../contracts/errors.ts';
import { rootFailure } from './root-failure.ts';
import type { RunBody } from './schemas/runs.ts';
import type { Sources } from './sources.ts';
import { Cache } from './upstreams/cache.ts';
import { endOf } from './upstreams/history.ts';

export interface RunEnd {
  readonly result: unknown;
  /** Code of contracts/errors.ts or name of Temporal's failure; null if only the records know the run. */
  readonly code: string | null;
  /** Message that says what is wrong; null if the run did not fail. */
  readonly message: string | null;
}

const MOST_ENDS = 500;

export class RunEnds {
  readonly #sources: Pick<Sources, 'upstreams' | 'temporal' | 'records'>;
  readonly #ends = new Cache<RunEnd>(Infinity, MOST_ENDS);

  constructor(sources: Pick<Sources, 'upstreams' | 'temporal' | 'records'>) {
    this.#sources = sources;
  }

  /** Returns null if the server that knows the run does not answer, or has just deleted it. */
  async get(run: RunBody): Promise<RunEnd | null> {
    const name = run.source === 'temporal' ? 'temporal' : 'postgres';
    try {
      return await this.#sources.upstreams.ask(name, () =>
        this.#ends.get(`${run.workflowId} ${run.runId}`, () => this.#read(run)),
      );
    } catch (error) {
      if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return null;
      throw error;
    }
  }

  async #read(run: RunBody): Promise<RunEnd> {
    const { temporal, records } = this.#sources;
    if (run.source === 'records') {
      const found = await records.run(run.workflowId, run.runId);
      return { result: found?.result, code: null, message: found?.failureText ?? null };
    }
    const end = endOf(await temporal.lastEvent(run.workflowId, run.runId));
    const root = rootFailure(end?.failure ?? []);
    return { result: end?.result, code: root?.type ?? null, message: root?.message ?? null };
  }
}
