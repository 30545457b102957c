/** The trainer as it runs in production: a process of its own, on WebAssembly, with a task small enough to take a second. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shapeOf } from '../../../activities/train/train-ensemble.ts';
import { taskOf, writeTask } from '../../../activities/train/train-model.ts';
import { probeBackend, runTrainer } from '../../../activities/train/trainer-process.ts';
import { TASK_FILES, type TrainingTask } from '../../../activities/train/trainer-protocol.ts';
import type { CitibikeError } from '../../../contracts/errors.ts';
import { decodeCheckpoint } from '../../../core/model/checkpoint.ts';
import { networkOf, parameterShapes } from '../../../core/model/ensemble.ts';
import { assembleModelFolder } from '../../../core/model/model-folder.ts';
import { parseOutOfFold } from '../../../core/model/out-of-fold.ts';
import { parseModelFiles } from '../../../core/model/serving-model.ts';
import { prepareTraining } from '../../../core/model/training-set.ts';
import { madeUpFrame } from '../model/tiny-network.ts';

const training = prepareTraining(madeUpFrame(300), 'demand');
const TINY: Partial<TrainingTask> = { hidden: 12, epochs: 3, checkpointSeconds: 0 };
const LONG: Partial<TrainingTask> = { ...TINY, epochs: 100_000 };
const never = new AbortController().signal;

const folders: string[] = [];
async function taskFolder(
  changes: Partial<TrainingTask> = TINY,
): Promise<{ folder: string; task: TrainingTask }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'citibike-trainer-test-'));
  folders.push(folder);
  const task = { ...taskOf(training, 42, 'wasm'), ...changes };
  await writeTask(folder, task, training);
  return { folder, task };
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const final = (folder: string) => readFile(path.join(folder, TASK_FILES.final));

describe('a training', () => {
  let unbroken: Awaited<ReturnType<typeof taskFolder>>;
  let run: Awaited<ReturnType<typeof runTrainer>>;
  const epochs: [number, boolean][] = [];

  beforeAll(async () => {
    unbroken = await taskFolder();
    run = await runTrainer(unbroken.folder, never, (message) =>
      epochs.push([message.epoch, message.checkpoint !== null]),
    );
  });

  test('reports every epoch, with a checkpoint after all but the last', () => {
    expect(epochs).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(run.backend).toBe('wasm');
  });

  test('gives the same bits when it is done again', async () => {
    const again = await taskFolder();
    await runTrainer(again.folder, never, () => undefined);
    expect((await final(again.folder)).equals(await final(unbroken.folder))).toBe(true);
  });

  test('gives the same bits when it is resumed from a checkpoint', async () => {
    const resumed = await taskFolder();
    await copyFile(path.join(unbroken.folder, 'epoch-2.ckpt'), path.join(resumed.folder, TASK_FILES.resume));
    const seen: number[] = [];
    await runTrainer(resumed.folder, never, ({ epoch }) => seen.push(epoch));
    expect(seen).toEqual([3]);
    for (const name of [TASK_FILES.final, TASK_FILES.heldOut]) {
      const [a, b] = await Promise.all(
        [resumed, unbroken].map(({ folder }) => readFile(path.join(folder, name))),
      );
      expect(a!.equals(b!)).toBe(true);
    }
  });

  test('gives other bits for another seed', async () => {
    const other = await taskFolder({ ...TINY, seeds: unbroken.task.seeds.map((seed) => seed + 100) });
    await runTrainer(other.folder, never, () => undefined);
    expect((await final(other.folder)).equals(await final(unbroken.folder))).toBe(false);
  });

  test('ends in a model folder whose golden request holds without TensorFlow', async () => {
    const shape = shapeOf(unbroken.task);
    const sizes = parameterShapes(shape).map((dimensions) =>
      dimensions.reduce((size, length) => size * length, 1),
    );
    const { parameters } = decodeCheckpoint(await final(unbroken.folder), sizes);
    const heldOut = await readFile(path.join(unbroken.folder, TASK_FILES.heldOut));
    const files = assembleModelFolder(
      training,
      {
        network: networkOf(shape, parameters, [0, 1, 2, 3, 4]),
        seeds: unbroken.task.seeds.slice(0, 5),
        backend: run.backend,
        heldOut: new Float32Array(new Uint8Array(heldOut).buffer),
        golden: run.golden,
      },
      { system: 'nyc', from: '2024-01', to: '2024-01', hours: 300, synthetic: true },
    );
    const model = parseModelFiles(files);
    expect(model.spec).toMatchObject({
      backend: 'wasm',
      heads: [0.05, 0.5, 0.95],
      seeds: [42, 43, 44, 45, 46],
    });
    const outOfFold = parseOutOfFold(files['oof.json']!);
    expect(outOfFold.map(({ date, hour }) => [date, hour])).toEqual(
      training.inputs.map(({ date, hour }) => [date, hour]),
    );
    expect(
      outOfFold.every(({ lower, prediction, upper }) => lower <= prediction && prediction <= upper),
    ).toBe(true);
  });
});

test('a member never learns from the weeks of its fold', async () => {
  // Only the last fold's weeks differ; its member alone must come out the same.
  const changed = { ...training, y: training.y.map((value, i) => (training.fold[i] === 3 ? -value : value)) };
  const parameters = await Promise.all(
    [training, changed].map(async (set) => {
      const { folder, task } = await taskFolder();
      await writeTask(folder, task, set);
      await runTrainer(folder, never, () => undefined);
      const sizes = parameterShapes(shapeOf(task)).map((shape) =>
        shape.reduce((size, length) => size * length, 1),
      );
      return { task, ...decodeCheckpoint(await final(folder), sizes) };
    }),
  );
  const memberOf = (which: number, member: number) =>
    networkOf(shapeOf(parameters[which]!.task), parameters[which]!.parameters, [member]);
  expect(memberOf(1, 8)).toEqual(memberOf(0, 8));
  expect(memberOf(1, 7)).not.toEqual(memberOf(0, 7));
});

describe('a trainer', () => {
  test('is ended by its signal, whose reason is the answer', async () => {
    const { folder } = await taskFolder(LONG);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const run = runTrainer(folder, controller.signal, () => controller.abort(reason));
    await expect(run).rejects.toBe(reason);
  });

  test('goes when its parent is killed', async () => {
    const { folder } = await taskFolder(LONG);
    const module = path.resolve(import.meta.dirname, '../../../activities/train/trainer-process.ts');
    const code = `import { runTrainer } from ${JSON.stringify(module)};
      await runTrainer(${JSON.stringify(folder)}, new AbortController().signal, () => console.log('epoch'));`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const trainer = Number(execFileSync('pgrep', ['-P', String(parent.pid)], { encoding: 'utf8' }).trim());
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const lives = () => {
      try {
        process.kill(trainer, 0);
        return true;
      } catch {
        return false;
      }
    };
    for (let waited = 0; lives() && waited < 5_000; waited += 50) await setTimeout(50);
    expect(lives()).toBe(false);
  });

  test('that breaks is a crash, which a retry may mend, with the end of what it said', async () => {
    const { folder } = await taskFolder();
    await rm(path.join(folder, TASK_FILES.x));
    const error = await runTrainer(folder, never, () => undefined).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TRAINER_CRASHED', retryable: true });
    expect((error as CitibikeError).message).toMatch(/ended with code 1; it said: [^]*ENOENT/);
  });

  test('whose loss is not a number gives up for good', async () => {
    const { folder } = await taskFolder();
    const y = training.y.slice().fill(Number.NaN, 100, 200);
    await writeFile(path.join(folder, TASK_FILES.y), new Uint8Array(y.buffer));
    await expect(runTrainer(folder, never, () => undefined)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: expect.stringMatching(/the loss became NaN in epoch 1/) as string,
    });
  });
});

describe('probeBackend', () => {
  test.each(['wasm', 'cpu'] as const)('%s loads everywhere', async (choice) => {
    expect(await probeBackend(choice, never)).toBe(choice);
  });

  test('auto finds one, and never silently the slowest', async () => {
    expect(['native', 'wasm']).toContain(await probeBackend('auto', never));
  });

  test('native is used or refused by the name of its setting', async () => {
    const answer = await probeBackend('native', never).catch((error: unknown) => error);
    if (answer !== 'native') {
      expect(answer).toMatchObject({
        code: 'BAD_SETTING',
        message: expect.stringMatching(/TFJS_BACKEND: got "native"/) as string,
      });
    }
  });
});
