import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { deploymentOptions, versionedBundle } from '../../../adapters/temporal/worker-version.ts';
import { loadSettings } from '../../../settings.ts';

const elsewhere = { STACK_DIR: '/nonexistent' };

test('the build id is the setting, or the commit', () => {
  expect(deploymentOptions({ name: 'citibike', buildId: 'b1' }, 'abc')).toEqual({
    version: { deploymentName: 'citibike', buildId: 'b1' },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  });
  expect(deploymentOptions({ name: 'citibike', buildId: undefined }, 'abc').version.buildId).toBe('abc');
});

test('without a build id and a commit the worker does not start', () => {
  expect(() => deploymentOptions({ name: 'citibike', buildId: undefined }, undefined)).toThrow(
    /^setting WORKER_BUILD_ID: got nothing, expected an id of the build/,
  );
});

test('a versioned bundle sets the global in its first line', async () => {
  const codePath = path.join(mkdtempSync(path.join(tmpdir(), 'citibike-bundle-')), 'bundle.js');
  writeFileSync(codePath, 'var one;\nvar two;\n');
  const code = 'globalThis.citibikeVersionedWorker = true;var one;\nvar two;\n';
  expect(await versionedBundle({ codePath })).toEqual({ code });
  expect(await versionedBundle({ code: 'var one;\nvar two;\n' })).toEqual({ code });
});

test('a worker is versioned only with WORKER_DEPLOYMENT', () => {
  const read = (settings: object) => loadSettings({ ...elsewhere, ...settings }).workerDeployment;
  expect(read({})).toBeUndefined();
  expect(read({ WORKER_BUILD_ID: 'b1' })).toBeUndefined();
  expect(read({ WORKER_DEPLOYMENT: 'citibike' })).toEqual({ name: 'citibike', buildId: undefined });
  expect(read({ WORKER_DEPLOYMENT: 'citibike', WORKER_BUILD_ID: 'v0.2-3-gabc' })).toEqual({
    name: 'citibike',
    buildId: 'v0.2-3-gabc',
  });
  // Temporal's Worker Controller names a deployment after the namespace and name of its resource.
  expect(read({ WORKER_DEPLOYMENT: 'citibike/worker' })?.name).toBe('citibike/worker');
});

test.each([
  ['WORKER_DEPLOYMENT', 'citi.bike'],
  ['WORKER_DEPLOYMENT', 'citi bike'],
  ['WORKER_BUILD_ID', "a' OR '1'='1"],
  ['WORKER_BUILD_ID', 'a'.repeat(64)],
])('the setting %s rejects %j', (name, value) => {
  const settings = { ...elsewhere, WORKER_DEPLOYMENT: 'citibike', [name]: value };
  expect(() => loadSettings(settings)).toThrow(`setting ${name}: got`);
});
