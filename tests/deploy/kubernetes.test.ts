/**
 * Tests the manifests on the cluster of TEST_KUBECONFIG: Pod Security, network policies, a lifecycle, an update and an eviction under load,
 * and builds of workers. `docs/kubernetes.md` says how to run it.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { embeddedPrediction, INPUT } from './embedded-prediction.ts';
import { reachedFrom, startProvisionAgain } from './kubernetes/connections.ts';
import { CLUSTER_PROBLEM, kubectl, kubectlWith, objects } from './kubernetes/kubectl.ts';
import { predictionFromCaller, requestsDuring, type RequestReport } from './kubernetes/requests.ts';
import {
  citibike,
  putOnCluster,
  removeBuild,
  removeFromCluster,
  startBuild,
} from './kubernetes/test-cluster.ts';

const PER_SECOND = 200;
const IN_CITIBIKE = '--namespace=citibike';
const WAIT = { timeout: 300_000, interval: 1_000 };

beforeAll(() => (CLUSTER_PROBLEM === undefined ? putOnCluster() : undefined));
beforeEach(({ skip }) => skip(CLUSTER_PROBLEM !== undefined, CLUSTER_PROBLEM));
afterAll(() => (CLUSTER_PROBLEM === undefined ? removeFromCluster() : undefined));

async function podsOf(workload: string): Promise<string[]> {
  const selector = `--selector=app.kubernetes.io/name=${workload}`;
  const pods = await objects<{ metadata: { name: string } }>('pods', IN_CITIBIKE, selector);
  return pods.map(({ metadata }) => metadata.name);
}

const rolledOut = (name: string): Promise<string> =>
  kubectl('rollout', 'status', `deployment/${name}`, IN_CITIBIKE, '--timeout=10m');

test('the namespace admits the pods of the manifests, and none without a security context', async () => {
  const insecure = ['run', 'insecure', '--image=citibike-worker:0.2.0', '--dry-run=server', IN_CITIBIKE];
  await expect(kubectl(...insecure)).rejects.toThrow('violates PodSecurity "restricted');
  await kubectl('wait', '--for=condition=complete', 'job/provision', IN_CITIBIKE, '--timeout=10m');
  for (const name of ['worker', 'console']) await rolledOut(name);
  // They are ready with the first rollout.
  expect(await podsOf('inference')).toHaveLength(2);
});

describe('network policies', () => {
  let areEnforced: boolean;
  beforeAll(async () => {
    if (CLUSTER_PROBLEM !== undefined) return;
    areEnforced = !(await reachedFrom('strangers')).includes('inference');
    if (areEnforced) await startProvisionAgain();
  });
  beforeEach(({ skip }) => skip(!areEnforced, 'the cluster does not enforce network policies'));

  const servers = ['temporal', 'mlflow', 'postgres', 's3'];
  test.each<[string, string[]]>([
    ['worker', servers],
    ['inference', ['mlflow', 'postgres']],
    ['console', [...servers, 'inference']],
    ['provision', servers],
    // These namespaces have no policies, so only those of the called pods apply.
    ['callers', [...servers, 'console', 'inference']],
    ['prometheus', [...servers, 'metrics']],
    ['strangers', servers],
  ])('let %s reach what the docs say, and nothing else', async (source, expected) => {
    expect(await reachedFrom(source)).toEqual(expected);
  });
});

test('a lifecycle completes, and the service predicts the same as that of the local stack', async () => {
  const input = { ...INPUT, source: { trips: 'file:///tmp/sample' } };
  await citibike('worker', 'sample', '--out', '/tmp/sample');
  await citibike('worker', 'run', 'lifecycle', '--json', JSON.stringify(input));
  await rolledOut('inference');
  expect(await predictionFromCaller()).toBe(await embeddedPrediction());
});

describe(`${PER_SECOND} requests per second`, () => {
  function expectNoFailure(what: string, report: RequestReport): void {
    process.stdout.write(`${what}: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ answered: report.sent, failures: {} });
    expect(report.sent).toBeGreaterThan(report.seconds * PER_SECOND * 0.95);
    expect(report.reused).toBeGreaterThan(report.sent * 0.1);
  }

  test('are all answered during an update of the prediction service', async () => {
    const before = await podsOf('inference');
    const report = await requestsDuring(PER_SECOND, async () => {
      await kubectl('rollout', 'restart', 'deployment/inference', IN_CITIBIKE);
      await rolledOut('inference');
      await expect.poll(() => podsOf('inference'), WAIT).toHaveLength(before.length);
    });
    expectNoFailure('update', report);
    expect(await podsOf('inference')).not.toEqual(expect.arrayContaining(before));
  });

  test('are all answered while a pod is evicted, and the budget keeps the other one', async () => {
    const [first, second] = await podsOf('inference');
    const evict = (name: string): Promise<string> => {
      const eviction = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: 'citibike' },
      };
      const address = `/api/v1/namespaces/citibike/pods/${name}/eviction`;
      return kubectlWith(JSON.stringify(eviction), 'create', '--raw', address, '--filename=-');
    };
    const report = await requestsDuring(PER_SECOND, async () => {
      await evict(first!);
      await expect(evict(second!)).rejects.toThrow('disruption budget');
      await expect.poll(() => podsOf('inference'), WAIT).not.toContain(first);
      await rolledOut('inference');
    });
    expectNoFailure('eviction', report);
  });
});

test('a training ends on the build that started it, while the next one starts on a new build', async () => {
  const train = (build: string, id: string, epochs: number): Promise<string> => {
    const input = { ...INPUT, model: id, hyperParameters: { epochs }, cache: false };
    return citibike(`worker-${build}`, 'run', 'training', '--id', id, '--json', JSON.stringify(input));
  };
  const makeCurrent = (build: string): Promise<void> =>
    expect
      .poll(() => citibike(`worker-${build}`, 'workers', 'set-current', build).catch(String), WAIT)
      .toContain(`New runs start on ${build}.`);
  const count = 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep --count "[t]rainer.ts" || true';
  const trainers = (): Promise<string> =>
    kubectl('exec', IN_CITIBIKE, 'deployment/worker-old', '--', 'sh', '-c', count);
  const workers = (): Promise<string> => citibike('worker-new', 'workers');

  await startBuild('old');
  await makeCurrent('old');
  await kubectl('delete', 'deployment,poddisruptionbudget', 'worker', IN_CITIBIKE);
  const old = train('old', 'old-training', 40);
  await expect.poll(trainers, WAIT).not.toBe('0');

  await startBuild('new');
  await makeCurrent('new');
  const next = train('new', 'new-training', 5);
  await expect
    .poll(async () => JSON.parse(await citibike('worker-new', 'workers', '--json')) as object, WAIT)
    .toMatchObject({
      versions: [
        { buildId: 'new', status: 'current', examples: ['new-training'] },
        { buildId: 'old', status: 'draining', examples: ['old-training'] },
      ],
    });
  expect(await trainers()).not.toBe('0');
  expect(await workers()).toContain('old drains: keep its workers until old-training end.');

  expect(await next).toMatch(/Trained version 1 of new-training\./);
  expect(await old).toMatch(/Trained version 1 of old-training\./);
  await expect.poll(workers, WAIT).toContain('old has drained: stop its workers.');
  await removeBuild('old');
});
