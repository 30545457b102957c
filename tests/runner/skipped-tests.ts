/** Reporter of vitest that prints why tests were skipped, and fails a run in which one was skipped without a reason. */
import path from 'node:path';
import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { PROJECT_DIR } from '../../settings.ts';
import { reasonIn } from '../or-skip.ts';

export default class SkippedTests implements Reporter {
  /** True if a filter by name skips tests, too. */
  #isFiltered = false;

  onInit({ config }: Vitest): void {
    this.#isFiltered = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, end: TestRunEndReason): void {
    const tests = new Map<string, number>();
    const unexplained: string[] = [];
    for (const module of modules) {
      const file = path.relative(PROJECT_DIR, module.moduleId);
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = (result.state === 'skipped' ? result.note : undefined) ?? reasonIn(test.fullName);
        if (reason === undefined) unexplained.push(`${file}: ${test.fullName}`);
        else tests.set(`${file}: ${reason}`, (tests.get(`${file}: ${reason}`) ?? 0) + 1);
      }
    }
    for (const [reason, count] of tests) process.stdout.write(`skipped ${count} of ${reason}\n`);
    // After a failure, vitest skips the tests that needed what failed.
    if (this.#isFiltered || end !== 'passed' || unexplained.length === 0) return;
    process.stdout.write(
      `${unexplained.join('\n')}\nare skipped without a reason: name it by orSkip (tests/or-skip.ts) or context.skip(REASON)\n`,
    );
    process.exitCode = 1;
  }
}
