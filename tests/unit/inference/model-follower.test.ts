import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ready } from '../../../inference/schemas/health.ts';
import {
  MODEL,
  MemoryUpstreams,
  predictTrip,
  served,
  startService,
  startServing,
  TRIP,
  type Answer,
} from './test-service.ts';

const readyz = async ({ app }: Awaited<ReturnType<typeof startService>>) => {
  const response = await app.inject('/readyz');
  return { code: response.statusCode, ...response.json<Ready>() };
};

describe('readiness', () => {
  it('fails with a reason before the first rollout', async () => {
    const service = await startService();
    await expect
      .poll(() => readyz(service))
      .toMatchObject({
        code: 503,
        status: 'not ready',
        reason: expect.stringContaining('No version is deployed') as string,
      });
  });

  it('fails with a reason while Postgres has not answered and the disk is empty', async () => {
    const upstreams = new MemoryUpstreams();
    upstreams.postgresDown = true;
    expect(await readyz(await startService({ upstreams }))).toMatchObject({
      code: 503,
      reason: expect.stringContaining('Postgres has not answered') as string,
    });
  });

  it('names model, version, generation, source and start', async () => {
    const service = await startServing();
    expect(await readyz(service)).toEqual({
      code: 200,
      status: 'ready',
      model: MODEL,
      version: '1',
      generation: 1,
      source: 'registry',
      stale: false,
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
  });
});

describe('swapping', () => {
  it('follows the next generation and is reported', async () => {
    const service = await startServing();
    service.upstreams.want('2');
    await served(service, '2');
    expect((await predictTrip(service.app, [TRIP])).json<Answer>().predictions[0]).toMatchObject({
      version: '2',
      prediction: 402,
    });
    await expect
      .poll(() => service.upstreams.processes.get('this-process'))
      .toMatchObject({
        generation: 2,
        servedVersion: '2',
        provenVersion: '2',
        failedVersion: null,
        failure: null,
      });
  });

  it('never mixes two versions in one answer, and drops no answer', async () => {
    const service = await startServing();
    const rows = Array(1_000).fill(TRIP);
    const answers = [];
    for (let i = 0; i < 40; i++) {
      answers.push(predictTrip(service.app, rows));
      if (i % 10 === 5) service.upstreams.want(service.upstreams.state?.desiredVersion === '1' ? '2' : '1');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const seen = new Set<string>();
    for (const response of await Promise.all(answers)) {
      expect(response.statusCode).toBe(200);
      const pairs: string[] = response
        .json<Answer>()
        .predictions.map((row) => `${row.version}:${row.prediction}`);
      expect(new Set(pairs).size).toBe(1);
      seen.add(pairs[0]!);
    }
    expect([...seen].sort()).toEqual(['1:401', '2:402']);
  });

  it('keeps the old version, and reports why, when the new one fails its golden request', async () => {
    const service = await startServing();
    service.upstreams.versions.set('3', { base: 3, goldenAnswer: 999 });
    service.upstreams.want('3');
    await expect
      .poll(() => service.upstreams.processes.get('this-process'))
      .toMatchObject({
        servedVersion: '1',
        generation: 1,
        failedVersion: '3',
        failure: expect.stringContaining('expected 999') as string,
      });
    expect(await readyz(service)).toMatchObject({ code: 200, version: '1', last_failure: { version: '3' } });
  });
});

describe('proving', () => {
  it('loads a preloaded version beside the served one, and a rollout of it needs no second download', async () => {
    const service = await startServing();
    service.upstreams.want('1', '2');
    await expect.poll(() => service.upstreams.processes.get('this-process')?.provenVersion).toBe('2');
    expect(service.app.models.served?.version).toBe('1');
    const { downloads } = service.upstreams;
    service.upstreams.want('2');
    await served(service, '2');
    expect(service.upstreams.downloads).toBe(downloads);
  });

  it('of the served version itself is done at once', async () => {
    const service = await startServing();
    service.upstreams.want('2');
    await served(service, '2');
    service.upstreams.want('2', '1');
    await expect.poll(() => service.upstreams.processes.get('this-process')?.provenVersion).toBe('1');
    service.upstreams.want('2', '2');
    await expect.poll(() => service.upstreams.processes.get('this-process')?.provenVersion).toBe('2');
  });

  it('reports a missing preloaded version', async () => {
    const service = await startServing();
    service.upstreams.want('1', '9');
    await expect
      .poll(() => service.upstreams.processes.get('this-process'))
      .toMatchObject({ servedVersion: '1', failedVersion: '9', failure: 'no version 9' });
  });

  it('reports no failure of a version while MLflow is down, and continues when it is back', async () => {
    const service = await startServing();
    service.upstreams.mlflowDown = true;
    service.upstreams.want('2');
    await expect.poll(() => service.app.models.status.upstreams.mlflow.state).toBe('down');
    expect(service.upstreams.processes.get('this-process')).toMatchObject({
      servedVersion: '1',
      failedVersion: null,
    });
    service.upstreams.mlflowDown = false;
    await expect.poll(() => service.app.models.served?.version).toBe('2');
  });
});

describe('the last good model on disk', () => {
  const restart = async (mend: (upstreams: MemoryUpstreams) => void) => {
    const first = await startServing();
    await first.app.close();
    mend(first.upstreams);
    return startService({ upstreams: first.upstreams, stateDir: first.stateDir });
  };

  it('serves at once while Postgres and MLflow are down, and reports that it may be stale', async () => {
    const service = await restart((upstreams) => {
      upstreams.postgresDown = true;
      upstreams.mlflowDown = true;
    });
    expect((await predictTrip(service.app, [TRIP])).json<Answer>().predictions[0]).toMatchObject({
      version: '1',
      prediction: 401,
    });
    expect(await readyz(service)).toMatchObject({ code: 200, source: 'disk', stale: true, generation: 1 });
    const health = await service.app.inject('/healthz');
    expect(health.statusCode).toBe(200);
    expect(health.json()).toMatchObject({ source: 'disk', upstreams: { postgres: { state: 'down' } } });
  });

  it('is replaced by the desired version when they are back', async () => {
    const service = await restart((upstreams) => {
      upstreams.postgresDown = true;
    });
    service.upstreams.want('2');
    service.upstreams.postgresDown = false;
    await served(service, '2');
    expect(service.app.models.served).toMatchObject({ source: 'registry', generation: 2 });
  });

  it('is confirmed by the registry if it is the desired version', async () => {
    const service = await restart(() => undefined);
    await expect.poll(() => service.app.models.served?.source).toBe('registry');
  });

  it('is replaced if the registry has other bytes under the same number', async () => {
    const service = await restart((upstreams) => {
      upstreams.versions.set('1', { base: 7 });
    });
    await expect
      .poll(async () => (await predictTrip(service.app, [TRIP])).json<Answer>().predictions[0]?.prediction)
      .toBe(407);
  });

  it('is not served if one of its bytes changed', async () => {
    const first = await startServing();
    await first.app.close();
    const file = path.join(first.stateDir, `${MODEL}.last-good`);
    const saved = readFileSync(file);
    saved[saved.length - 1]! ^= 1;
    writeFileSync(file, saved);
    first.upstreams.postgresDown = true;
    const service = await startService({ upstreams: first.upstreams, stateDir: first.stateDir });
    expect((await readyz(service)).code).toBe(503);
  });

  it.for([
    ['in its first line', 100],
    ['in its files', -1],
  ] as const)('is not served if the file is truncated %s', async ([, length]) => {
    const first = await startServing();
    await first.app.close();
    const file = path.join(first.stateDir, `${MODEL}.last-good`);
    writeFileSync(file, readFileSync(file).subarray(0, length));
    first.upstreams.postgresDown = true;
    const service = await startService({ upstreams: first.upstreams, stateDir: first.stateDir });
    expect((await readyz(service)).code).toBe(503);
  });
});

describe('shutting down', () => {
  it('removes the process from the table', async () => {
    const { app, upstreams } = await startServing();
    await expect.poll(() => upstreams.processes.size).toBe(1);
    await app.close();
    expect(upstreams.processes.size).toBe(0);
  });

  it('succeeds while Postgres is down', async () => {
    const { app, upstreams } = await startServing();
    upstreams.postgresDown = true;
    await expect(app.close()).resolves.toBeUndefined();
  });
});
