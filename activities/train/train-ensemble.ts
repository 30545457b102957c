/** The training loop: the same numbers for the same task on the same backend, whether or not it was broken off and resumed. */
import { setImmediate } from 'node:timers/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import { adamStep, cosineDecay, newAdamState } from '../../core/model/adam.ts';
import type { Checkpoint } from '../../core/model/checkpoint.ts';
import { initialParameters, type EnsembleShape, type Parameters } from '../../core/model/ensemble.ts';
import { seededRandom, shuffledIndices } from '../../core/model/random.ts';
import { ensembleMath, type EnsembleMath } from './ensemble-gradient.ts';
import type { TensorFlow } from './tensorflow.ts';
import type { TrainingTask } from './trainer-protocol.ts';

export interface TrainingData {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly fold: Uint8Array;
}

export interface TrainedEnsemble {
  readonly final: Checkpoint;
  /** [rows, heads] */
  readonly heldOut: Float32Array;
  /** [heads] */
  readonly golden: number[];
}

/** Batches between two turns of the event loop, about 40 ms: a lost parent or a signal is noticed within that. */
const BATCHES_PER_TURN = 8;

/** Loss of a head at which training is given up: the target is standardised, so that it begins near 0.4. */
const EXPLODED = 100;

/** Rows a forward pass. */
const CHUNK = 1024;

export function shapeOf(task: TrainingTask): EnsembleShape {
  return {
    features: task.features,
    hidden: task.hidden,
    heads: task.quantiles.length,
    members: task.seeds.length,
  };
}

/**
 * @param resume state after some epoch, to go on from.
 * @param onEpoch called after each epoch with the state, whose arrays change afterwards.
 * @throws CitibikeError TRAINING_FAILED when the loss is not finite or grows without bound.
 */
export async function trainEnsemble(
  tf: TensorFlow,
  task: TrainingTask,
  data: TrainingData,
  resume: Checkpoint | undefined,
  onEpoch: (state: Checkpoint) => void,
): Promise<TrainedEnsemble> {
  const shape = shapeOf(task);
  const math = ensembleMath(tf, shape, task.quantiles);
  const parameters = resume?.parameters ?? initialParameters(shape, task.seeds);
  const adam = resume?.adam ?? newAdamState(parameters);
  const stepsPerEpoch = Math.floor(task.rows / task.batch);
  const steps = stepsPerEpoch * task.epochs;
  const batch = newBatch(task);
  let loss = resume?.loss ?? Number.NaN;
  for (let epoch = resume?.epoch ?? 0; epoch < task.epochs; epoch++) {
    const order = shuffledIndices(task.rows, seededRandom(task.seeds[0]!, epoch));
    let sum = 0;
    for (let step = 0; step < stepsPerEpoch; step++) {
      fillBatch(batch, task, data, order.subarray(step * task.batch, (step + 1) * task.batch));
      const result = math.gradient(parameters, batch.x, batch.y, batch.weight);
      const headLoss = result.loss / (shape.members * shape.heads);
      checkLoss(headLoss, epoch);
      sum += headLoss;
      adamStep(parameters, result.gradients, adam, cosineDecay(task.learningRate, adam.step, steps));
      if (step % BATCHES_PER_TURN === 0) await setImmediate();
    }
    loss = sum / stepsPerEpoch;
    onEpoch({ epoch: epoch + 1, loss, parameters, adam });
    await setImmediate();
  }
  return {
    final: { epoch: task.epochs, loss, parameters, adam },
    heldOut: heldOutHeads(math, task, data, parameters),
    golden: goldenHeads(math, task, data, parameters),
  };
}

function newBatch(task: TrainingTask) {
  return {
    x: new Float32Array(task.batch * task.features),
    y: new Float32Array(task.batch),
    weight: new Float32Array(task.seeds.length * task.batch),
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
    for (let m = 0; m < task.seeds.length; m++) {
      batch.weight[m * task.batch + i] = foldOf(task, m) === data.fold[row] ? 0 : 1;
    }
  });
}

/** The fold whose rows a member does not see; −1 for those that see all. */
function foldOf(task: TrainingTask, member: number): number {
  const networks = task.seeds.length - task.folds;
  return member < networks ? -1 : member - networks;
}

function checkLoss(loss: number, epoch: number): void {
  if (Number.isFinite(loss) && loss < EXPLODED) return;
  throw new CitibikeError(
    'TRAINING_FAILED',
    `the loss became ${loss} in epoch ${epoch + 1}: look for extreme values in the training frame`,
    { epoch: epoch + 1 },
  );
}

function heldOutHeads(
  math: EnsembleMath,
  task: TrainingTask,
  data: TrainingData,
  parameters: Parameters,
): Float32Array {
  const heads = task.quantiles.length;
  const networks = task.seeds.length - task.folds;
  const heldOut = new Float32Array(task.rows * heads);
  for (let start = 0; start < task.rows; start += CHUNK) {
    const rows = Math.min(CHUNK, task.rows - start);
    const x = data.x.slice(start * task.features, (start + rows) * task.features);
    const out = math.forward(parameters, x, rows);
    for (let i = 0; i < rows; i++) {
      const from = ((networks + data.fold[start + i]!) * rows + i) * heads;
      heldOut.set(out.subarray(from, from + heads), (start + i) * heads);
    }
  }
  return heldOut;
}

function goldenHeads(
  math: EnsembleMath,
  task: TrainingTask,
  data: TrainingData,
  parameters: Parameters,
): number[] {
  const { features, goldenRow, quantiles } = task;
  const networks = task.seeds.length - task.folds;
  const out = math.forward(parameters, data.x.slice(goldenRow * features, (goldenRow + 1) * features), 1);
  return quantiles.map((_, h) => {
    let sum = 0;
    for (let m = 0; m < networks; m++) sum += out[m * quantiles.length + h]!;
    return sum / networks;
  });
}
