/** Represents the result of a check or a test suite. A check counts as one test. */
export interface SuiteOutcome {
  readonly name: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names each failed test and the first line of its error. */
  readonly failures: readonly string[];
}

/** Prints an outcome in one line. */
export function report(outcome: SuiteOutcome): SuiteOutcome {
  const { name, seconds } = outcome;
  process.stdout.write(`== ${name}: ${countsOf([outcome])} (${seconds.toFixed(0)} s)\n`);
  return outcome;
}

/** Returns "N passed, N failed" of all outcomes, and the number of skipped tests if there are any. */
export function countsOf(outcomes: readonly SuiteOutcome[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped') =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

export function secondsSince(startedAt: number): number {
  return (Date.now() - startedAt) / 1000;
}
