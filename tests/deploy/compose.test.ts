/** Runs the compose file in its profile `single`: a lifecycle, what users reach, and lifecycles while containers die. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { docker, logsOf } from './engine.ts';
import type { Leftovers } from './lifecycles.ts';
import { predict, predictDuring, predictIn } from './predictions.ts';
import { say, useProject } from './use-project.ts';

const HEALTHY_WITHIN_S = 90;
const PREDICTIONS_PER_SECOND = 20;

const used = useProject('single', async () => ({ profile: 'single' }));
let undisturbed: Leftovers;
let version: string;

test('every service is healthy', async () => {
  const seconds = await used.project.up();
  const late = seconds > HEALTHY_WITHIN_S ? `, more than the ${HEALTHY_WITHIN_S} s of an idle machine` : '';
  say(`compose up --wait: ${seconds.toFixed(0)} s${late}`);
});

describe('a lifecycle', () => {
  test('completes, and leaves one of each', async () => {
    const id = await used.lifecycles.start();
    const result = await used.lifecycles.resultOf(id);
    version = result.training.version;
    expect(result.training.promotion.promote).toBe(true);
    expect(result.monitoring.weeks).toBeGreaterThan(0);
    undisturbed = await used.lifecycles.leftoversOf(id, result);
    expect(undisturbed).toMatchObject({
      versions: 1,
      mlflowRuns: 1,
      checkedWeeks: result.monitoring.weeks,
      decisions: 1,
      runsByType: { lifecycle: 1, ingest: 1, training: 1, promotion: 1, monitoring: 1 },
    });
  });

  test('serves the same prediction at the shared address as in each replica', async () => {
    const shared = await predict(used.project.urlOf('INFERENCE'));
    say(`prediction of version ${shared.version}: ${shared.prediction}`);
    expect(shared.version).toBe(version);
    expect([await predictIn(used.project, 1), await predictIn(used.project, 2)]).toEqual([shared, shared]);
  });
});

describe('users reach', () => {
  test('the console, after they sign in', async () => {
    const url = used.project.urlOf('CONSOLE');
    const open = (headers: Record<string, string>) =>
      fetch(`${url}/api/overview`, { headers, redirect: 'error' });
    expect((await open({})).status).toBe(401);
    const [, token] = /Console token, shown only this once: (\S+)/.exec(
      await used.project.compose('logs', 'provision'),
    )!;
    const session = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin: url },
      body: '{}',
      redirect: 'error',
    });
    expect(session.status).toBe(200);
    const cookie = session.headers.get('set-cookie')!.split(';', 1)[0]!;
    expect((await open({ cookie })).status).toBe(200);
  });

  test('Prometheus, which scrapes every target and loads the alerts', async ({ skip }) => {
    skip(used.project.missing.includes('prometheus'), 'no image of Prometheus');
    const api = async <T>(path: string): Promise<T> =>
      ((await (await fetch(`${used.project.urlOf('PROMETHEUS')}/api/v1/${path}`)).json()) as { data: T })
        .data;
    const targets = async () =>
      (
        await api<{ activeTargets: { labels: { job: string }; health: string }[] }>('targets')
      ).activeTargets.map(({ labels, health }) => `${labels.job} ${health}`);
    await expect
      .poll(async () => (await targets()).toSorted(), { timeout: 60_000 })
      .toEqual(['citibike-inference up', 'citibike-inference up', 'inference-proxy up', 'prometheus up']);
    const { groups } = await api<{ groups: { rules: { name: string; health: string }[] }[] }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ name }) => name)).toContain('CitibikeNoModelServed');
    await expect
      .poll(
        async () =>
          (await api<{ groups: typeof groups }>('rules')).groups.flatMap((group) =>
            group.rules.map(({ health }) => health),
          ),
        { timeout: 90_000 },
      )
      .not.toContain('unknown');
  });

  test('Grafana', async ({ skip }) => {
    skip(used.project.missing.includes('grafana'), 'no image of Grafana, and it cannot be pulled');
    const password = used.project.secrets['grafana-admin']!;
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    const found = await fetch(`${used.project.urlOf('GRAFANA')}/api/search?query=Citibike`, {
      headers: { authorization },
    });
    expect(await found.json()).toHaveLength(1);
  });

  test('no secret in a log or in docker inspect', async () => {
    const secrets = Object.entries(used.project.secrets).filter(([, value]) => value !== '');
    expect(secrets.length).toBeGreaterThan(10);
    const ids = (
      await docker(
        'ps',
        '--all',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${used.project.name}`,
      )
    ).split('\n');
    const texts = [await docker('inspect', ...ids), ...(await Promise.all(ids.map(logsOf)))];
    const found = secrets.filter(([, value]) => texts.some((text) => text.includes(value)));
    expect(found.map(([name]) => name)).toEqual([]);
  });
});

describe('containers die', () => {
  test('and no prediction at the shared address fails while a replica does', async ({ skip }) => {
    const url = used.project.urlOf('INFERENCE');
    const before = await predictDuring(url, PREDICTIONS_PER_SECOND, () => sleep(5_000));
    skip(
      before.failures.length > 0,
      `the machine is too busy to answer all predictions: ${before.failures[0]}`,
    );
    const replica = (await used.project.containers()).find(({ name }) => name === 'inference-1')!;
    const { answers, failures, slowestMs } = await predictDuring(url, PREDICTIONS_PER_SECOND, () =>
      used.project.crash(replica),
    );
    say(`${answers} predictions while inference-1 died, the slowest took ${slowestMs} ms`);
    expect(failures).toEqual([]);
  });

  test('and lifecycles complete, with nothing doubled', async () => {
    const containers = await used.project.containers();
    for (const left of await used.lifecycles.killInTurn(containers, say)) expect(left).toEqual(undisturbed);
  });
});
