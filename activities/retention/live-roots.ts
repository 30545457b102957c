/** Joins what refers to objects in the running product: runs in Temporal, versions in MLflow, pointers in S3. */
import type { Client } from '@temporalio/client';
import { DAY_MS } from '../../contracts/calendar.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { Roots } from './kept-objects.ts';
import { PointerReferences } from './pointer-references.ts';
import { RunReferences } from './run-references.ts';
import { VersionReferences } from './version-references.ts';

/** Results of runs that closed within this time stay, because a person may be about to use them. */
const RECENT_MS = 7 * DAY_MS;

export class LiveRoots implements Roots {
  readonly #runs: RunReferences;
  readonly #versions: VersionReferences;
  readonly #pointers: PointerReferences;

  constructor(deps: Pick<ActivityDependencies, 'artifacts' | 'mlflow'>, client: Client) {
    const { objects } = deps.artifacts;
    const { artifacts } = objects.buckets;
    this.#runs = new RunReferences(client, artifacts, new Date(Date.now() - RECENT_MS));
    this.#versions = new VersionReferences(deps.mlflow, artifacts);
    this.#pointers = new PointerReferences(objects);
  }

  get oldestOpenStart(): Date | undefined {
    return this.#runs.oldestOpenStart;
  }

  /** Runs come last, because a run that begins meanwhile may refer to anything. */
  async *changed(): AsyncGenerator<readonly string[]> {
    yield* this.#pointers.changed();
    yield* this.#versions.changed();
    yield* this.#runs.changed();
  }
}
