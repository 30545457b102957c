import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { useRegistry } from './registry/use-registry.ts';

const { deps, activities, frameOf, trained, register, trainAndPromote, model, testFrame } = useRegistry();
const { mlflow } = deps;

describe('the champion', () => {
  it('goes from first champion through rejection and replacement to rollback', async () => {
    // Every hour has 100 trips, so a model that always predicts x has an RMSE of |x − 100|.
    const first = await trainAndPromote(await trained(200));
    expect(first).toMatchObject({ promote: true, champion: null, candidateRmse: 100, hours: 48 });

    const slightlyBetter = await trainAndPromote(await trained(195));
    expect(slightlyBetter).toMatchObject({ promote: false, championRmse: 100, candidateRmse: 95 });
    expect((await mlflow.getVersion(model(), '2')).tags).toMatchObject({
      stage: 'Archived',
      validation_status: 'rejected',
    });

    const better = await trainAndPromote(await trained(150));
    expect(better).toMatchObject({ promote: true, champion: '1', championRmse: 100, candidateRmse: 50 });
    expect(await mlflow.registry.aliasesOf(model())).toEqual({ champion: '3', previous: '1' });
    const stages = (await mlflow.registry.searchVersions(model())).map(({ tags }) => [
      tags['stage'],
      tags['validation_status'],
    ]);
    expect(stages).toEqual([
      ['Archived', 'approved'],
      ['Archived', 'rejected'],
      ['Production', 'approved'],
    ]);
    expect((await mlflow.getVersion(model(), '3')).description).toMatch(
      /\*\*Verdict\*\*: champion\. RMSE 50\.0/,
    );

    const back = await activities.pointChampion({ model: model(), version: '1', reason: 'rolled back' });
    expect(back).toEqual({ previous: '3' });
    expect(await mlflow.registry.aliasesOf(model())).toEqual({ champion: '1', previous: '3' });
  });

  it('points the alias twice with the effect of once', async () => {
    await trainAndPromote(await trained(200));
    await register(await trained(150));
    const pointed = { model: model(), version: '2', reason: 'better' };
    expect(await activities.pointChampion(pointed)).toEqual({ previous: '1' });
    expect(await activities.pointChampion(pointed)).toEqual({ previous: '1' });
    expect(await mlflow.registry.aliasesOf(model())).toEqual({ champion: '2', previous: '1' });
  });

  it('repairs tags that someone changed by hand', async () => {
    await trainAndPromote(await trained(200));
    await mlflow.registry.tagVersion(model(), '1', { stage: 'Archived', validation_status: 'rejected' });
    await activities.pointChampion({ model: model(), version: '1', reason: 'again' });
    expect((await mlflow.getVersion(model(), '1')).tags).toMatchObject({
      stage: 'Production',
      validation_status: 'approved',
    });
  });

  it('scores only hours that neither model was fitted on, and fails when none is left', async () => {
    await trainAndPromote(await trained(200));
    const { version } = await register(await trained(150, { to: '2025-01-14' }));
    const compare = (testFrame: ArtifactRef) =>
      activities.compareWithChampion({ model: model(), version, testFrame, threshold: 0.1 });
    expect(await compare(testFrame())).toMatchObject({ promote: true, hours: 24 });
    expect(await compare(await frameOf('2024-12-31', '2025-01-14'))).toMatchObject({
      promote: false,
      hours: 0,
      championRmse: null,
      candidateRmse: null,
    });
  });

  it('replaces a champion of synthetic data by any model of real data, never the reverse', async () => {
    const synthetic = { synthetic: true };
    await trainAndPromote(await trained(101, synthetic));
    expect(await trainAndPromote(await trained(300))).toMatchObject({ promote: true });
    expect(await trainAndPromote(await trained(100, synthetic))).toMatchObject({
      promote: false,
    });
  });

  it('compares the champion with itself without moving it', async () => {
    const input = await trained(200);
    await trainAndPromote(input);
    expect(await trainAndPromote(input)).toMatchObject({ promote: true, champion: '1', version: '1' });
  });

  it('does not archive the champion', async () => {
    await trainAndPromote(await trained(200));
    await expect(
      activities.archiveCandidate({ model: model(), version: '1', reason: 'no' }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('keeps the approval of a version that a later comparison rejects', async () => {
    await trainAndPromote(await trained(200));
    await trainAndPromote(await trained(150));
    const before = await mlflow.getVersion(model(), '1');
    await activities.archiveCandidate({ model: model(), version: '1', reason: 'not better' });
    expect(await mlflow.getVersion(model(), '1')).toMatchObject({
      tags: { stage: 'Archived', validation_status: 'approved' },
      description: before.description,
    });
    expect(await activities.resolveRollback({ model: model() })).toMatchObject({
      version: '1',
      champion: '2',
    });
  });

  it('rolls back to a rejected version only by its number', async () => {
    await trainAndPromote(await trained(200));
    await trainAndPromote(await trained(150));
    await mlflow.registry.tagVersion(model(), '1', { validation_status: 'rejected' });
    await expect(activities.resolveRollback({ model: model() })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await activities.resolveRollback({ model: model(), version: '1' })).toMatchObject({
      version: '1',
    });
  });

  it('resolves an alias and a number, and throws MODEL_NOT_FOUND for a missing one', async () => {
    await trainAndPromote(await trained(200));
    expect(await activities.resolveVersion({ model: model(), alias: 'champion' })).toEqual({
      model: model(),
      version: '1',
    });
    const missing = { code: 'MODEL_NOT_FOUND' };
    await expect(activities.resolveVersion({ model: model(), alias: 'nobody' })).rejects.toMatchObject(
      missing,
    );
    await expect(
      activities.resolveVersion({ model: model(), alias: 'champion', version: '9' }),
    ).rejects.toMatchObject(missing);
  });
});
