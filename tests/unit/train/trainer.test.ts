/** Tests the trainer as it runs in production: a separate process on WebAssembly, with a task that takes a second. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shapeOf } from '../../../activities/train/train-ensemble.ts';
import { chooseBackend, probeBackend, runTrainer } from '../../../activities/train/trainer-process.ts';
import { TASK_FILES, type TrainingTask } from '../../../activities/train/trainer-protocol.ts';
import { sizesOf, taskOf, writeTask } from '../../../activities/train/training-task.ts';
import type { CitibikeError } from '../../../contracts/errors.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import { FORMER_NORMAL_HIGHS, FORMER_PLACE } from '../../../contracts/former-place.ts';
import { decodeCheckpoint } from '../../../core/training/checkpoint.ts';
import { networkOf } from '../../../core/training/ensemble.ts';
import { assembleModelFolder } from '../../../core/training/assemble-model-folder.ts';
import { parseOutOfFold } from '../../../core/training/out-of-fold.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { prepareTraining, type TrainingSet } from '../../../core/training/training-set.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';

const DEFAULTS = Value.Create(HyperParameters);
const training = prepareTraining(madeUpFrame(24 * 7 * 5), 'demand', { ...DEFAULTS, place: FORMER_PLACE });
const TINY: Partial<TrainingTask> = { hidden: 12, epochs: 3, checkpointSeconds: 0 };
const LONG: Partial<TrainingTask> = { ...TINY, epochs: 100_000 };
const never = new AbortController().signal;

const folders: string[] = [];
async function taskFolder(
  changes: Partial<TrainingTask> = TINY,
  set: TrainingSet = training,
  hyperParameters: Partial<HyperParameters> = {},
): Promise<{ folder: string; task: TrainingTask }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'citibike-trainer-test-'));
  folders.push(folder);
  const { task: planned, data } = taskOf(set, { ...DEFAULTS, ...hyperParameters }, 42, 'wasm');
  const task = { ...planned, ...changes };
  await writeTask(folder, task, data);
  return { folder, task };
}

/** Results of a finished task, in the form that the model folder needs. */
async function trainedIn(folder: string, task: TrainingTask, golden: readonly number[]) {
  const { parameters, history } = decodeCheckpoint(await final(folder), sizesOf(task));
  const heldOut = await readFile(path.join(folder, TASK_FILES.heldOut));
  const networks = task.members.flatMap(({ mask }, m) => (mask === null ? [m] : []));
  return {
    network: networkOf(shapeOf(task), parameters, networks),
    seeds: task.members.map(({ seed }) => seed),
    heldOut: new Float32Array(new Uint8Array(heldOut).buffer),
    golden,
    history,
  };
}
const PROVENANCE = {
  normalHighs: FORMER_NORMAL_HIGHS,
  trainedOn: { system: 'nyc', from: '2024-01', to: '2024-01', hours: 840, synthetic: true },
  backend: 'wasm',
  versions: { tfjs: '4.22.0', node: '24.0.0', citibike: 'test' },
  seed: 42,
  hyperParameters: DEFAULTS,
  frame: { sha256: '0'.repeat(64), rows: 840 },
} as const;
const jsonOf = (bytes: Uint8Array | undefined) =>
  JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const final = (folder: string) => readFile(path.join(folder, TASK_FILES.final));

/** Returns the final state without the times of its epochs, which each training has of its own. */
async function stateOf({ folder, task }: { folder: string; task: TrainingTask }) {
  const { history, ...state } = decodeCheckpoint(await final(folder), sizesOf(task));
  return { ...state, history: history.map((record) => ({ ...record, at: 0 })) };
}

describe('a training', () => {
  let unbroken: Awaited<ReturnType<typeof taskFolder>>;
  let run: Awaited<ReturnType<typeof runTrainer>>;
  const epochs: [number, boolean][] = [];
  const times: number[] = [];

  beforeAll(async () => {
    unbroken = await taskFolder();
    run = await runTrainer(unbroken.folder, never, (message) => {
      epochs.push([message.epoch, message.checkpoint !== null]);
      times.push(message.at);
    });
  });

  test('reports every epoch, with a checkpoint after all but the last', () => {
    expect(epochs).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(run.backend).toBe('wasm');
  });

  test('gives the same bits when it is repeated', async () => {
    const again = await taskFolder();
    await runTrainer(again.folder, never, () => undefined);
    expect(await stateOf(again)).toEqual(await stateOf(unbroken));
  });

  test('gives the same bits when it is resumed from a checkpoint', async () => {
    const resumed = await taskFolder();
    await copyFile(path.join(unbroken.folder, 'epoch-2.ckpt'), path.join(resumed.folder, TASK_FILES.resume));
    const seen: number[] = [];
    await runTrainer(resumed.folder, never, ({ epoch }) => seen.push(epoch));
    expect(seen).toEqual([3]);
    expect(await stateOf(resumed)).toEqual(await stateOf(unbroken));
    const [a, b] = await Promise.all(
      [resumed, unbroken].map(({ folder }) => readFile(path.join(folder, TASK_FILES.heldOut))),
    );
    expect(a!.equals(b!)).toBe(true);
  });

  test('stops at the given epoch, and continues from there to the same bits', async () => {
    const part = await taskFolder({ ...TINY, stopAfter: 1 });
    await runTrainer(part.folder, never, () => undefined);
    const rest = await taskFolder();
    await copyFile(path.join(part.folder, TASK_FILES.final), path.join(rest.folder, TASK_FILES.resume));
    await runTrainer(rest.folder, never, () => undefined);
    expect(await stateOf(rest)).toEqual(await stateOf(unbroken));
    expect(await stateOf(part)).not.toEqual(await stateOf(unbroken));
  });

  test('gives other bits for another seed', async () => {
    const members = unbroken.task.members.map((member) => ({ ...member, seed: member.seed + 100 }));
    const other = await taskFolder({ ...TINY, members });
    await runTrainer(other.folder, never, () => undefined);
    expect((await stateOf(other)).parameters).not.toEqual((await stateOf(unbroken)).parameters);
  });

  test('records every epoch, with losses that fall', async () => {
    const { history } = decodeCheckpoint(await final(unbroken.folder), sizesOf(unbroken.task));
    expect(history).toHaveLength(3);
    expect(history.map(({ at }) => at)).toEqual(times);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.abs(times.at(-1)! - Date.now())).toBeLessThan(600_000);
    expect(history.map(({ heldOut }) => heldOut.length)).toEqual([5, 5, 5]);
    expect(history[2]!.loss).toBeLessThan(history[0]!.loss);
    expect(Math.max(...history[2]!.heldOut)).toBeLessThan(Math.max(...history[0]!.heldOut));
    // The cosine starts at 1e-3: cos² of 0°, 30° and 60°, of which the last two give 3/4 and 1/4.
    const rates = history.map(({ learningRate }) => learningRate);
    expect(rates).toEqual([1e-3, 0.75e-3, 0.25e-3].map((rate) => expect.closeTo(rate, 9) as number));
  });

  test('predicts the hours that a mask hides, and no others', async () => {
    const { masks } = taskOf(training, DEFAULTS, 42, 'wasm').data;
    const { heldOut } = await trainedIn(unbroken.folder, unbroken.task, run.golden);
    expect(heldOut).toHaveLength(5 * 840 * 3);
    expect(masks.every((hidden, row) => Number.isNaN(heldOut[row * 3]) === (hidden === 0))).toBe(true);
  });

  test('ends in a model folder whose golden request holds without TensorFlow', async () => {
    const trained = await trainedIn(unbroken.folder, unbroken.task, run.golden);
    const files = assembleModelFolder(training, trained, PROVENANCE);
    const model = parseModelFiles(files);
    expect(model.spec).toMatchObject({
      backend: 'wasm',
      heads: [0.05, 0.5, 0.95],
      seeds: [42, 43, 44, 45, 46],
      trainedOn: { ...PROVENANCE.trainedOn, weather: training.weather },
    });
    const outOfFold = parseOutOfFold(files['oof.json']!);
    expect(outOfFold.map(({ date, hour }) => [date, hour])).toEqual(
      training.inputs.map(({ date, hour }) => [date, hour]),
    );
    expect(
      outOfFold.every(({ lower, prediction, upper }) => lower! <= prediction && prediction <= upper!),
    ).toBe(true);
    const series = jsonOf(files['history.json']);
    expect(Object.keys(series)).toEqual(['train_loss', 'held_out_loss', 'learning_rate']);
    const report = jsonOf(files['training-report.json']);
    expect(report).toMatchObject({ weekBlocks: { rows: 840, folds: 4 }, randomSplit: { rows: 168 } });
    // Calibration is conformal on these hours: at least 90 % of each group, and not many more.
    const { coverage } = report['weekBlocks'] as { coverage: number };
    expect(coverage).toBeGreaterThanOrEqual(0.9);
    expect(coverage).toBeLessThan(0.93);
  });
});

describe.each(['squares', 'huber'] as const)('loss %s', (loss) => {
  test.each([true, false])('gives a mean, and an interval if calibration is %s', async (calibration) => {
    const { folder, task } = await taskFolder({ ...TINY, epochs: 1 }, training, { loss });
    const run = await runTrainer(folder, never, () => undefined);
    const hyperParameters = { ...DEFAULTS, loss, calibration };
    const trained = await trainedIn(folder, task, run.golden);
    const files = assembleModelFolder(training, trained, { ...PROVENANCE, hyperParameters });
    const model = parseModelFiles(files);
    expect(model.spec.heads).toEqual(['mean']);
    expect('calibration' in model.spec).toBe(calibration);
    const [forecast] = model.predict([training.inputs[training.goldenRow]!]);
    expect(forecast!.lower === null).toBe(!calibration);
    expect(parseOutOfFold(files['oof.json']!)[0]!.upper === null).toBe(!calibration);
  });
});

test('a member never learns from the hours that its mask hides', async () => {
  // Only the weeks of the last fold differ, so only its members must come out the same.
  const { data, task } = taskOf(training, DEFAULTS, 42, 'wasm');
  const hidden = data.masks.subarray(3 * task.rows, 4 * task.rows);
  const changed = { ...training, y: training.y.map((value, row) => (hidden[row] === 1 ? -value : value)) };
  const networks = await Promise.all(
    [training, changed].map(async (set) => {
      const { folder, task: tiny } = await taskFolder(TINY, set);
      await runTrainer(folder, never, () => undefined);
      const { parameters } = decodeCheckpoint(await final(folder), sizesOf(tiny));
      return tiny.members.map((_, m) => networkOf(shapeOf(tiny), parameters, [m]));
    }),
  );
  task.members.forEach(({ mask }, m) => {
    if (mask === 3) expect(networks[1]![m]).toEqual(networks[0]![m]);
    else expect(networks[1]![m]).not.toEqual(networks[0]![m]);
  });
});

describe('a trainer', () => {
  test('ends by its signal, with the reason as the error', async () => {
    const { folder } = await taskFolder(LONG);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const run = runTrainer(folder, controller.signal, () => controller.abort(reason));
    await expect(run).rejects.toBe(reason);
  });

  test('ends when its parent is killed', async () => {
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

  test('that breaks is a retryable crash, with the end of its output', async () => {
    const { folder } = await taskFolder();
    await rm(path.join(folder, TASK_FILES.x));
    const error = await runTrainer(folder, never, () => undefined).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TRAINER_CRASHED', retryable: true });
    expect((error as CitibikeError).message).toMatch(/ended with code 1; stderr: [^]*ENOENT/);
  });

  test('whose loss is not a number fails for good', async () => {
    const { folder } = await taskFolder();
    const y = training.y.slice().fill(Number.NaN, 100, 200);
    await writeFile(path.join(folder, TASK_FILES.y), new Uint8Array(y.buffer));
    await expect(runTrainer(folder, never, () => undefined)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      retryable: false,
      message: expect.stringMatching(/the loss became NaN in epoch 1/) as string,
    });
  });

  test('whose loss explodes fails for good', async () => {
    const { folder } = await taskFolder({ ...TINY, loss: 'squares', learningRate: 1, epochs: 50 });
    const y = training.y.map((value) => value * 1e4);
    await writeFile(path.join(folder, TASK_FILES.y), new Uint8Array(y.buffer));
    await expect(runTrainer(folder, never, () => undefined)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      retryable: false,
      message: expect.stringMatching(/the loss became \d+.* in epoch 1\. .*learningRate/) as string,
    });
  });
});

describe('chooseBackend', () => {
  test('uses a named backend without starting a process', async () => {
    expect(await chooseBackend('wasm', never)).toBe('wasm');
    expect(await chooseBackend('cpu', never)).toBe('cpu');
  });

  test('uses the result of a probe for auto', async () => {
    expect(await chooseBackend('auto', never)).toBe(await probeBackend('auto', never));
  });
});

describe('probeBackend', () => {
  test.each(['wasm', 'cpu'] as const)('%s loads everywhere', async (choice) => {
    expect(await probeBackend(choice, never)).toBe(choice);
  });

  test('auto finds one, and never silently the slowest', async () => {
    expect(['native', 'wasm']).toContain(await probeBackend('auto', never));
  });

  test('native is used or rejected by the name of its setting', async () => {
    const answer = await probeBackend('native', never).catch((error: unknown) => error);
    if (answer !== 'native') {
      expect(answer).toMatchObject({
        code: 'BAD_SETTING',
        message: expect.stringMatching(/TFJS_BACKEND: got "native"/) as string,
      });
    }
  });
});
