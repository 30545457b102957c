import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { LoggedModel } from '../../adapters/mlflow/logged-models.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import { loadSettings } from '../../settings.ts';

const name = `test-mlflow-${randomUUID().slice(0, 8)}`;
const mlflow = new MlflowClient(loadSettings().mlflow);
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the MLflow client against a tracking server', () => {
  let experimentId: string;
  let run: Run;
  let logged: LoggedModel;

  beforeAll(async () => {
    experimentId = await mlflow.experiments.ensure(name);
    run = await mlflow.runs.create({ experimentId, name, startedAt: Date.now(), tags: { key: name } });
    logged = await mlflow.loggedModels.create({
      experimentId,
      name: 'demand',
      runId: run.runId,
      tags: { key: name },
      params: { seed: '42' },
    });
  });

  afterAll(async () => {
    await mlflow.registry.deleteModel(name).catch(() => undefined);
    await mlflow.loggedModels.delete(logged.modelId);
    await mlflow.runs.delete(run.runId);
    await mlflow.experiments.delete(experimentId);
  });

  it('gives concurrent callers the same experiment', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => mlflow.experiments.ensure(`${name}-race`)));
    expect(new Set(ids).size).toBe(1);
    await mlflow.experiments.delete(ids[0]!);
  });

  it('finds runs and logged models by tag', async () => {
    expect((await mlflow.runs.searchByTag(experimentId, 'key', name)).map((r) => r.runId)).toEqual([
      run.runId,
    ]);
    const models = await mlflow.loggedModels.searchByTag(experimentId, 'key', name);
    expect(models.map((m) => m.modelId)).toEqual([logged.modelId]);
  });

  it('logs 2,500 metrics in one call of the client', async () => {
    const metrics = Array.from({ length: 2500 }, (_, i) => ({
      key: 'loss',
      value: i,
      timestamp: i,
      step: i,
    }));
    await mlflow.runs.logBatch(run.runId, { metrics });
    expect((await mlflow.runs.metricHistory(run.runId, 'loss')).map(({ step }) => step)).toEqual(
      metrics.map(({ step }) => step),
    );
  });

  it('downloads the files of a version, with folders, to the byte', async () => {
    const weights = Uint8Array.from({ length: 256 }, (_, i) => i);
    await mlflow.artifacts.put(logged.artifactUri, 'weights.bin', weights);
    await mlflow.artifacts.put(logged.artifactUri, 'more/a b.json', bytes('{}'), 'application/json');
    await mlflow.loggedModels.finalize(logged.modelId);
    await mlflow.registry.ensureModel(name, 'a test');
    const version = await mlflow.registry.createVersion({
      model: name,
      source: `models:/${logged.modelId}`,
      runId: run.runId,
      modelId: logged.modelId,
      description: 'first',
      tags: { stage: 'Staging' },
    });
    const files = await mlflow.downloadModelFiles(name, version.version);
    expect(Object.keys(files).sort()).toEqual(['more/a b.json', 'weights.bin']);
    expect(files['weights.bin']).toEqual(weights);
    expect((await mlflow.getVersion(name, version.version)).modelId).toBe(logged.modelId);
  });

  it('moves an alias, and deletes it any number of times', async () => {
    await mlflow.registry.setAlias(name, 'champion', '1');
    expect(await mlflow.registry.aliasesOf(name)).toEqual({ champion: '1' });
    expect((await mlflow.getVersionByAlias(name, 'champion')).version).toBe('1');
    await mlflow.registry.deleteAlias(name, 'champion');
    await mlflow.registry.deleteAlias(name, 'champion');
    await expect(mlflow.getVersionByAlias(name, 'champion')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it('throws MODEL_NOT_FOUND for a missing model, version or run', async () => {
    const missing = { code: 'MODEL_NOT_FOUND' };
    await expect(mlflow.getVersion(`${name}-none`, '1')).rejects.toMatchObject(missing);
    await expect(mlflow.getVersion(name, '99')).rejects.toMatchObject(missing);
    await expect(mlflow.downloadModelFiles(name, '99')).rejects.toMatchObject(missing);
    await expect(mlflow.logArtifact('0'.repeat(32), 'a', bytes('a'))).rejects.toMatchObject(missing);
  });

  it('replaces an artifact of a run, and throws SOURCE_NOT_FOUND for a missing one', async () => {
    await mlflow.logArtifact(run.runId, 'drift/report.html', bytes('old'), 'text/html');
    await mlflow.logArtifact(run.runId, 'drift/report.html', bytes('new'), 'text/html');
    expect(await mlflow.artifacts.get(run.artifactUri, 'drift/report.html')).toEqual(bytes('new'));
    await expect(mlflow.artifacts.get(run.artifactUri, 'drift/none.html')).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
  });
});
