/**
 * Histories recorded from real runs, one a shape of control flow, replayed against today's workflow code: a change of commands that
 * would break a run under way fails here. They bind from the first release: a change that fails goes behind `patched`, and the
 * history stays. `tests/replay/record.ts` records a new shape; it refuses to overwrite one.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildWorkflowBundle, INTERCEPTOR_MODULES } from '../../adapters/temporal/workflow-bundle.ts';

const HISTORIES = path.join(import.meta.dirname, '..', 'fixtures', 'histories');

/** A history that goes missing must be missed. */
const SHAPES = [
  'backtest',
  'batch-prediction',
  'deployment',
  'deployment-failed',
  'deployment-shadow',
  'deployment-taken-back',
  'ingest',
  'ingest-broken-months',
  'ingest-cached',
  'ingest-missing-months',
  'lifecycle',
  'lifecycle-invalid-input',
  'lifecycle-served-by-promotion',
  'monitoring',
  'monitoring-late-month',
  'monitoring-late-weather',
  'monitoring-retrain',
  'monitoring-retrain-refused',
  'monitoring-retrain-rejected',
  'monitoring-scheduled',
  'monitoring-without-trips',
  'promotion-archived',
  'promotion-canary',
  'promotion-canary-failed',
  'promotion-first',
  'promotion-rollback',
  'rollback',
  'rollback-waited',
  'search',
  'search-cancelled',
  'search-continued',
  'training',
  'training-approval',
  'training-approval-timeout',
  'training-heir',
  'training-rejected',
  'training-search',
  'training-worker-killed',
];

interface HistoryEvent {
  workflowExecutionStartedEventAttributes?: { workflowId: string };
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}

function historyOf(shape: string): { events: HistoryEvent[] } {
  return JSON.parse(readFileSync(path.join(HISTORIES, `${shape}.json`), 'utf8')) as {
    events: HistoryEvent[];
  };
}

let code: string;

async function replay(history: { events: HistoryEvent[] }): Promise<void> {
  // Children are named for it.
  const workflowId = history.events[0]!.workflowExecutionStartedEventAttributes!.workflowId;
  await Worker.runReplayHistory(
    {
      workflowBundle: { code },
      interceptors: { workflowModules: INTERCEPTOR_MODULES },
      sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
    },
    history,
    workflowId,
  );
}

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  code = await buildWorkflowBundle();
}, 60_000);

test('every shape of control flow has its recorded history', () => {
  const recorded = readdirSync(HISTORIES).map((file) => path.basename(file, '.json'));
  expect(recorded.sort()).toEqual(SHAPES);
});

describe('recorded histories replay', () => {
  test.each(SHAPES)('%s', async (shape) => {
    await replay(historyOf(shape));
  });
});

test('a history whose commands were changed does not replay', async () => {
  const altered = historyOf('training');
  const scheduled = altered.events.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType.name === 'evaluateModel',
  );
  scheduled!.activityTaskScheduledEventAttributes!.activityType.name = 'evaluateSomethingElse';
  await expect(replay(altered)).rejects.toThrow(/[Nn]on-?determinism/);
});
