import { expect, it } from 'vitest';
import { groupFailures, unrepaired } from '../../../console/api/failed-runs.ts';
import type { RunEnd } from '../../../console/api/run-ends.ts';
import { runOf } from './a-run.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const failure = (code: string, message: string): RunEnd => ({ result: null, code, message });

it('drops a failure once a later run of the same workflow and system succeeds', () => {
  const runs = [
    runOf({ workflowId: 'nyc-again', system: 'nyc', startedAt: '2026-11-30T11:00:00Z' }),
    runOf({ workflowId: 'chicago', system: 'chicago', state: 'failed', startedAt: '2026-11-30T10:30:00Z' }),
    runOf({ workflowId: 'nyc', system: 'nyc', state: 'failed', startedAt: '2026-11-30T10:00:00Z' }),
    runOf({ workflowId: 'early', state: 'failed', startedAt: '2026-11-30T09:00:00Z' }),
  ];
  expect(unrepaired(runs, NOW).map(({ workflowId }) => workflowId)).toEqual(['chicago']);
  const forecast = runOf({ type: 'forecast', system: 'nyc', startedAt: '2026-11-30T11:30:00Z' });
  expect(unrepaired([forecast, ...runs.slice(1)], NOW)).toHaveLength(3);
});

it('ignores failures of children, of cancelled runs and of the week before', () => {
  const runs = [
    runOf({ state: 'failed', parentId: 'lifecycle', startedAt: '2026-11-30T11:00:00Z' }),
    runOf({ state: 'cancelled', startedAt: '2026-11-30T11:00:00Z' }),
    runOf({ state: 'failed', startedAt: '2026-11-20T11:00:00Z' }),
  ];
  expect(unrepaired(runs, NOW)).toEqual([]);
});

it('groups failures by workflow, system, step and code, and counts those whose reason was not read', () => {
  const failed = (id: string, stage: string) =>
    runOf({ workflowId: id, system: 'nyc', state: 'failed', stage });
  const groups = groupFailures([
    { run: failed('c', 'train'), end: failure('TRAINING_FAILED', 'NaN loss in epoch 3') },
    { run: failed('b', 'train'), end: failure('TRAINING_FAILED', 'NaN loss in epoch 7') },
    { run: failed('d', 'frame'), end: failure('MISSING_MONTHS', '2024-03 was never ingested') },
    { run: failed('a', 'train'), end: null },
  ]);
  expect(groups.map(({ newest, count, message }) => [newest.workflowId, count, message])).toEqual([
    ['c', 3, 'NaN loss in epoch 3'],
    ['d', 1, '2024-03 was never ingested'],
  ]);
});

it('tells a rejected input from a failure', () => {
  const run = runOf({ state: 'failed', rejected: true });
  const started = runOf({ workflowId: 'started', state: 'failed', stage: 'list' });
  const groups = groupFailures([
    { run, end: null },
    { run: started, end: failure('SOURCE_NOT_ALLOWED', 'not allowed') },
    { run: { ...started, stage: 'months' }, end: failure('BAD_ARCHIVE', 'truncated') },
  ]);
  expect(groups.map(({ isRejected }) => isRejected)).toEqual([true, true, false]);
});
