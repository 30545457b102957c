import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';
import { execute, type ExecuteOptions } from './execute.ts';
import { report, secondsSince, type SuiteOutcome } from './suite-outcome.ts';

const RESULTS_DIR = path.join(PROJECT_DIR, '.stack', 'test-results');

/** Represents the fields of vitest's JSON report that the summary needs. */
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

/** Runs one project of vitest.config.ts. A suite that crashes or has no tests counts as one failure. */
export async function suite(name: string, options: ExecuteOptions = {}): Promise<SuiteOutcome> {
  const startedAt = Date.now();
  mkdirSync(RESULTS_DIR, { recursive: true });
  const file = path.join(RESULTS_DIR, `${name}.json`);
  rmSync(file, { force: true });
  const vitest = path.join(PROJECT_DIR, 'node_modules', '.bin', 'vitest');
  const names = ['default', './tests/runner/skipped-tests.ts', 'json'];
  const reporters = [...names.map((each) => `--reporter=${each}`), `--outputFile.json=${file}`];
  const code = await execute(vitest, ['run', '--project', name, ...reporters], options);
  const counts = countsIn(file);
  const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
  const hasCrashed = code !== 0 && counts.failed === 0;
  return report({
    name,
    seconds: secondsSince(startedAt),
    ...counts,
    failed: counts.failed + (isEmpty || hasCrashed ? 1 : 0),
  });
}

function countsIn(file: string): Pick<SuiteOutcome, 'passed' | 'failed' | 'skipped' | 'failures'> {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests,
      failures: results.testResults.flatMap(failuresOf),
    };
  } catch (error) {
    return { passed: 0, failed: 0, skipped: 0, failures: [`no report in ${file}: ${String(error)}`] };
  }
}

function failuresOf({
  name,
  status,
  message,
  assertionResults,
}: VitestReport['testResults'][number]): string[] {
  const file = path.relative(PROJECT_DIR, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  // A file that cannot be loaded fails without a failed test.
  if (failed.length === 0 && status === 'failed') return [`${file}\n    ${firstLine(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) =>
      `${file}: ${fullName}\n    ${firstLine(failureMessages[0] ?? 'no message')}`,
  );
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!.slice(0, 300);
}
