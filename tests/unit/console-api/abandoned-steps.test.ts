import { expect, it } from 'vitest';
import { withAbandoned } from '../../../console/api/abandoned-steps.ts';
import type { StepBody } from '../../../console/api/schemas/runs.ts';
import { runOf } from './a-run.ts';

const STEP: StepBody = {
  id: '1',
  name: 'trainModel',
  kind: 'activity',
  state: 'running',
  attempt: 1,
  scheduledAt: '2026-11-30T10:01:00Z',
  startedAt: '2026-11-30T10:02:00Z',
  cached: false,
};
const DONE: StepBody = { ...STEP, id: '0', state: 'completed', closedAt: '2026-11-30T10:02:00Z' };

it('closes the open steps of an ended run with the run', () => {
  const [done, open] = withAbandoned(runOf({ state: 'terminated' }), [DONE, STEP], []);
  expect(done).toEqual(DONE);
  expect(open).toMatchObject({ state: 'abandoned', closedAt: '2026-11-30T10:05:00Z', durationMs: 180_000 });
});

it('keeps the steps of a running run', () => {
  expect(withAbandoned(runOf({ state: 'running' }), [STEP], [])).toEqual([STEP]);
});

it('shows a child that continues without its parent by its own state', () => {
  const step: StepBody = { ...STEP, kind: 'child', childRunId: 'child' };
  const child = (state: 'running' | 'completed' | 'terminated') =>
    withAbandoned(runOf({ state: 'terminated' }), [step], [runOf({ runId: 'child', state })])[0]?.state;
  expect([child('running'), child('completed'), child('terminated')]).toEqual([
    'running',
    'completed',
    'abandoned',
  ]);
});
