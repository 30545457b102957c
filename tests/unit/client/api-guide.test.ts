/**
 * Runs the examples of the API guide against a prediction service with keys: curl, Python, and TypeScript in an empty folder that
 * has installed the package of the client.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../../adapters/api-keys/api-key-file.ts';
import { PROJECT_DIR } from '../../../settings.ts';
import { startOwnService, type OwnService } from '../../fixtures/own-service.ts';

/** Covers the build of the package on a busy machine. */
const LONG_MS = 180_000;
const ADDRESS = 'localhost:3000';
const PACKAGE = path.join(PROJECT_DIR, 'adapters', 'prediction-client');
const run = promisify(execFile);

const dir = mkdtempSync(path.join(tmpdir(), 'citibike-api-guide-'));
const guide = readFileSync(path.join(PROJECT_DIR, 'docs', 'api.md'), 'utf8');
let service: OwnService;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const file = path.join(dir, 'keys');
  const key = await createApiKey(file, 'guide');
  service = await startOwnService({ INFERENCE_API_KEYS_FILE: file });
  env = { ...process.env, INFERENCE_API_KEY: key };
}, LONG_MS);

afterAll(async () => {
  await service?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Returns the example of the guide in a language, with the address of the service. */
function example(language: string): string {
  const section = guide.split('### Keys, intervals and batches')[1]!;
  const [, text] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(section)!;
  expect(text).toContain(ADDRESS);
  return text!.replaceAll(ADDRESS, `127.0.0.1:${service.port}`);
}

/** Returns the words of each printed line. */
function linesOf(printed: string): string[][] {
  return printed
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

/** Checks 24 hours at 40.1 °F, of a model that answers 10 · TMAX + 1. */
function expectDay(lines: readonly (readonly string[])[]): void {
  expect(lines.slice(0, 24).map(([date]) => date)).toEqual(
    Array.from({ length: 24 }, (_, hour) => `2025-01-15T${String(hour).padStart(2, '0')}:00:00`),
  );
  for (const [, prediction, lower, upper] of lines.slice(0, 24)) {
    expect(Number(prediction)).toBeCloseTo(402, 3);
    expect(Number(lower)).toBeLessThan(Number(prediction));
    expect(Number(upper)).toBeGreaterThan(Number(prediction));
  }
}

it('the curl example answers both hours with their interval', async () => {
  const { stdout } = await run('bash', ['-euc', example('sh')], { env });
  const { predictions } = JSON.parse(stdout) as { predictions: { date: string; lower: number }[] };
  expect(predictions.map(({ date }) => date)).toEqual(['2025-01-15T08:00:00', '2025-01-15T09:00:00']);
  expect(predictions[0]!.lower).toBeCloseTo(302, 3);
});

describe('the Python example', () => {
  it('prints a day with the standard library alone', async () => {
    const { stdout } = await run('python3', ['-I', '-c', example('python')], { env });
    expect(linesOf(stdout)).toHaveLength(24);
    expectDay(linesOf(stdout));
  });

  it('prints what the service rejected', async () => {
    const wrong = example('python').replace('"TMAX": 4.5', '"TMAX": 450');
    const failed = run('python3', ['-I', '-c', wrong], { env });
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining('TMAX') as string });
  });
});

describe('the package of the client, installed in an empty folder', () => {
  const project = path.join(dir, 'project');
  const tsc = path.join(PROJECT_DIR, 'node_modules', 'typescript', 'bin', 'tsc');
  let archive: string;

  beforeAll(async () => {
    await run('npm', ['pack', '--pack-destination', dir], { cwd: PACKAGE });
    archive = path.join(
      dir,
      readdirSync(dir).find((name) => name.endsWith('.tgz'))!,
    );
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{"type": "module", "private": true}');
    const options = {
      ...{ strict: true, noEmit: true, target: 'es2024', module: 'nodenext', types: ['node'] },
      // The declarations of the package are checked too. Those of Node are not part of it.
      typeRoots: [path.join(PROJECT_DIR, 'node_modules', '@types')],
    };
    writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], { cwd: project });
  }, LONG_MS);

  it('has only what callers need', async () => {
    const { stdout } = await run('tar', ['-tzf', archive]);
    const files = stdout.trim().split('\n');
    const others = files.filter(
      (file) => !/^package\/dist\/(adapters\/prediction-client|contracts)\//.test(file),
    );
    expect(others.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
    const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')) as {
      version: string;
    };
    const product = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(version).toBe(product.version);
  });

  it(
    'runs the TypeScript example, and its types reject a row without a date',
    { timeout: LONG_MS },
    async () => {
      writeFileSync(path.join(project, 'example.ts'), example('ts'));
      const wrong = `
      import { createPredictionClient } from 'citibike-prediction-client';
      // @ts-expect-error the row has no date
      await createPredictionClient('http://localhost').predictTrip([{ TMAX: 40, TMIN: 30, SNOW: 0 }]);`;
      writeFileSync(path.join(project, 'wrong.ts'), wrong);
      await run(process.execPath, [tsc, '-p', project], { cwd: project });
      const { stdout } = await run(process.execPath, ['example.ts'], { cwd: project, env });
      const lines = linesOf(stdout);
      expect(lines).toHaveLength(25);
      expectDay(lines);
      expect(lines[24]!.join(' ')).toMatch(/^\d{4}-\d\d-\d\dT\S+: [\d.]+ to [\d.]+ trips$/);
    },
  );

  it('runs in plain JavaScript, and rejects with the row and the field', async () => {
    const script = `
      import { CitibikeError, createPredictionClient } from 'citibike-prediction-client';
      const client = createPredictionClient('${service.url}', { apiKey: process.env.INFERENCE_API_KEY });
      const row = { date: '2025-01-15T08:00:00', TMAX: 400, TMIN: 30, SNOW: 0 };
      const error = await client.predictTrip([row]).catch((thrown) => thrown);
      console.log(error instanceof CitibikeError, error.code, error.details.errors[0].field);`;
    writeFileSync(path.join(project, 'rejected.mjs'), script);
    const { stdout } = await run(process.execPath, ['rejected.mjs'], { cwd: project, env });
    expect(stdout).toBe('true INVALID_INPUT TMAX\n');
  });
});
