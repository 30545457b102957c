/** Opens connections between pods, to compare what the network policies allow with what docs/kubernetes.md says. */
import { kubectl, kubectlWith, objects } from './kubectl.ts';

/** Namespaces of callers.yaml. */
export const CALLERS = ['callers', 'prometheus', 'strangers'];

/** Prints which of its arguments, HOST:PORT, accept a connection within 10 s. */
const SCRIPT = `
const { connect } = require('node:net');
const opens = (address) => new Promise((resolve) => {
  const [host, port] = address.split(':');
  const socket = connect({ host, port, timeout: 10_000 });
  for (const event of ['connect', 'timeout', 'error'])
    socket.on(event, () => (socket.destroy(), resolve(event === 'connect')));
});
const addresses = process.argv.slice(1);
Promise.all(addresses.map(opens)).then((opened) => console.log(addresses.filter((_, i) => opened[i]).join()));`;

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly podIP: string };
}

async function runningPods(workload: string): Promise<Pod[]> {
  const selectors = [
    `--selector=app.kubernetes.io/name=${workload}`,
    '--field-selector=status.phase=Running',
  ];
  return objects<Pod>('pods', '--namespace=citibike', ...selectors);
}

/** Returns the names of the servers that accept a connection from a workload, or from the pod of another namespace. */
export async function reachedFrom(source: string): Promise<string[]> {
  const workload = CALLERS.includes(source) ? undefined : (await runningPods(source))[0]!.metadata.name;
  // A pod always reaches itself.
  const inference = (await runningPods('inference')).find(({ metadata }) => metadata.name !== workload)!;
  const addresses: Readonly<Record<string, string>> = {
    temporal: 'temporal-frontend.temporal:7233',
    mlflow: 'mlflow.mlflow:5000',
    postgres: 'postgres.servers:5432',
    s3: 's3.servers:4566',
    console: 'console.citibike:80',
    // The addresses of a pod, because its Service has no port for metrics, and no pod before the first rollout.
    inference: `${inference.status.podIP}:3000`,
    metrics: `${inference.status.podIP}:9464`,
  };
  const pod = workload ? ['--namespace=citibike', workload] : [`--namespace=${source}`, 'caller'];
  const open = await kubectl('exec', ...pod, '--', 'node', '-e', SCRIPT, ...Object.values(addresses));
  return Object.keys(addresses).filter((name) => open.split(',').includes(addresses[name]!));
}

/** Starts a pod that has labels, account and Secret of the job `provision`, which has ended. */
export async function startProvisionAgain(): Promise<void> {
  interface Job {
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly object[] } } };
  }
  const [job] = await objects<Job>(
    'jobs',
    '--namespace=citibike',
    '--selector=app.kubernetes.io/part-of=citibike',
  );
  const { spec } = job!.spec.template;
  const containers = spec.containers.map((container) => ({ ...container, args: ['sleep', 'infinity'] }));
  const labels = { 'app.kubernetes.io/name': 'provision' };
  const metadata = { name: 'provision-again', namespace: 'citibike', labels };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, containers } };
  await kubectlWith(JSON.stringify(pod), 'apply', '--filename=-');
  await kubectl(
    'wait',
    '--for=condition=ready',
    'pod/provision-again',
    '--namespace=citibike',
    '--timeout=1m',
  );
}
