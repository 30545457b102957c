/**
 * Starts release 0.1 from its own compose file, and moves its volumes to the present one. Two changes let release 0.1 start, which never
 * had: Temporal's user id gets a name, and the console, whose image does not build, is left out.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PROJECT_DIR } from '../../settings.ts';
import { run } from './engine.ts';
import { INPUT } from './lifecycles.ts';
import { predict, type Answer } from './predictions.ts';
import { startSleepingCheck, stateOfCheck, wakeCheck } from './upgrade/sleeping-check.ts';
import { useProject } from './use-project.ts';

const RELEASE = '784512f';
const SECRETS = /^(\w+)=$/gm;
const WAITING = 'deploy-test-waiting';
/** Limits how long a training takes on a busy machine. */
const LONG_MS = 3_000_000;

/** Real archives may already have the month for which the check waits. */
const REAL_DATA = process.env['DATA'] ? 'DATA names real archives' : undefined;

const checkout = mkdtempSync(path.join(tmpdir(), 'citibike-release-'));
const inCheckout = (file: string): string => path.join(checkout, file);
let before: Answer;
let versionsBefore: Version[];
let sleeper: string;

/** Runs the command line of the release that runs, in its worker. */
const citibike = (...args: readonly string[]): Promise<string> =>
  used.project.exec('worker', 1, 'node', 'client/bin.mjs', ...args);

interface Version {
  readonly name: string;
  readonly version: string;
  readonly run_id: string;
}

async function versions(): Promise<Version[]> {
  const address = `${used.project.urlOf('MLFLOW')}/api/2.0/mlflow/model-versions/search?max_results=100`;
  const { model_versions } = (await (await fetch(address)).json()) as { model_versions: Version[] };
  return model_versions
    .map(({ name, version, run_id }) => ({ name, version, run_id }))
    .toSorted((a, b) => Number(a.version) - Number(b.version));
}

const used = useProject('upgrade', async () => {
  try {
    await run('git', ['archive', '--output', inCheckout('release.tar'), RELEASE], { cwd: PROJECT_DIR });
  } catch {
    return `this checkout does not have release 0.1, commit ${RELEASE}`;
  }
  await run('tar', ['-xf', inCheckout('release.tar'), '-C', checkout]);
  // The frontend that the engine has suffices, and the named one may be out of reach.
  for (const file of ['deploy/Dockerfile', 'deploy/mlflow.Dockerfile'].map(inCheckout))
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^# syntax=.*\n/, ''));
  writeFileSync(inCheckout('passwd'), 'root:x:0:0::/:/bin/sh\ntemporal:x:10001:10001::/:/bin/sh\n');
  const named = { volumes: [`${inCheckout('passwd')}:/etc/passwd:ro`] };
  return {
    checkout,
    dotenv: readFileSync(inCheckout('deploy/compose.env.example'), 'utf8').replace(
      SECRETS,
      (_, name: string) => `${name}=${randomBytes(16).toString('hex')}`,
    ),
    without: ['console'],
    override: { temporal: named, 'temporal-retention': named, worker: { volumes: ['${DATA}:/data:ro'] } },
  };
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test('release 0.1 has a year of data, three versions, a training that waits for approval, and a check that sleeps', async () => {
  await used.project.up();
  await citibike('run', 'lifecycle', '--json', JSON.stringify({ ...INPUT, seed: 1 }));
  const { source: _, ...training } = INPUT;
  for (const seed of [11, 12])
    await citibike('run', 'training', '--json', JSON.stringify({ ...training, seed }));
  before = await predict(used.project.urlOf('INFERENCE'));
  // More epochs make a better version, because only such a promotion waits.
  const better = { hyperParameters: { epochs: 12 }, promotionThreshold: 0 };
  const waiting = { ...INPUT, ...better, seed: 2, approval: { required: true } };
  await citibike('run', 'lifecycle', '--id', WAITING, '--detach', '--json', JSON.stringify(waiting));
  await expect
    .poll(() => citibike('approve', '--list'), { timeout: LONG_MS, interval: 3_000 })
    .toContain(WAITING);
  // The version that waits for approval is registered too.
  versionsBefore = await versions();
  expect(versionsBefore).toHaveLength(4);
  if (REAL_DATA) return;
  await startSleepingCheck(used.project);
  await expect
    .poll(() => stateOfCheck(used.project), { timeout: 300_000, interval: 3_000 })
    .toContain('waits for the trips of');
  [sleeper] = (await stateOfCheck(used.project)).split(' ', 1) as [string];
});

test('the present version starts on its volumes, and serves the same prediction', async () => {
  await used.project.down();
  const secrets = run('sh', [path.join(PROJECT_DIR, 'deploy/compose-env.sh'), used.project.folder]);
  await expect(secrets).rejects.toThrow('add the line COMPOSE_PROFILES=single');
  appendFileSync(path.join(used.project.folder, '.env'), 'COMPOSE_PROFILES=single\n');
  await used.project.use({ profile: 'single' });
  await used.project.build();
  if (!REAL_DATA) await wakeCheck(used.project, sleeper);
  await used.project.up();
  await expect
    .poll(() => predict(used.project.urlOf('INFERENCE')).catch(String), { timeout: 60_000 })
    .toEqual(before);
  expect(await versions()).toEqual(versionsBefore);
});

test('the check that slept finds the month and completes', async ({ skip }) => {
  skip(REAL_DATA !== undefined, REAL_DATA);
  await expect
    .poll(() => stateOfCheck(used.project), { timeout: 600_000, interval: 2_000 })
    .toContain(`${sleeper} COMPLETED`);
});

test('the training that waited finishes after its approval', async () => {
  const [, waiting] = /^(\S*deploy-test-waiting\S*)/m.exec(await citibike('approve', '--list'))!;
  await citibike('approve', waiting!);
  await expect
    .poll(() => citibike('approve', '--list'), { timeout: LONG_MS, interval: 2_000 })
    .not.toContain(WAITING);
});
