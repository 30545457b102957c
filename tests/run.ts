/**
 * `make test`: format, lint, types, unit, replay and workflow tests, then integration and end-to-end tests on a stack of their own, at a port
 * offset of its own, wiped before and after. Ends with one line: N passed, N failed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR, instanceDirOf } from '../settings.ts';
import { TEMPORARY_FOLDERS } from './fixtures/temporary-folders.ts';
import { freeOffset } from './free-offset.ts';

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Which tests failed and how their error begins: said again at the end, where it is looked for. */
  readonly failures?: readonly string[];
}

/** As it comes, all at once at the end, or only when it failed. */
type Output = 'live' | 'whole' | 'faults';

type Counts = Pick<Outcome, 'passed' | 'failed' | 'skipped' | 'failures'>;

/** What is read of vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const BIN = path.join(PROJECT_DIR, 'node_modules', '.bin');
const RESULTS_DIR = path.join(PROJECT_DIR, '.stack', 'test-results');
const CITIBIKE = path.join(PROJECT_DIR, 'client', 'bin.mjs');

function execute(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: PROJECT_DIR,
      env,
      stdio: ['ignore', output === 'live' ? 'inherit' : 'pipe', output === 'live' ? 'inherit' : 'pipe'],
    });
    const printed: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.on('error', (error) => {
      process.stdout.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code) => {
      if (output === 'whole' || code !== 0) process.stdout.write(Buffer.concat(printed));
      resolve(code ?? 1);
    });
  });
}

/** A check that passes or fails as a whole counts as one test. */
async function check(name: string, command: string, args: readonly string[]): Promise<Outcome> {
  const startedAt = Date.now();
  const code = await execute(path.resolve(BIN, command), args, process.env, 'faults');
  return report({
    name,
    seconds: since(startedAt),
    passed: code === 0 ? 1 : 0,
    failed: code === 0 ? 0 : 1,
    skipped: 0,
    failures: code === 0 ? [] : [`${name}: see its output above`],
  });
}

/** @param output `whole` waits with it until the suite is over: two at once would write into each other's lines. */
async function suite(
  name: string,
  env: NodeJS.ProcessEnv,
  output: 'live' | 'whole' = 'live',
): Promise<Outcome> {
  const startedAt = Date.now();
  const file = path.join(RESULTS_DIR, `${name}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['run', '--project', name, ...reporters];
  const code = await execute(path.join(BIN, 'vitest'), args, env, output);
  const counts = countsOf(file);
  // A suite that crashed, or one without a test, is a failure whatever it counted.
  const broken = code !== 0 && counts.failed === 0 ? 1 : 0;
  const empty = counts.passed + counts.failed + counts.skipped === 0 ? 1 : 0;
  return report({
    name,
    seconds: since(startedAt),
    ...counts,
    failed: counts.failed + Math.max(broken, empty),
  });
}

function countsOf(file: string): Counts {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests,
      failures: results.testResults.flatMap(failuresOf),
    };
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, failures: [`no report in ${file}: ${String(error)}`] };
  }
}

function failuresOf(file: VitestReport['testResults'][number]): string[] {
  const where = path.relative(PROJECT_DIR, file.name);
  const tests = file.assertionResults.filter((test) => test.status === 'failed');
  // A file that could not be loaded has failed without a test of it.
  if (tests.length === 0 && file.status === 'failed') return [`${where}\n    ${firstLine(file.message)}`];
  return tests.map(
    (test) => `${where}: ${test.fullName}\n    ${firstLine(test.failureMessages[0] ?? 'no message')}`,
  );
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!.slice(0, 300);
}

function since(startedAt: number): number {
  return (Date.now() - startedAt) / 1000;
}

function report(outcome: Outcome): Outcome {
  const skipped = outcome.skipped ? `, ${outcome.skipped} skipped` : '';
  process.stdout.write(
    `== ${outcome.name}: ${outcome.passed} passed, ${outcome.failed} failed${skipped} (${outcome.seconds.toFixed(0)} s)\n`,
  );
  return outcome;
}

async function main(): Promise<number> {
  mkdirSync(RESULTS_DIR, { recursive: true });
  const startedAt = Date.now();
  const offset = await freeOffset();
  const stackEnv = testEnvironment(offset);
  const citibike = (args: readonly string[], output: Output) =>
    execute(process.execPath, [CITIBIKE, ...args], stackEnv, output);

  const outcomes: Outcome[] = [];
  await citibike(['reset', '--yes'], 'faults');
  const stopStack = async () => void (await citibike(['reset', '--yes'], 'faults'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stopStack().finally(() => process.exit(130)));
  }
  try {
    outcomes.push(
      ...(await Promise.all([
        check('format', 'prettier', ['--check', '--log-level=warn', '.']),
        check('types', 'tsc', ['--noEmit']),
        check('types of the console', 'tsc', ['--noEmit', '-p', 'console/web']),
        check('lint', 'eslint', ['.']),
        check('import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', '.']),
        check('packages', process.execPath, ['tests/checks/packages.ts']),
        // Before the stack starts: the console looks for its pages once.
        check('console pages', 'vite', ['build', 'console/web']),
      ])),
    );
    outcomes.push(await suite('unit', process.env));
    outcomes.push(await suite('replay', process.env));
    outcomes.push(await suite('workflows', process.env));
    const upAt = Date.now();
    const up = await citibike(['up'], 'live');
    outcomes.push(
      report({
        name: 'stack up',
        seconds: since(upAt),
        passed: up === 0 ? 1 : 0,
        failed: up === 0 ? 0 : 1,
        skipped: 0,
      }),
    );
    if (up === 0) {
      outcomes.push(
        ...(await Promise.all([
          suite('integration', stackEnv),
          suite('integration-shared-months', stackEnv, 'whole'),
        ])),
      );
      outcomes.push(await suite('e2e', stackEnv));
      outcomes.push(await suite('console', stackEnv));
    }
  } finally {
    await stopStack();
  }
  const total = (key: 'passed' | 'failed' | 'skipped') =>
    outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  process.stdout.write(
    `\n${since(startedAt).toFixed(0)} s in all; the stack's logs were in ${instanceDirOf('.stack', offset)}/logs\n`,
  );
  for (const failure of outcomes.flatMap((outcome) => outcome.failures ?? [])) {
    process.stdout.write(`failed: ${failure}\n`);
  }
  const skipped = total('skipped') ? `, ${total('skipped')} skipped` : '';
  process.stdout.write(`${total('passed')} passed, ${total('failed')} failed${skipped}\n`);
  return total('failed') === 0 ? 0 : 1;
}

/** What is set for a stack that runs must not leak into the tests' own. */
function testEnvironment(offset: number): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT_OFFSET: String(offset),
    // Lets the stack's worker read the samples that tests create.
    SOURCE_ALLOW: TEMPORARY_FOLDERS,
    OUTPUT_ALLOW: TEMPORARY_FOLDERS,
  };
  for (const name of [
    'TEMPORAL_ADDRESS',
    'AWS_ENDPOINT_URL',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'MLFLOW_TRACKING_URI',
    'DATABASE_URL',
    'DATABASE_OWNER_URL',
    'DATABASE_READER_URL',
  ]) {
    delete env[name];
  }
  return env;
}

process.exitCode = await main();
