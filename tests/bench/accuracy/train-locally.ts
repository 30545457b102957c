/** Trains as `trainModel` does, with the product's code but without servers: from rows to the files of a model. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shapeOf } from '../../../activities/train/train-ensemble.ts';
import { chooseBackend, runTrainer } from '../../../activities/train/trainer-process.ts';
import { TASK_FILES } from '../../../activities/train/trainer-protocol.ts';
import { sizesOf, taskOf, writeTask } from '../../../activities/train/training-task.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import type { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { StoredFeatureSet } from '../../../contracts/stored-names.ts';
import type { MonthSpan } from '../../../contracts/months.ts';
import { FORMER_NORMAL_HIGHS, FORMER_PLACE } from '../../../contracts/former-place.ts';
import { decodeCheckpoint } from '../../../core/training/checkpoint.ts';
import { networkOf } from '../../../core/training/ensemble.ts';
import { assembleModelFolder } from '../../../core/training/assemble-model-folder.ts';
import { prepareTraining, type TrainingSet } from '../../../core/training/training-set.ts';

export interface LocalTraining {
  readonly featureSet: StoredFeatureSet;
  readonly hyperParameters: HyperParameters;
  readonly seed: number;
  readonly span: MonthSpan;
  /** Networks kept from each fold of weeks; the product's number by default. */
  readonly foldNetworks?: number;
}

export interface LocalModel {
  readonly files: Record<string, Uint8Array>;
  readonly training: TrainingSet;
  /** [masks, rows, heads], as `heldOut` of model-folder.ts. */
  readonly heldOut: Float32Array;
  readonly backend: string;
}

export async function trainLocally(rows: readonly FrameRow[], wanted: LocalTraining): Promise<LocalModel> {
  const { featureSet, hyperParameters, seed, span, foldNetworks } = wanted;
  const signal = new AbortController().signal;
  const training = prepareTraining(rows, featureSet, { ...hyperParameters, place: FORMER_PLACE });
  const backend = await chooseBackend('auto', signal);
  const { task: planned, data } = taskOf(training, hyperParameters, seed, backend);
  const task = { ...planned, members: membersOf(planned.members, foldNetworks) };
  const folder = await mkdtemp(path.join(tmpdir(), 'citibike-bench-'));
  try {
    await writeTask(folder, task, data);
    const { golden, tfjs } = await runTrainer(folder, signal, () => undefined);
    const final = decodeCheckpoint(await readFile(path.join(folder, TASK_FILES.final)), sizesOf(task));
    const heldOut = new Float32Array(
      new Uint8Array(await readFile(path.join(folder, TASK_FILES.heldOut))).buffer,
    );
    const networks = task.members.flatMap(({ mask }, member) => (mask === null ? [member] : []));
    const files = assembleModelFolder(
      training,
      {
        network: networkOf(shapeOf(task), final.parameters, networks),
        seeds: task.members.map((member) => member.seed),
        heldOut,
        golden,
        history: final.history,
      },
      {
        normalHighs: FORMER_NORMAL_HIGHS,
        trainedOn: { system: 'nyc', ...span, hours: rows.length, synthetic: false },
        backend,
        versions: { tfjs, node: process.versions.node, citibike: 'bench' },
        seed,
        hyperParameters,
        frame: { sha256: '0'.repeat(64), rows: rows.length },
      },
    );
    return { files, training, heldOut, backend };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Members = ReturnType<typeof taskOf>['task']['members'];

/** Returns the first members of each mask, up to the given number, and all that see every row. */
function membersOf(members: Members, foldNetworks: number | undefined): Members {
  if (foldNetworks === undefined) return members;
  const taken = new Map<number, number>();
  return members.filter(({ mask }) => {
    if (mask === null) return true;
    taken.set(mask, (taken.get(mask) ?? 0) + 1);
    return taken.get(mask)! <= foldNetworks;
  });
}
