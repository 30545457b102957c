/** Prints "N passed, N failed, N skipped" at the end, and one line per reason why a file skipped tests. */
import path from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const reasons = new Map<string, number>();
    for (const module of modules) {
      const tests = module.children.allTests();
      // A file that cannot be loaded or prepared fails without a failed test.
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of tests) {
        const result = test.result();
        counts[result.state] += 1;
        if (result.state !== 'skipped') continue;
        const line = `${path.basename(module.moduleId)}: ${result.note ?? 'an earlier step failed'}`;
        reasons.set(line, (reasons.get(line) ?? 0) + 1);
      }
    }
    for (const [line, n] of reasons) process.stdout.write(`skipped ${n} of ${line}\n`);
    const { passed, failed, skipped } = counts;
    process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
