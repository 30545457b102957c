import { describe, expect, it } from 'vitest';
import { EFFECT_KEY_TAG } from '../../activities/register/effect-key.ts';
import { createRegisterActivities } from '../../activities/register/index.ts';
import { TRAINING_KEY_TAG, trainingKey } from '../../activities/register/training-run.ts';
import { whileRecording } from '../../activities/register/while-recording.ts';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { PLAIN_ARTIFACT, useRegistry } from './registry/use-registry.ts';

const registry = useRegistry();
const { settings, deps, producer, environment, trained, inActivity, register, trainAndPromote } = registry;
const { model, experimentId } = registry;
const { artifacts, mlflow } = deps;

class KilledError extends Error {
  constructor() {
    super('killed');
  }
}

describe('registerCandidate', () => {
  it('creates a version with files, metrics, data sets, tags and the alias candidate', async () => {
    const input = await trained(110);
    const registered = await register(input);
    const version = await mlflow.getVersionByAlias(model(), 'candidate');
    expect(version).toMatchObject({ version: registered.version, runId: registered.runId });
    expect(version.tags).toMatchObject({
      stage: 'Staging',
      validation_status: 'pending',
      'citibike.synthetic': 'false',
      'citibike.model_folder': input.folder.uri,
    });
    expect(version.description).toContain('RMSE 100.0');
    const files = await mlflow.downloadModelFiles(model(), version.version);
    expect(Object.keys(files).sort()).toEqual(
      [
        'MLmodel',
        'evaluation.json',
        'history.json',
        'input_example.json',
        'model.json',
        'model.onnx',
        'python_env.yaml',
        'requirements.txt',
        'spec.json',
        'weights.bin',
      ].sort(),
    );
    const run = await mlflow.runs.get(registered.runId);
    expect(run).toMatchObject({ status: 'FINISHED', outputs: [version.modelId] });
    expect(run.metrics).toMatchObject({ test_rmse: 100, naive_rmse: 100, loss: 1 });
    expect((await mlflow.runs.metricHistory(run.runId, 'loss')).map(({ value }) => value)).toEqual([3, 2, 1]);
    expect(run.params).toMatchObject({ seed: '42', train_from: '2024-01', test_to: '2025-01' });
    expect((await mlflow.artifacts.list(run.artifactUri)).map(({ path: file }) => file)).toContain(
      'model/weights.bin',
    );
  });

  it('finds its own version again when it runs twice', async () => {
    const input = await trained(111);
    const first = await register(input);
    expect(first.cached).toBe(false);
    expect(await register(input)).toEqual({ ...first, cached: true });
    expect(await mlflow.registry.searchVersions(model())).toHaveLength(1);
  });

  it('makes one run, one logged model and one version when it runs twice at once', async () => {
    const input = await trained(112);
    const [a, b] = await Promise.all([register(input), register(input)]);
    expect(a.version).toBe(b.version);
    expect(a.runId).toBe(b.runId);
    const [version] = await mlflow.registry.searchVersions(model());
    const key = version!.tags[EFFECT_KEY_TAG]!;
    expect(await mlflow.runs.searchByTag(experimentId(), EFFECT_KEY_TAG, key)).toHaveLength(1);
    expect(await mlflow.loggedModels.searchByTag(experimentId(), EFFECT_KEY_TAG, key)).toHaveLength(1);
  });

  it('ends as if it ran once when it is killed after any of its calls to MLflow', async () => {
    const input = await trained(113);
    // The connection dies after the n-th call, whose answer is lost. n grows until the connection outlives all calls.
    let deaths = 0;
    for (; deaths < 200; deaths++) {
      const dying = createRegisterActivities({
        ...deps,
        mlflow: new MlflowClient({ ...settings.mlflow, attempts: 1 }),
      });
      let calls = 0;
      const fetchOnce = globalThis.fetch;
      globalThis.fetch = async (...request) => {
        const answer = await fetchOnce(...request);
        calls += 1;
        if (calls > deaths) throw new KilledError();
        return answer;
      };
      try {
        const { cached } = await register(input, dying);
        expect(cached).toBe(true);
        break;
      } catch (error) {
        if (!String(error).includes('killed')) throw error;
      } finally {
        globalThis.fetch = fetchOnce;
      }
    }
    const versions = await mlflow.registry.searchVersions(model());
    expect(versions).toHaveLength(1);
    const run = await mlflow.runs.get(versions[0]!.runId);
    expect(run.outputs).toEqual([versions[0]!.modelId]);
    expect((await mlflow.runs.metricHistory(run.runId, 'loss')).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(await mlflow.runs.metricHistory(run.runId, 'test_rmse')).toHaveLength(1);
    expect(versions[0]!.aliases).toEqual(['candidate']);
  });

  it('completes the run that the training opened, and keeps its duration', async () => {
    const input = await trained(115);
    const { config, backend, trainFrame: frame } = { ...input, config: { ...input.config, seed: 43 } };
    const epoch = { at: Date.now(), heldOutLoss: null, learningRate: 0.01, cpuMs: 0, memoryBytes: 0 };
    await inActivity(() =>
      whileRecording(deps, { config, backend, frame }, new AbortController().signal, async (onEpoch) =>
        onEpoch({ ...epoch, epoch: 1, loss: 0.5 }),
      ),
    );
    const key = await inActivity(async () => trainingKey({ config, backend, frame }));
    const [opened] = await mlflow.runs.searchByTag(experimentId(), TRAINING_KEY_TAG, key);
    const { runId } = await register({ ...input, config });
    expect(runId).toBe(opened!.runId);
    expect(await mlflow.runs.get(runId)).toMatchObject({
      status: 'FINISHED',
      startedAt: opened!.startedAt,
      endedAt: opened!.endedAt,
      metrics: { train_loss: 0.5, test_rmse: 100 },
      tags: { 'citibike.model_folder': input.folder.uri },
    });
  });

  it('starts the run with the training if MLflow was not available meanwhile', async () => {
    const input = await trained(116);
    const { runId: own } = environment.context.info.workflowExecution!;
    await artifacts.write(
      { ...producer, runId: own },
      {
        ...PLAIN_ARTIFACT,
        facts: { seconds: 100 },
        name: 'model-folder.json',
        content: await artifacts.read(input.folder),
      },
    );
    const run = await mlflow.runs.get((await register(input)).runId);
    expect(run.endedAt! - run.startedAt).toBeGreaterThanOrEqual(100_000);
    expect(run.endedAt! - run.startedAt).toBeLessThan(200_000);
  });

  it('keeps the aliases of a version that has become champion', async () => {
    const input = await trained(114);
    await trainAndPromote(input);
    expect((await register(input)).cached).toBe(true);
    expect(await mlflow.registry.aliasesOf(model())).toEqual({ champion: '1' });
  });
});
