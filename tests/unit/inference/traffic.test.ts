import { expect, it, describe, vi } from 'vitest';
import type { CanaryMode } from '../../../contracts/traffic.ts';
import { predictTrip, served, startServing, TRIP, type Answer, type TestService } from './test-service.ts';

/** Begins a canary or shadow of version 2, which predicts one trip more than version 1. */
async function withCanary(mode: CanaryMode, percent: number): Promise<TestService> {
  const service = await startServing();
  const { upstreams } = service;
  upstreams.state = { ...upstreams.state!, canary: { id: 7, version: '2', mode, percent } };
  await expect.poll(() => service.app.models.canary?.candidate.version).toBe('2');
  return service;
}

async function versionsOf({ app }: TestService, requests: number): Promise<string[]> {
  const versions = [];
  for (let i = 0; i < requests; i++) {
    const response = await predictTrip(app, [TRIP, TRIP]);
    expect(response.statusCode).toBe(200);
    const [first, second] = response.json<Answer>().predictions;
    expect(second).toEqual(first);
    versions.push(String(first!.version));
  }
  return versions;
}

const reported = ({ upstreams }: TestService) => upstreams.processes.get('this-process')?.traffic;

describe('a canary', () => {
  it('of 40 percent answers about that share, and the counters show both versions', async () => {
    const service = await withCanary('canary', 40);
    const versions = await versionsOf(service, 300);
    const byCandidate = versions.filter((version) => version === '2').length;
    // For 300 draws of 0.4, five standard deviations are 42.
    expect(Math.abs(byCandidate - 120)).toBeLessThan(42);
    await expect
      .poll(() =>
        reported(service)
          ?.counted.map(({ version, requests }) => [version, requests])
          .sort(),
      )
      .toEqual([
        ['1', 300 - byCandidate],
        ['2', byCandidate],
      ]);
  });

  it.each([
    { mode: 'canary', share: 0.4 },
    { mode: 'shadow', share: 0 },
  ] as const)('shows as a $mode in /readyz and /metrics until it is over', async ({ mode, share }) => {
    const service = await withCanary(mode, 40);
    const shares = async () =>
      (await service.app.inject('/metrics')).body
        .split('\n')
        .filter((line) => /^model_traffic_share/.test(line));
    const ready = async () => (await service.app.inject('/readyz')).json<{ trial?: object }>();
    const labels = (version: string, role: string) =>
      `model_traffic_share{model="citibike-trips",version="${version}",role="${role}"}`;

    expect(await ready()).toMatchObject({ version: '1', trial: { version: '2', mode, percent: 40 } });
    expect(await shares()).toEqual([
      `${labels('1', 'served')} ${1 - share}`,
      `${labels('2', mode)} ${share}`,
    ]);

    service.upstreams.state = { ...service.upstreams.state!, canary: null };
    await expect.poll(async () => (await ready()).trial).toBeUndefined();
    expect(await shares()).toEqual([`${labels('1', 'served')} 1`]);
  });

  it('counts the requests that each version answered', async () => {
    const service = await withCanary('canary', 50);
    const versions = await versionsOf(service, 40);
    const { body } = await service.app.inject('/metrics');
    for (const version of ['1', '2']) {
      const answered = versions.filter((one) => one === version).length;
      expect(body).toContain(
        `prediction_requests_total{model="citibike-trips",version="${version}"} ${answered}\n`,
      );
      expect(body).toContain(
        `predictions_total{model="citibike-trips",version="${version}"} ${2 * answered}\n`,
      );
    }
  });

  it('compares both versions on every request, whichever answers', async () => {
    const service = await withCanary('canary', 50);
    await versionsOf(service, 20);
    const candidate = () => reported(service)?.counted.find(({ version }) => version === '2');
    await expect.poll(() => candidate()?.comparedRows).toBe(40);
    // The versions predict 402 and 401 trips.
    expect(candidate()!.disagreementSum / 40).toBeCloseTo(1 / 401, 10);
  });

  it('that is a shadow answers no request, and computes every request', async () => {
    const service = await withCanary('shadow', 10);
    expect(new Set(await versionsOf(service, 20))).toEqual(new Set(['1']));
    await expect
      .poll(() => reported(service)?.counted.find(({ version }) => version === '2')?.requests)
      .toBe(20);
  });

  it('whose candidate fails still answers every caller, and counts the failure', async () => {
    const service = await withCanary('canary', 99);
    vi.spyOn(service.app.models.canary!.candidate.model, 'predict').mockImplementation(() => {
      throw new Error('broken');
    });
    expect(new Set(await versionsOf(service, 30))).toEqual(new Set(['1']));
    await expect
      .poll(() => reported(service)?.counted.find(({ version }) => version === '2')?.errors)
      .toBeGreaterThan(20);
  });

  it('counts no failure of a version for a wrong request', async () => {
    const service = await withCanary('canary', 50);
    const wrong = await predictTrip(service.app, [{ ...TRIP, date: '2025-02-30T08:00:00' }]);
    expect(wrong.statusCode).toBe(422);
    await versionsOf(service, 4);
    await expect.poll(() => reported(service)?.counted.reduce((sum, of) => sum + of.requests, 0)).toBe(4);
    expect(reported(service)!.counted.every(({ errors }) => errors === 0)).toBe(true);
  });

  it('ends with the swap, without another download', async () => {
    const service = await withCanary('canary', 50);
    const { downloads } = service.upstreams;
    service.upstreams.want('2');
    await served(service, '2');
    expect(service.app.models.canary).toBeUndefined();
    expect(service.upstreams.downloads).toBe(downloads);
    expect(new Set(await versionsOf(service, 10))).toEqual(new Set(['2']));
  });

  it('of a version that cannot be loaded leaves the served one answering, and reports why', async () => {
    const service = await startServing();
    service.upstreams.versions.set('3', { base: 3, goldenAnswer: 999 });
    service.upstreams.state = {
      ...service.upstreams.state!,
      canary: { id: 8, version: '3', mode: 'canary', percent: 50 },
    };
    await expect.poll(() => service.upstreams.processes.get('this-process')?.failedVersion).toBe('3');
    expect(new Set(await versionsOf(service, 10))).toEqual(new Set(['1']));
  });
});
