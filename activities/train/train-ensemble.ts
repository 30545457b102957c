/** Runs the training loop. A task gives the same numbers on the same backend, even if it was interrupted and resumed. */
import { setImmediate } from 'node:timers/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import { adamStep, cosineDecay, newAdamState } from '../../core/training/adam.ts';
import type { Checkpoint, EpochRecord } from '../../core/training/checkpoint.ts';
import {
  decayOfKernels,
  initialParameters,
  type EnsembleShape,
  type Parameters,
} from '../../core/training/ensemble.ts';
import { headsOf } from '../../core/training/heads.ts';
import { seededRandom, shuffledIndices } from '../../core/random.ts';
import { ensembleMath, type EnsembleMath } from './ensemble-gradient.ts';
import type { TensorFlow } from './tensorflow.ts';
import type { TrainingData, TrainingTask } from './trainer-protocol.ts';

export interface TrainedEnsemble {
  readonly final: Checkpoint;
  /** [masks, rows, heads]: mean over the members of each mask. NaN for rows that the mask does not hide. */
  readonly heldOut: Float32Array;
  /** [heads] of the golden row, mean over the members that see all rows. It is empty without such members. */
  readonly golden: number[];
}

/** Sets the batches between two turns of the event loop, about 40 ms, in which the process notices signals and a lost parent. */
const BATCHES_PER_TURN = 8;

/** Stops the training at this loss of a head. The target is standardised, so the loss begins near 1 or below. */
const EXPLODED = 100;

/** Sets the rows per forward pass. */
const CHUNK = 1024;

export function shapeOf(task: TrainingTask): EnsembleShape {
  return {
    features: task.features,
    hidden: task.hidden,
    heads: headsOf(task.loss).length,
    members: task.members.length,
  };
}

/**
 * Trains until `task.stopAfter`, or the end of the schedule.
 * @param resume state after an epoch to resume from. Its arrays change.
 * @param onEpoch receives the state after each epoch. Its arrays change afterwards.
 * @throws CitibikeError TRAINING_FAILED if the loss is not finite or grows without bound.
 */
export async function trainEnsemble(
  tf: TensorFlow,
  task: TrainingTask,
  data: TrainingData,
  resume: Checkpoint | undefined,
  onEpoch: (state: Checkpoint) => void,
): Promise<TrainedEnsemble> {
  const shape = shapeOf(task);
  const math = ensembleMath(tf, shape, task.loss);
  const parameters =
    resume?.parameters ??
    initialParameters(
      shape,
      task.members.map(({ seed }) => seed),
    );
  const adam = resume?.adam ?? newAdamState(parameters);
  const decay = decayOfKernels(shape, task.weightDecay);
  const batchRows = Math.min(task.batch, task.rows);
  const stepsPerEpoch = Math.floor(task.rows / batchRows);
  const steps = stepsPerEpoch * task.epochs;
  const batch = newBatch(task, batchRows);
  const history: EpochRecord[] = [...(resume?.history ?? [])];
  const state = (): Checkpoint => ({
    epoch: history.length,
    loss: history.at(-1)?.loss ?? Number.NaN,
    history: [...history],
    parameters,
    adam,
  });
  while (history.length < Math.min(task.epochs, task.stopAfter ?? task.epochs)) {
    const epoch = history.length;
    const order = shuffledIndices(task.rows, seededRandom(task.members[0]!.seed, epoch));
    const learningRate = cosineDecay(task.learningRate, adam.step, steps);
    const tally = new LossTally(task, shape.heads);
    for (let step = 0; step < stepsPerEpoch; step++) {
      fillBatch(batch, task, data, order.subarray(step * batchRows, (step + 1) * batchRows));
      const { costs, gradients } = math.gradient(parameters, batch.x, batch.y, batch.weight);
      checkLoss(tally.add(costs, batch.weight), epoch);
      adamStep(parameters, gradients, adam, cosineDecay(task.learningRate, adam.step, steps), decay);
      if (step % BATCHES_PER_TURN === 0) await setImmediate();
    }
    history.push({ at: Date.now(), learningRate, ...tally.means() });
    onEpoch(state());
    await setImmediate();
  }
  return {
    final: state(),
    heldOut: heldOutHeads(math, task, data, parameters),
    golden: goldenHeads(math, task, data, parameters),
  };
}

/** Sums the losses of an epoch: of visible rows, and by mask of hidden rows. */
class LossTally {
  readonly #task: TrainingTask;
  readonly #heads: number;
  readonly #shown = { sum: 0, count: 0 };
  readonly #hidden: { sum: number; count: number }[];

  constructor(task: TrainingTask, heads: number) {
    this.#task = task;
    this.#heads = heads;
    this.#hidden = Array.from({ length: task.masks }, () => ({ sum: 0, count: 0 }));
  }

  /** Adds a batch. Returns the mean loss of a head over its visible rows, or 0 without any. */
  add(costs: Float32Array, weight: Float32Array): number {
    const rows = costs.length / this.#task.members.length;
    const batch = { sum: 0, count: 0 };
    this.#task.members.forEach(({ mask }, m) => {
      const hidden = mask === null ? undefined : this.#hidden[mask];
      for (let i = m * rows; i < (m + 1) * rows; i++) {
        const into = weight[i] === 0 ? hidden! : batch;
        into.sum += costs[i]!;
        into.count += this.#heads;
      }
    });
    this.#shown.sum += batch.sum;
    this.#shown.count += batch.count;
    return batch.count > 0 ? batch.sum / batch.count : 0;
  }

  means(): Pick<EpochRecord, 'loss' | 'heldOut'> {
    const mean = ({ sum, count }: { sum: number; count: number }) => sum / count;
    return { loss: mean(this.#shown), heldOut: this.#hidden.map(mean) };
  }
}

function newBatch(task: TrainingTask, rows: number) {
  return {
    x: new Float32Array(rows * task.features),
    y: new Float32Array(rows),
    weight: new Float32Array(task.members.length * rows),
  };
}

function fillBatch(
  batch: ReturnType<typeof newBatch>,
  task: TrainingTask,
  data: TrainingData,
  rows: Int32Array,
): void {
  const { features } = task;
  rows.forEach((row, i) => {
    batch.x.set(data.x.subarray(row * features, (row + 1) * features), i * features);
    batch.y[i] = data.y[row]!;
    task.members.forEach(({ mask }, m) => {
      batch.weight[m * rows.length + i] = mask !== null && data.masks[mask * task.rows + row] === 1 ? 0 : 1;
    });
  });
}

function checkLoss(loss: number, epoch: number): void {
  if (Number.isFinite(loss) && loss < EXPLODED) return;
  throw new CitibikeError(
    'TRAINING_FAILED',
    `the loss became ${loss} in epoch ${epoch + 1}. Check the training frame for extreme values, or lower hyperParameters.learningRate`,
    { epoch: epoch + 1 },
  );
}

function heldOutHeads(
  math: EnsembleMath,
  task: TrainingTask,
  data: TrainingData,
  parameters: Parameters,
): Float32Array {
  const heads = headsOf(task.loss).length;
  const membersOf = Array.from({ length: task.masks }, (_, mask) =>
    task.members.flatMap((member, m) => (member.mask === mask ? [m] : [])),
  );
  const heldOut = new Float32Array(task.masks * task.rows * heads).fill(Number.NaN);
  for (let start = 0; start < task.rows; start += CHUNK) {
    const rows = Math.min(CHUNK, task.rows - start);
    const x = data.x.slice(start * task.features, (start + rows) * task.features);
    const out = math.forward(parameters, x, rows);
    membersOf.forEach((members, mask) => {
      for (let i = 0; i < rows; i++) {
        const row = mask * task.rows + start + i;
        if (data.masks[row] !== 1) continue;
        for (let h = 0; h < heads; h++) {
          heldOut[row * heads + h] = meanOf(members, (m) => out[(m * rows + i) * heads + h]!);
        }
      }
    });
  }
  return heldOut;
}

function goldenHeads(
  math: EnsembleMath,
  task: TrainingTask,
  data: TrainingData,
  parameters: Parameters,
): number[] {
  const networks = task.members.flatMap(({ mask }, m) => (mask === null ? [m] : []));
  if (networks.length === 0) return [];
  const { features, goldenRow } = task;
  const heads = headsOf(task.loss).length;
  const out = math.forward(parameters, data.x.slice(goldenRow * features, (goldenRow + 1) * features), 1);
  return Array.from({ length: heads }, (_, h) => meanOf(networks, (m) => out[m * heads + h]!));
}

function meanOf(members: readonly number[], valueOf: (member: number) => number): number {
  return members.reduce((sum, m) => sum + valueOf(m), 0) / members.length;
}
