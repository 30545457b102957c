import { defineConfig } from 'vitest/config';

/** What is waited for is waited for on a busy machine too: a second, as is the default, is not enough there. */
const POLL = { timeout: 30_000 };

/** They ingest samples of their own into the stack's months of one synthetic system, so they take turns. */
const SHARED_MONTHS = ['data-plane-payloads', 'monitoring', 'schedules', 'search', 'training-faults'].map(
  (name) => `tests/integration/${name}.test.ts`,
);

/** Options of the projects that run workflows on the stack. */
const ON_STACK = { globalSetup: ['tests/fixtures/allow-temporary-folders.ts'] };

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
    // Unit tests need no stack, and one of them Python; the others need the running stack and share it.
    projects: [
      project('unit', { testTimeout: 60_000 }),
      project('replay', { testTimeout: 60_000 }),
      // One after the other: their workers share the task queue of trainings on a server of their own.
      project('workflows', {
        globalSetup: ['tests/workflows/harness/server.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
      // Each file under names of its own; much of their time is waiting for leases, heartbeats and retries.
      project('integration', {
        ...ON_STACK,
        exclude: SHARED_MONTHS,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        // One file at a time here, one of those that share months beside it: more would crowd out what is timed on two cores.
        maxWorkers: 1,
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
      // After the lifecycle, which counts versions from the first.
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
