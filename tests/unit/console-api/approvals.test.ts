import { expect, it } from 'vitest';
import { approvalIn, approvalOf, approvals } from '../../../console/api/approvals.ts';
import type { Sources } from '../../../console/api/sources.ts';
import type { Progress, StepProgress } from '../../../contracts/progress.ts';
import { runOf } from './a-run.ts';

const WHAT = 'version 12 of citibike-trips waits for approval: its RMSE is 12 % lower';
const SINCE = '2026-11-30T06:08:23.000Z';
const STARTED = '2026-11-30T05:00:00Z';

const progressWith = (step: Partial<StepProgress>): Progress => ({
  stage: 'approval',
  percent: 90,
  steps: [{ name: 'approval', state: 'running', startedAt: Date.parse(SINCE), ...step }],
});

/** Answers the query `progress` of each run by its workflow id. */
const sourcesWith = (answers: Readonly<Record<string, Progress | null>>, isDown = false) =>
  ({
    upstreams: { isDown: () => isDown },
    temporal: { progress: async (workflowId: string) => answers[workflowId] ?? null },
  }) as unknown as Pick<Sources, 'upstreams' | 'temporal'>;

const waiting = (workflowId: string) =>
  runOf({ workflowId, type: 'training', state: 'running', stage: 'approval', startedAt: STARTED });

it('names the version that waits, and keeps another text as it is', () => {
  expect(approvalOf(WHAT, Date.parse(SINCE))).toEqual({
    what: WHAT,
    version: '12',
    model: 'citibike-trips',
    since: SINCE,
  });
  expect(approvalOf('waits')).toEqual({ what: 'waits', version: null, model: null, since: null });
});

it('finds no approval in a step that still compares, or has ended', () => {
  expect(approvalIn(progressWith({}))).toBeNull();
  expect(approvalIn(progressWith({ detail: WHAT, state: 'done' }))).toBeNull();
});

it('dates an approval by when it began to wait, and not by the start of its run', async () => {
  const answers = { a: progressWith({ detail: WHAT }), comparing: progressWith({}) };
  expect(await approvals(sourcesWith(answers), [waiting('a'), waiting('comparing')])).toEqual([
    expect.objectContaining({ title: 'a waits for approval', reason: WHAT, at: SINCE }),
  ]);
});

it.each([false, true])(
  'lists an approval without a date if nothing tells when it began (Temporal down: %s)',
  async (isDown) => {
    const found = await approvals(sourcesWith({}, isDown), [waiting('a')]);
    expect(found).toEqual([expect.not.objectContaining({ at: expect.anything() as unknown })]);
  },
);
