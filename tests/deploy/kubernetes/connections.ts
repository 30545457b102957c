/** Opens connections between pods, to compare what the network policies allow with what docs/kubernetes.md says. */
import { kubectl, kubectlWith, objects } from './kubectl.ts';

/** Pods whose connections are tested. */
export type Source =
  'worker' | 'inference' | 'console' | 'provision' | 'callers' | 'prometheus' | 'strangers';

/** Prints which of its arguments, HOST:PORT, accept a connection within 3 s. */
const SCRIPT = `
const { connect } = require('node:net');
const opens = (address) => new Promise((resolve) => {
  const [host, port] = address.split(':');
  const socket = connect({ host, port, timeout: 3000 });
  for (const event of ['connect', 'timeout', 'error'])
    socket.on(event, () => (socket.destroy(), resolve(event === 'connect')));
});
const addresses = process.argv.slice(1);
Promise.all(addresses.map(opens)).then((opened) => console.log(addresses.filter((_, i) => opened[i]).join()));`;

async function addresses(): Promise<Record<string, string>> {
  const selector = '--selector=app.kubernetes.io/name=inference';
  const [pod] = await objects<{ status: { podIP: string } }>('pods', '--namespace=citibike', selector);
  return {
    temporal: 'temporal-frontend.temporal:7233',
    mlflow: 'mlflow.mlflow:5000',
    postgres: 'postgres.servers:5432',
    s3: 's3.servers:4566',
    inference: 'inference.citibike:80',
    console: 'console.citibike:80',
    // No Service has this port.
    metrics: `${pod!.status.podIP}:9464`,
  };
}

/** Returns the names of the servers that accept a connection from the source. */
export async function reachedFrom(source: Source): Promise<string[]> {
  const known = await addresses();
  const pod = {
    worker: ['--namespace=citibike', 'deployment/worker'],
    inference: ['--namespace=citibike', 'deployment/inference'],
    console: ['--namespace=citibike', 'deployment/console'],
    provision: ['--namespace=citibike', 'provision-again'],
    callers: ['--namespace=callers', 'caller'],
    prometheus: ['--namespace=prometheus', 'caller'],
    strangers: ['--namespace=strangers', 'caller'],
  }[source];
  const open = await kubectl('exec', ...pod, '--', 'node', '-e', SCRIPT, ...Object.values(known));
  return Object.keys(known).filter((name) => open.split(',').includes(known[name]!));
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
