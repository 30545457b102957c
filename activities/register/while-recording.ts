/** Records a training in MLflow while it trains: the losses of each epoch, and the load of the machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Metric } from '../../adapters/mlflow/log-batches.ts';
import { toPairs } from '../../adapters/mlflow/pairs.ts';
import { underLock } from '../../adapters/postgres/advisory-lock.ts';
import { messageOf } from '../../contracts/errors.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { findOrCreate } from './effect-key.ts';
import { SystemMetrics, type TrainerUsage } from './system-metrics.ts';
import { trainingParams } from './training-params.ts';
import {
  ATTEMPT_TAG,
  isOfLaterAttempt,
  newTrainingRun,
  TRAINING_KEY_TAG,
  trainingKey,
  trainingRuns,
  type Training,
} from './training-run.ts';

/** Sets the time between two calls. MLflow needs 30 ms of a core per call, which the trainer would lack. */
const LOG_EVERY_MS = 2_000;

/** Sets the time to the next call after a failure. */
const RETRY_EVERY_MS = 10_000;

const SAMPLE_EVERY_MS = 5_000;

/** Limits how long the end of a training waits for MLflow. */
const LONGEST_END_MS = 10_000;

/** Names MLflow's tag with the description of a run. */
const NOTE_TAG = 'mlflow.note.content';

type EndStatus = 'FINISHED' | 'FAILED' | 'KILLED';

/** Represents what the trainer reports after an epoch. */
export interface EpochReport extends TrainerUsage {
  readonly epoch: number;
  /** End of the epoch, in epoch milliseconds. */
  readonly at: number;
  readonly loss: number;
  /** Null if the span is too short to hide weeks. */
  readonly heldOutLoss: number | null;
  readonly learningRate: number;
}

/** Represents the open run, with the epochs that MLflow has. */
interface OpenRun {
  readonly runId: string;
  readonly startedAt: number;
  readonly epochs: Set<number>;
}

/**
 * Runs `train` and records it. An outage of MLflow does not stop the training. The recorder sends later what it could not send, and
 * the registration sends the rest.
 */
export async function whileRecording<T>(
  deps: ActivityDependencies,
  training: Training,
  signal: AbortSignal,
  train: (onEpoch: (report: EpochReport) => void) => Promise<T>,
): Promise<T> {
  const recorder = new Recorder(deps, training);
  try {
    const trained = await train((report) => recorder.add(report));
    await recorder.end('FINISHED');
    return trained;
  } catch (error) {
    // A retry opens the run again. Without one, as after a cancellation, the run is already closed.
    await recorder.end(signal.aborted ? 'KILLED' : 'FAILED', messageOf(error));
    throw error;
  }
}

class Recorder {
  readonly #deps: ActivityDependencies;
  readonly #training: Training;
  readonly #log = Context.current().log;
  /** Orders the attempts, by the time at which Temporal scheduled them. */
  readonly #attempt = Context.current().info.currentAttemptScheduledTimestampMs;
  readonly #startedAt = Date.now();
  readonly #system = new SystemMetrics();
  readonly #ending = new AbortController();
  readonly #following: Promise<void>;
  #sampledAt = Date.now();
  #lastReport: EpochReport | undefined;
  #reports: EpochReport[] = [];
  #samples: Metric[] = [];
  /** Undefined until the run is open. A failed call resets it, because MLflow may have stored the batch. */
  #open: OpenRun | undefined;
  #isFailing = false;
  /** True once another writer has the run: a later attempt, or the registration if MLflow did not answer at the end. */
  #isReplaced = false;

  constructor(deps: ActivityDependencies, training: Training) {
    this.#deps = deps;
    this.#training = training;
    this.#following = this.#follow();
  }

  add(report: EpochReport): void {
    this.#lastReport = report;
    this.#reports.push(report);
  }

  /** Sends the rest and ends the run. Does not throw. */
  async end(status: EndStatus, reason?: string): Promise<void> {
    this.#ending.abort();
    const ended = this.#following.then(() => this.#send((runId) => this.#finish(runId, status, reason)));
    if (await Promise.race([ended, sleep(LONGEST_END_MS, false, { ref: false })])) return;
    this.#isReplaced = true;
    this.#log.warn('MLflow does not know how the training ended; a retry or the registration tells it', {
      status,
      unsentEpochs: this.#reports.length,
    });
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const isSent = await this.#send();
      await sleep(isSent ? LOG_EVERY_MS : RETRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Sends what MLflow lacks, and then calls `next`. Returns whether both succeeded, or are left to another writer. */
  async #send(next?: (runId: string) => Promise<void>): Promise<boolean> {
    try {
      const wasOpen = this.#open !== undefined;
      const run = this.#isReplaced ? undefined : (this.#open ??= await this.#openRun());
      if (run === undefined) return true;
      this.#sample(run);
      const reports = this.#reports.filter(({ epoch }) => !run.epochs.has(epoch));
      const samples = this.#samples;
      const metrics = [...reports.flatMap(metricsOf), ...samples];
      if (wasOpen && (next || metrics.length > 0)) await this.#checkOwner(run);
      if (this.#isReplaced) return true;
      if (metrics.length > 0) await this.#deps.mlflow.runs.logBatch(run.runId, { metrics });
      for (const { epoch } of reports) run.epochs.add(epoch);
      this.#reports = this.#reports.filter(({ epoch }) => !run.epochs.has(epoch));
      this.#samples = this.#samples.slice(samples.length);
      // The end may have been given up during the call.
      if (!this.#isReplaced) await next?.(run.runId);
      if (this.#isFailing) this.#log.info('MLflow records the training again');
      this.#isFailing = false;
      return true;
    } catch (error) {
      this.#open = undefined;
      if (!this.#isFailing) {
        const reason = messageOf(error);
        this.#log.warn('MLflow does not record the training now; its epochs are sent later', { reason });
      }
      this.#isFailing = true;
      return false;
    }
  }

  /** Finds or creates the run and makes this attempt its owner. Returns undefined if it belongs to a later attempt. */
  async #openRun(): Promise<OpenRun | undefined> {
    const { mlflow, experiment, database } = this.#deps;
    const { config, backend } = this.#training;
    const experimentId = await mlflow.experiments.ensure(experiment);
    const key = trainingKey(this.#training);
    const created = newTrainingRun(this.#deps, experimentId, this.#training, this.#startedAt);
    const run = await underLock(database, `training:${key}`, async () => {
      const found = await findOrCreate(
        () => trainingRuns(this.#deps, experimentId, this.#training),
        () => mlflow.runs.create({ ...created, tags: { ...created.tags, [TRAINING_KEY_TAG]: key } }),
      );
      if (isOfLaterAttempt(found, this.#attempt)) return undefined;
      await mlflow.runs.logBatch(found.runId, {
        params: toPairs(trainingParams(config, backend)),
        tags: toPairs({
          [ATTEMPT_TAG]: String(this.#attempt),
          // The failure of an earlier attempt does not describe this one.
          ...(found.status === 'RUNNING' ? {} : { [NOTE_TAG]: '' }),
        }),
      });
      return found;
    });
    this.#isReplaced ||= run === undefined;
    if (run === undefined) return undefined;
    const { runId, startedAt } = run;
    if (run.status !== 'RUNNING') await mlflow.runs.reopen(runId);
    const logged = 'train_loss' in run.metrics ? await mlflow.runs.metricHistory(runId, 'train_loss') : [];
    return { runId, startedAt, epochs: new Set(logged.map(({ step }) => step)) };
  }

  /** An attempt that Temporal gave up may still run, or go on after its machine was suspended. It must not write then. */
  async #checkOwner({ runId }: OpenRun): Promise<void> {
    this.#isReplaced ||= isOfLaterAttempt(await this.#deps.mlflow.runs.get(runId), this.#attempt);
  }

  /** Measures the load, if the last time was some seconds ago. The step is the second of the run, also after a retry. */
  #sample({ startedAt }: OpenRun): void {
    const timestamp = Date.now();
    if (timestamp - this.#sampledAt < SAMPLE_EVERY_MS) return;
    this.#sampledAt = timestamp;
    const step = Math.round((timestamp - startedAt) / 1_000);
    for (const [key, value] of Object.entries(this.#system.sample(this.#lastReport)))
      this.#samples.push({ key, value, timestamp, step });
  }

  async #finish(runId: string, status: EndStatus, reason: string | undefined): Promise<void> {
    const { runs } = this.#deps.mlflow;
    if (reason !== undefined) await runs.logBatch(runId, { tags: toPairs({ [NOTE_TAG]: reason }) });
    await runs.finish(runId, status, Date.now());
  }
}

/** Returns the metrics of an epoch, named like the series of `history.json`. */
function metricsOf({ epoch, at, loss, heldOutLoss, learningRate }: EpochReport): Metric[] {
  const metric = (key: string, value: number): Metric => ({ key, value, timestamp: at, step: epoch });
  return [
    metric('train_loss', loss),
    ...(heldOutLoss === null ? [] : [metric('held_out_loss', heldOutLoss)]),
    metric('learning_rate', learningRate),
  ];
}
