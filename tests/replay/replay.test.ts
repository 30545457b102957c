/**
 * Replays recorded histories against today's workflow code, one per shape of control flow. A change of commands that would
 * break a running workflow fails here: put it behind `patched` and keep the history. `tests/replay/record.ts` records a new
 * shape and never overwrites one.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildWorkflowBundle, INTERCEPTOR_MODULES } from '../../adapters/temporal/workflow-bundle.ts';
import { STARTABLE_WORKFLOWS } from '../../contracts/workflows/index.ts';

const HISTORIES = path.join(import.meta.dirname, '..', 'fixtures', 'histories');

const SHAPES = readdirSync(HISTORIES).map((file) => path.basename(file, '.json'));

/** Number of histories when this bound was last raised: a deleted history fails the test. */
const FEWEST_SHAPES = 50;

interface HistoryEvent {
  workflowExecutionStartedEventAttributes?: { workflowId: string; workflowType: { name: string } };
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}

function historyOf(shape: string): { events: HistoryEvent[] } {
  return JSON.parse(readFileSync(path.join(HISTORIES, `${shape}.json`), 'utf8')) as {
    events: HistoryEvent[];
  };
}

function startedTypeOf({ events }: { events: HistoryEvent[] }): string {
  return events[0]!.workflowExecutionStartedEventAttributes!.workflowType.name;
}

let code: string;

async function replay(history: { events: HistoryEvent[] }): Promise<void> {
  // The ids of children derive from this id.
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

test('every workflow that people start has a recorded history, and no history was deleted', () => {
  const recorded = SHAPES.map((shape) => startedTypeOf(historyOf(shape)));
  expect([...STARTABLE_WORKFLOWS.keys()].filter((name) => !recorded.includes(name))).toEqual([]);
  expect(SHAPES.length).toBeGreaterThanOrEqual(FEWEST_SHAPES);
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
