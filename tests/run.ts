/**
 * Runs all checks and tests (`make test`), those of the servers on two stacks of their own. Prints "N passed, N
 * failed" at the end.
 *
 * Unit tests run first and alone: on a busy machine, the prediction service that they start rejects requests as overloaded. Tests of
 * servers mostly wait for heartbeats, leases and retries. Meanwhile, checks use the processors at low priority, so that they
 * do not delay tests that measure time.
 */
import path from 'node:path';
import { PROJECT_DIR } from '../settings.ts';
import { check, endCommands } from './runner/execute.ts';
import { countsOf, secondsSince, type SuiteOutcome } from './runner/suite-outcome.ts';
import { suite } from './runner/suite.ts';
import { TestStack } from './runner/test-stack.ts';

const BUNDLE = path.join(PROJECT_DIR, '.stack', 'test-bundle', 'workflows.js');
// Tests start many processes, and each would strip and compile the same modules.
process.env['NODE_COMPILE_CACHE'] ??= path.join(PROJECT_DIR, '.stack', 'compile-cache');
const LOW = { background: true };

type Step = () => Promise<SuiteOutcome | readonly SuiteOutcome[]>;

/** Runs steps one after the other. */
async function inTurn(...steps: readonly Step[]): Promise<SuiteOutcome[]> {
  const outcomes: SuiteOutcome[] = [];
  for (const step of steps) outcomes.push(...[await step()].flat());
  return outcomes;
}

/** Runs steps at the same time. */
async function together(...steps: readonly Step[]): Promise<SuiteOutcome[]> {
  return (await Promise.all(steps.map((step) => step()))).flat();
}

/** Builds the files that the stacks need before they start. */
const build = () =>
  together(
    () => check('console pages', 'vite', ['build', 'console/web']),
    () => check('workflow bundle', process.execPath, ['tests/fixtures/write-test-bundle.ts', BUNDLE]),
  );

const checks = () =>
  inTurn(
    () => check('types', 'tsc', ['--noEmit'], LOW),
    () => check('types of the console', 'tsc', ['--noEmit', '-p', 'console/web'], LOW),
    () => check('lint', 'eslint', ['.'], LOW),
    () => check('unused code', 'knip', ['--no-progress'], LOW),
    () => check('import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', '.'], LOW),
    () => check('packages', process.execPath, ['tests/checks/packages.ts'], LOW),
    () => check('format', 'prettier', ['--check', '--log-level=warn', '.'], LOW),
  );

/** Runs steps while a stack runs. */
async function on(stack: TestStack, step: Step): Promise<SuiteOutcome[]> {
  try {
    return await unlessFailed(() => stack.start(), step);
  } finally {
    await stack.remove();
  }
}

/** Runs the second step unless the first fails. */
async function unlessFailed(first: Step, second: Step): Promise<SuiteOutcome[]> {
  const outcomes = [await first()].flat();
  return outcomes.some(({ failed }) => failed > 0) ? outcomes : [...outcomes, ...[await second()].flat()];
}

async function main(): Promise<number> {
  const startedAt = Date.now();
  const env = { ...process.env, WORKFLOW_BUNDLE: BUNDLE };
  const stack = await TestStack.at('stack', 20_000, env);
  const endToEndStack = await TestStack.at('end-to-end stack', 12_000, env);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endCommands();
      void Promise.all([stack.remove(), endToEndStack.remove()]).finally(() => {
        // Meanwhile, the next commands may have started.
        endCommands();
        process.exit(130);
      });
    });
  }
  const endToEnd = () =>
    on(endToEndStack, () =>
      inTurn(
        () => suite('e2e', endToEndStack),
        () => suite('console', endToEndStack),
      ),
    );
  // Tests of servers mostly wait, so four processes keep two cores busy.
  const withServers = () =>
    on(stack, () =>
      together(
        () => suite('integration', stack),
        () => inTurn(() => suite('integration-shared-months', stack), endToEnd),
        // The start of the stack installs the Temporal server that these tests start themselves.
        () =>
          inTurn(
            () => suite('replay', LOW),
            () => suite('workflows', LOW),
          ),
      ),
    );
  const outcomes = await unlessFailed(build, () =>
    inTurn(
      () => suite('unit'),
      () => together(checks, withServers),
    ),
  );
  for (const failure of outcomes.flatMap(({ failures }) => failures))
    process.stdout.write(`failed: ${failure}\n`);
  process.stdout.write(`Logs of the stacks: ${stack.logs}, ${endToEndStack.logs}\n`);
  process.stdout.write(`${secondsSince(startedAt).toFixed(0)} s\n${countsOf(outcomes)}\n`);
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

process.exitCode = await main();
