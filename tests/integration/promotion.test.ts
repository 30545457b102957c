/** Tests promotion, canary, shadow, rollback and deployment on the real stack, with processes of the prediction service. */
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desiredState } from '../../adapters/postgres/serving.ts';
import { failureMessage } from '../../client/start.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { DeploymentResult } from '../../contracts/workflows/deployment.ts';
import type { PromotionResult } from '../../contracts/workflows/promotion.ts';
import type { RollbackResult } from '../../contracts/workflows/rollback.ts';
import { Lab, ask, spawnWorker, steadyLoad } from './promotion/lab.ts';

let lab: Lab;
let testFrame: ArtifactRef;

beforeAll(async () => {
  lab = await Lab.open();
  testFrame = await lab.frame();
});

afterAll(() => lab?.close());

const promote = (model: string, version: string, more: object = {}) =>
  lab.run<PromotionResult>('promotion', { model, version, testFrame, ...more }, `promotion-${model}`);

/** Returns the message of a run's failure. */
const failureOf = (type: string, input: object): Promise<string> =>
  lab.run(type, input).then(
    () => 'it succeeded',
    (error: unknown) => failureMessage(error),
  );

const desired = async (model: string) => (await desiredState(lab.database, model))?.desiredVersion;
const aliasesOf = (model: string) => lab.mlflow.registry.aliasesOf(model);

describe('promotion and rollback', () => {
  it('promote a first and then a better version, and restore aliases, tags and the served version', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    const first = await promote(model, await lab.register(model, 200));
    expect(first).toMatchObject({ promote: true, champion: null, trial: null });
    expect(first.servedBy).toHaveLength(1);
    expect(await ask(app)).toMatchObject({ version: '1', prediction: 200 });

    const second = await promote(model, await lab.register(model, 110));
    expect(second).toMatchObject({ promote: true, champion: '1', championRmse: 100, candidateRmse: 10 });
    expect(await aliasesOf(model)).toEqual({ champion: '2', previous: '1' });
    expect(await lab.tags(model)).toEqual(['Archived approved', 'Production approved']);
    expect(await ask(app)).toMatchObject({ version: '2' });

    const back = await lab.run<RollbackResult>('rollback', { model, reason: 'callers complain' });
    expect(back).toMatchObject({ model, version: '1', promote: true });
    expect(await aliasesOf(model)).toEqual({ champion: '1', previous: '2' });
    expect(await lab.tags(model)).toEqual(['Production approved', 'Archived approved']);
    expect(await ask(app)).toMatchObject({ version: '1', prediction: 200 });
    expect((await lab.mlflow.getVersion(model, '2')).description).toContain(
      'withdrawn. Rolled back from version 2 to version 1. callers complain',
    );
  });

  it('two concurrent rollbacks restore the previous version once', async () => {
    const model = await lab.newModel();
    await lab.crown(model, await lab.register(model, 200));
    await lab.crown(model, await lab.register(model, 100));
    const outcomes = await Promise.all([lab.run('rollback', { model }), lab.run('rollback', { model })]);
    expect(outcomes).toMatchObject([{ version: '1' }, { version: '1' }]);
    expect(await aliasesOf(model)).toEqual({ champion: '1', previous: '2' });
  });

  it('two concurrent promotions run one after the other, and one version is champion', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    for (const trips of [200, 150, 100]) await lab.register(model, trips);
    await lab.crown(model, '1');
    await Promise.all(['2', '3'].map((version) => lab.run('rollback', { model, version })));

    const runs: { from: number; to: number }[] = [];
    const query = `WorkflowId = 'promotion-${model}'`;
    await expect.poll(async () => (await lab.client.workflow.count(query)).count).toBe(3);
    for await (const { startTime, closeTime } of lab.client.workflow.list({ query })) {
      runs.push({ from: startTime.getTime(), to: closeTime!.getTime() });
    }
    runs.sort((a, b) => a.from - b.from);
    for (const [i, run] of runs.slice(1).entries()) expect(run.from).toBeGreaterThanOrEqual(runs[i]!.to);
    const { champion } = await aliasesOf(model);
    expect((await lab.tags(model)).filter((tags) => tags.startsWith('Production'))).toHaveLength(1);
    expect(await desired(model)).toBe(champion);
    expect(await ask(app)).toMatchObject({ version: champion });
  });

  it('a rollback without a previous version says what to do', async () => {
    const model = await lab.newModel();
    await lab.crown(model, await lab.register(model, 100));
    expect(await failureOf('rollback', { model })).toBe(
      `${model} has no version with alias previous to roll back to. Set {"version": "..."} to one that citibike models ${model} lists`,
    );
  });

  it('a rollback does not restore a version that cannot be proven', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    await lab.register(model, 100, (files) => void (files['weights.bin'] = new Uint8Array(3)));
    await lab.crown(model, await lab.register(model, 200));
    expect(await failureOf('rollback', { model, version: '1' })).toContain(
      `could not prove version 1 of ${model}`,
    );
    expect(await aliasesOf(model)).toMatchObject({ champion: '2' });
    expect(await ask(app)).toMatchObject({ version: '2' });
  });
});

describe('a worker killed between the alias and the swap', () => {
  it('leaves the old version serving until another worker completes alias and swap', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    await lab.crown(model, await lab.register(model, 200));
    const version = await lab.register(model, 100);
    const taskQueue = `${lab.taskQueue}-mortal`;
    const mortal = spawnWorker(lab, taskQueue, { moment: 'after effect', activity: 'pointChampion' });
    const input = { model, version, testFrame };
    const handle = await lab.start('promotion', `promotion-${model}`, input, taskQueue);
    const [, signal] = (await once(mortal, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    expect(await aliasesOf(model)).toEqual({ champion: version, previous: '1' });
    expect(await ask(app)).toMatchObject({ status: 200, version: '1' });

    const survivor = spawnWorker(lab, taskQueue);
    try {
      expect(await handle.result()).toMatchObject({ promote: true, version, servedBy: [expect.any(String)] });
    } finally {
      survivor.kill('SIGKILL');
    }
    expect(await aliasesOf(model)).toEqual({ champion: version, previous: '1' });
    expect(await lab.tags(model)).toEqual(['Archived approved', 'Production approved']);
    expect(await ask(app)).toMatchObject({ version });
  });
});

describe('a swap that fails', () => {
  it('is undone: aliases, tags and the desired version are restored', async () => {
    const model = await lab.newModel();
    for (const trips of [200, 150, 100]) await lab.register(model, trips);
    await lab.crown(model, '1');
    await lab.crown(model, '2');
    const app = await lab.service(model);
    await expect.poll(() => app.models.served?.version).toBe('2');
    // Another rollout comes first: the alias points at the version, but another one is desired.
    const meddler = setInterval(() => {
      void lab.database.query(
        `UPDATE serving_generation SET generation = generation + 1, desired_version = '2' WHERE model = $1 AND desired_version = '3'`,
        [model],
      );
    }, 5);
    try {
      const failure = await promote(model, '3').then(String, failureMessage);
      expect(failure).toContain('was replaced');
    } finally {
      clearInterval(meddler);
    }
    expect(await aliasesOf(model)).toEqual({ champion: '2', previous: '1' });
    expect(await lab.tags(model)).toEqual(['Archived approved', 'Production approved', 'Archived rejected']);
    expect(await desired(model)).toBe('2');
    expect(await ask(app)).toMatchObject({ version: '2' });
  });
});

describe('the rules of a retraining', () => {
  it('non-inferiority promotes an equal candidate, and rejects one that may be worse by more than the margin', async () => {
    const model = await lab.newModel();
    await lab.crown(model, await lab.register(model, 200));
    const rule = { rule: 'non-inferiority', margin: 0.05 };
    // Every hour has 100 trips, so RMSE is |x − 100| on every day, and the bootstrap has no variance.
    expect(await promote(model, await lab.register(model, 206), rule)).toMatchObject({
      promote: false,
      nonInferiority: { upperBound: expect.closeTo(0.06, 10) as number, days: 31 },
    });
    expect(await promote(model, await lab.register(model, 204), rule)).toMatchObject({
      promote: true,
      champion: '1',
    });
  });

  it('a refit replaces only the version that its tag names, without comparison', async () => {
    const model = await lab.newModel();
    await lab.crown(model, await lab.register(model, 100));
    const newer = () => lab.register(model, 500, undefined, { to: '2025-01-31' });
    const refit = { rule: 'heir', testFrame: undefined };
    expect(await promote(model, await newer(), refit)).toMatchObject({
      promote: false,
      reason: 'version 2 is not tagged as the refit of a version',
    });
    const version = await newer();
    await lab.mlflow.registry.tagVersion(model, version, { 'citibike.heir_of': '1' });
    expect(await promote(model, version, refit)).toMatchObject({ promote: true, champion: '1' });
    expect(await aliasesOf(model)).toEqual({ champion: version, previous: '1' });
  });
});

/** All services share one event loop with the test, so their latency has no meaning here. */
const shortCanary = { minutes: 0.1, minRequests: 20, maxLatencyRatio: 1_000 };

describe('a canary', () => {
  const canary = { ...shortCanary, mode: 'canary', percent: 30 };

  it('answers its share on every process, also one that starts later, and is promoted', async () => {
    const model = await lab.newModel();
    const apps = [await lab.service(model), await lab.service(model)];
    await lab.crown(model, await lab.register(model, 200));
    const version = await lab.register(model, 150);
    const promoted = promote(model, version, { traffic: canary });
    await expect.poll(() => apps[0]!.models.canary).toBeDefined();
    const late = await lab.service(model);
    await expect.poll(() => late.models.canary).toBeDefined();
    const answers = await steadyLoad([...apps, late], promoted);
    const result = await promoted;
    expect(result).toMatchObject({ promote: true, trial: { decision: 'passed', mode: 'canary' } });
    // |150 − 200| / 200
    expect(result.trial!.disagreement).toBeCloseTo(0.25, 10);
    expect(result.servedBy).toHaveLength(3);
    expect(
      new Set(answers.map(({ status, version: by, prediction }) => `${status} ${by} ${prediction}`)),
    ).toEqual(new Set(['200 1 200', '200 2 150']));
    const { candidate, served } = result.trial!;
    const share = candidate.requests / (candidate.requests + served.requests);
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.45);
    expect(await aliasesOf(model)).toMatchObject({ champion: version });
    for (const app of [...apps, late]) expect(await ask(app)).toMatchObject({ version });
  });

  it('keeps a caller with a routing key on one version', async () => {
    const model = await lab.newModel();
    const apps = [await lab.service(model), await lab.service(model)];
    await lab.crown(model, await lab.register(model, 200));
    const running = promote(model, await lab.register(model, 150), {
      traffic: { ...canary, percent: 50, minRequests: 1 },
    });
    for (const app of apps) await expect.poll(() => app.models.canary).toBeDefined();
    const byKey = [];
    for (let caller = 0; caller < 20; caller++) {
      const versions = [];
      for (const app of [...apps, ...apps]) versions.push((await ask(app, 1, `caller ${caller}`)).version);
      byKey.push(versions);
    }
    await running;
    for (const versions of byKey) expect(new Set(versions).size).toBe(1);
    expect(new Set(byKey.flat())).toEqual(new Set(['1', '2']));
  });

  it('ends at once with the reason when it differs too much', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    await lab.crown(model, await lab.register(model, 1_000));
    const version = await lab.register(model, 100);
    const running = promote(model, version, { traffic: { ...canary, minutes: 5 } });
    await steadyLoad([app], running);
    const result = await running;
    expect(result).toMatchObject({ promote: false, servedBy: [], trial: { decision: 'failed' } });
    expect(result.reason).toContain('version 2 differs from version 1 by 90.0 % on average');
    expect(result.trial!.seconds).toBeLessThan(60);
    expect(await aliasesOf(model)).toEqual({ champion: '1' });
    expect(await lab.tags(model)).toEqual(['Production approved', 'Archived rejected']);
    expect((await lab.mlflow.getVersion(model, version)).description).toContain(
      'archived. not promoted after its canary',
    );
    await expect.poll(() => app.models.canary).toBeUndefined();
    for (let i = 0; i < 20; i++) expect(await ask(app)).toMatchObject({ version: '1' });
  });

  it('fails without requests, and the version is not promoted', async () => {
    const model = await lab.newModel();
    await lab.service(model);
    await lab.crown(model, await lab.register(model, 200));
    const result = await promote(model, await lab.register(model, 100), { traffic: canary });
    expect(result.reason).toContain('fewer than minRequests (20)');
    expect(await aliasesOf(model)).toEqual({ champion: '1' });
  });

  it('is ended by the update rollback', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    await lab.crown(model, await lab.register(model, 200));
    await lab.register(model, 150);
    const handle = await lab.start('deployment', `deployment-${model}`, {
      model,
      version: '2',
      traffic: { ...canary, minutes: 60 },
    });
    await expect(handle.executeUpdate('rollback', { args: [{ by: '' }] })).rejects.toThrow();
    await expect.poll(() => app.models.canary).toBeDefined();
    await handle.executeUpdate('rollback', { args: [{ by: 'Ann', reason: 'a hunch' }] });
    const failure = await handle.result().then(String, failureMessage);
    expect(failure).toContain('version 1 still serves: rolled back by Ann: a hunch');
    await expect.poll(() => app.models.canary).toBeUndefined();
    expect(await desired(model)).toBe('1');
  });

  it('ends with its lease when its workflow is gone', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    await lab.crown(model, await lab.register(model, 200));
    await lab.register(model, 150);
    const handle = await lab.start('deployment', `deployment-${model}`, {
      model,
      version: '2',
      traffic: { ...canary, minutes: 60 },
    });
    await expect.poll(() => app.models.canary).toBeDefined();
    await handle.terminate();
    await lab.database.query(`UPDATE serving_generation SET trial_until = now() WHERE model = $1`, [model]);
    await expect.poll(() => app.models.canary).toBeUndefined();
    expect(await ask(app)).toMatchObject({ version: '1' });
  });
});

describe('a shadow', () => {
  it('computes every request, answers none, and returns its figures from the deployment', async () => {
    const model = await lab.newModel();
    const app = await lab.service(model);
    await lab.crown(model, await lab.register(model, 100));
    await lab.register(model, 140);
    const running = lab.run<DeploymentResult>('deployment', {
      model,
      version: '2',
      traffic: { ...shortCanary, mode: 'shadow' },
    });
    const answers = await steadyLoad([app], running);
    const { trial, generation } = await running;
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(['1']));
    expect(trial).toMatchObject({ decision: 'passed', mode: 'shadow' });
    expect(trial!.disagreement).toBeCloseTo(0.4, 10);
    expect(trial!.candidate.requests).toBeGreaterThan(20);
    expect(generation).toBeNull();
    expect(await desired(model)).toBe('1');
  });
});

describe('a deployment leaves the old version serving, and gives the reason, after', () => {
  let model: string;
  let app: FastifyInstance;

  beforeAll(async () => {
    model = await lab.newModel();
    app = await lab.service(model);
    await lab.crown(model, await lab.register(model, 100));
  });

  const stillServes = async () => {
    expect(await ask(app)).toMatchObject({ status: 200, version: '1', prediction: 100 });
    expect(await desired(model)).toBe('1');
    expect(await aliasesOf(model)).toMatchObject({ champion: '1' });
  };
  const readyz = async () => (await app.inject('/readyz')).json<{ last_failure?: { version: string } }>();

  it('a corrupt weight file', async () => {
    const version = await lab.register(
      model,
      300,
      (files) => void (files['weights.bin'] = new Uint8Array(3)),
    );
    const running = failureOf('deployment', { model, version });
    await expect.poll(readyz).toMatchObject({ last_failure: { version } });
    expect(await running).toContain(`could not prove version ${version} of ${model}`);
    await stillServes();
  });

  it('a golden request with another answer', async () => {
    const version = await lab.register(model, 300, (files) => {
      const spec = Buffer.from(files['spec.json']!).toString();
      files['spec.json'] = Buffer.from(spec.replace('"prediction":300', '"prediction":301'));
    });
    expect(await failureOf('deployment', { model, version })).toMatch(/expected 301/);
    await stillServes();
  });

  it('a missing alias', async () => {
    expect(await failureOf('deployment', { model, alias: 'nobody' })).toContain('nobody');
    await stillServes();
  });
});
