/** Stores scores of trials at each rung, and the checkpoints that later rungs resume from. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { SearchPlan, TrialScore } from '../../contracts/activities/search.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { stopEpoch } from '../../core/training/halving.ts';
import { CheckpointStore } from './checkpoint-store.ts';

/** Represents a stored score. The key contains the trial. */
type StoredScore = Omit<TrialScore, 'trial'>;

/**
 * Stores scores under the digest of everything that determines them, so that other chunks, searches and attempts find a trained
 * trial. The first writer wins, and other writers have equal scores.
 */
export class TrialStore {
  readonly #objects: ObjectStore;
  readonly #plan: SearchPlan;
  readonly #rung: number;

  constructor(objects: ObjectStore, plan: SearchPlan, rung: number) {
    this.#objects = objects;
    this.#plan = plan;
    this.#rung = rung;
  }

  /** Returns the epoch at which a trial stops in this rung. */
  stopAfter(trial: number): number {
    return stopEpoch(this.#plan.trials[trial]!.epochs, this.#rung, this.#plan.rungs);
  }

  /** Returns the score of a trial in this rung, if it exists. */
  async find(trial: number): Promise<TrialScore | undefined> {
    try {
      return { trial, ...(await this.#objects.getJson<StoredScore>(this.#scoreUri(trial))) };
    } catch (error) {
      if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async save({ trial, ...score }: TrialScore): Promise<void> {
    try {
      await this.#objects.putJson(this.#scoreUri(trial), score, { ifAbsent: true });
    } catch (error) {
      if (!(error instanceof CitibikeError && error.code === 'CONFLICT')) throw error;
    }
  }

  /** Returns the store for checkpoints of all rungs of a trial, which belong to one training. */
  checkpoints(trial: number): CheckpointStore {
    return new CheckpointStore(this.#objects, digestOf(this.#identity(trial)).slice(0, 32));
  }

  #scoreUri(trial: number): string {
    const digest = digestOf({ ...this.#identity(trial), stopAfter: this.stopAfter(trial) });
    return `s3://${this.#objects.buckets.artifacts}/step-cache/trial/${digest}.json`;
  }

  #identity(trial: number) {
    const { frame, config, folds, trials, backend, stageVersion, features, apart } = this.#plan;
    const { featureSet, seed } = config;
    const hyperParameters = trials[trial];
    const data = { frame: frame.sha256, featureSet, features, seed, folds };
    return { ...data, hyperParameters, backend, stageVersion, apart };
  }
}
