/** Runs the project `deploy` of vitest with its summary. Arguments choose files by parts of their names. */
import { startVitest } from 'vitest/node';
import { SummaryReporter } from './summary-reporter.ts';

const vitest = await startVitest('test', process.argv.slice(2), {
  project: ['deploy'],
  watch: false,
  disableConsoleIntercept: true,
  reporters: ['verbose', new SummaryReporter()],
});
await vitest.close();
