import { defineConfig } from 'vitest/config';

/** Replaces the default of 1 s, which is too short on a busy machine. */
const POLL = { timeout: 30_000 };

/** Tests that ingest different samples into the same months of the stack, so they run one after the other. */
const SHARED_MONTHS = ['data-plane-payloads', 'monitoring', 'schedules', 'search', 'training-faults'].map(
  (name) => `tests/integration/${name}.test.ts`,
);

/** Lets the worker of a running stack read temporary samples. */
const ON_STACK = { globalSetup: ['tests/fixtures/allow-temporary-folders.ts'] };

/** Lets files share a process, because most of the time would go into imports. */
const SHARED_PROCESS = { isolate: false };

const project = (name: string, extra: object = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    // It imports our plugins and routes, whose modules tests import too.
    server: { deps: { inline: ['@fastify/autoload'] } },
    expect: { poll: POLL },
    ...extra,
  },
});

export default defineConfig({
  test: {
    reporters: ['default', './tests/runner/skipped-tests.ts'],
    // Unit and replay tests need no servers. The others share the running stack.
    projects: [
      project('unit', { ...SHARED_PROCESS, testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 }),
      project('replay', { testTimeout: 60_000, hookTimeout: 180_000 }),
      // One after the other: their workers share the task queue of trainings on a server of their own.
      project('workflows', {
        ...SHARED_PROCESS,
        globalSetup: ['tests/workflows/harness/temporal-server.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
      // Each file uses names of its own. The tests mostly wait for leases, heartbeats and retries.
      project('integration', {
        ...ON_STACK,
        ...SHARED_PROCESS,
        exclude: SHARED_MONTHS,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      project('integration-shared-months', {
        ...ON_STACK,
        include: SHARED_MONTHS,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        maxWorkers: 1,
        sequence: { groupOrder: 2 },
      }),
      project('e2e', {
        ...ON_STACK,
        exclude: ['tests/e2e/console*.test.ts'],
        testTimeout: 600_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
      // `make test-deploy` alone runs them, because they build images and need a container engine.
      project('deploy', { testTimeout: 3_600_000, hookTimeout: 3_600_000, fileParallelism: false }),
      // Runs after the lifecycle of the project e2e, which expects to register the first version.
      project('console', {
        ...ON_STACK,
        include: ['tests/e2e/console*.test.ts'],
        testTimeout: 60_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
