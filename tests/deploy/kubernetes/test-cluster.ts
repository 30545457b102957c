/** Puts the project on the cluster of the tests, with servers and callers, and removes it. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_DIR } from '../../../settings.ts';
import { CALLERS } from './connections.ts';
import { kubectl, objects } from './kubectl.ts';

const HERE = import.meta.dirname;
const SERVERS = ['temporal', 'mlflow', 'servers'];
const NAMESPACES = ['citibike', ...SERVERS, ...CALLERS];
const BUILT_IMAGES = ['worker', 'inference', 'console'].map((target) => `citibike-${target}:0.2.0`);
const OTHER_IMAGES = [
  'citibike-mlflow:3.17.2',
  'postgres:18.4-alpine3.23',
  'temporalio/temporal:1.9.1',
  'versity/versitygw:v1.8.0',
];
const PASSWORD = 'secret123';

/** Holds copies of the manifests with the overlays of the tests. */
const folder = mkdtempSync(path.join(tmpdir(), 'citibike-kubernetes-'));
const overlay = (name: string): string => path.join(folder, 'manifests/overlays', name);

/** @throws Error if the cluster has a namespace of the tests. */
export async function putOnCluster(): Promise<void> {
  const existing = await objects<{ metadata: { name: string } }>('namespaces');
  const taken = existing.map(({ metadata }) => metadata.name).filter((name) => NAMESPACES.includes(name));
  if (taken.length > 0)
    throw new Error(
      `the cluster of TEST_KUBECONFIG has the namespaces ${taken.join(', ')}, expected none of them; delete them, or name another cluster`,
    );
  await loadImages();
  await startServers();
  copyManifests();
  await kubectl('apply', '--kustomize', overlay('test'));
  await kubectl('apply', '--filename', path.join(HERE, 'callers.yaml'));
  for (const name of CALLERS)
    await kubectl('wait', '--for=condition=ready', 'pod/caller', `--namespace=${name}`, '--timeout=5m');
}

export async function removeFromCluster(): Promise<void> {
  await kubectl('delete', 'namespace', ...NAMESPACES, '--ignore-not-found', '--timeout=5m');
  rmSync(folder, { recursive: true });
}

/**
 * Builds the images and copies them from Docker to the nodes by the command TEST_LOAD_IMAGES, which reads an archive. Without the
 * command, the nodes have the images already.
 */
async function loadImages(): Promise<void> {
  const load = process.env['TEST_LOAD_IMAGES'];
  if (!load) return;
  const env = { ...process.env, DOCKER_BUILDKIT: '1' };
  for (const image of BUILT_IMAGES) {
    const target = image.replace(/^citibike-|:.*$/g, '');
    const file = path.join(PROJECT_DIR, 'deploy/Dockerfile');
    const options = ['--quiet', '--file', file, '--target', target, '--tag', image];
    await promisify(execFile)('docker', ['build', ...options, PROJECT_DIR], { env });
  }
  const images = [...BUILT_IMAGES, ...OTHER_IMAGES];
  await promisify(execFile)('sh', ['-ec', `docker save "$@" | ${load}`, 'sh', ...images]);
}

async function startServers(): Promise<void> {
  const servers = path.join(folder, 'servers');
  cpSync(path.join(HERE, 'servers'), servers, { recursive: true });
  cpSync(path.join(PROJECT_DIR, 'deploy/postgres'), path.join(servers, 'postgres'), { recursive: true });
  await kubectl('apply', '--kustomize', servers);
  const available = ['wait', '--for=condition=available', 'deployment', '--all', '--timeout=5m'];
  for (const name of SERVERS) await kubectl(...available, `--namespace=${name}`);
  // As docs/kubernetes.md says, an administrator of the server creates the roles.
  const settings = ['PGHOST=127.0.0.1', 'PGUSER=postgres', 'PGDATABASE=monitoring', 'OWNER=citibike_owner'];
  const passwords = ['PG', 'OWNER_', 'APP_', 'READER_'].map((prefix) => `${prefix}PASSWORD=${PASSWORD}`);
  const command = ['env', ...settings, ...passwords, 'sh', '/roles/roles.sh'];
  await kubectl('exec', '--namespace=servers', 'deployment/postgres', '--', ...command);
}

function copyManifests(): void {
  const manifests = path.join(folder, 'manifests');
  cpSync(path.join(PROJECT_DIR, 'deploy/kubernetes'), manifests, { recursive: true });
  cpSync(path.join(HERE, 'overlays'), path.join(manifests, 'overlays'), { recursive: true });
  const secrets = readFileSync(path.join(manifests, 'secrets/secrets.example.yaml'), 'utf8');
  writeFileSync(path.join(manifests, 'secrets/secrets.yaml'), secrets.replaceAll('CHANGE_ME', PASSWORD));
}

/** Starts the workers of one build from a copy of the overlay, as docs/kubernetes.md says. */
export async function startBuild(build: string): Promise<void> {
  for (const name of ['worker-build', 'test-build']) {
    const copy = overlay(`${name}-${build}`);
    cpSync(overlay(name), copy, { recursive: true });
    const file = path.join(copy, 'kustomization.yaml');
    const text = readFileSync(file, 'utf8').replaceAll('build-id', build);
    writeFileSync(file, text.replace('../worker-build', `../worker-build-${build}`));
  }
  await kubectl('apply', '--kustomize', overlay(`test-build-${build}`));
  const workers = `deployment/worker-${build}`;
  await kubectl('rollout', 'status', workers, '--namespace=citibike', '--timeout=5m');
}

export async function removeBuild(build: string): Promise<void> {
  await kubectl('delete', '--kustomize', overlay(`test-build-${build}`), '--wait=false');
}

/** Runs the command `citibike` in a pod of a deployment of workers. */
export function citibike(deployment: string, ...args: readonly string[]): Promise<string> {
  const command = ['node', 'client/bin.mjs', ...args];
  return kubectl('exec', '--namespace=citibike', `deployment/${deployment}`, '--', ...command);
}
