import { expect, test } from 'vitest';
import { runDetailText, runTable, type RunFacts } from '../../../client/run-text.ts';

const RUN: RunFacts = {
  workflowId: 'nightly',
  type: 'training',
  state: 'running',
  system: 'nyc',
  month: '2024-01..2024-12',
  startedAt: '2025-04-05T06:00:00.000Z',
  durationMs: 61_400,
  stage: 'train',
  percent: 40,
};

test('a running run shows its stage', () => {
  expect(runTable([RUN]).split('\n')[2]).toMatch(
    /^running +nightly +training +nyc 2024-01\.\.2024-12 +train 40 % +2025-04-05 06:00 +1 min 1 s$/,
  );
});

test('a failed step shows its causes, outermost first, and the time of the next attempt', () => {
  const text = runDetailText({
    run: RUN,
    failure: [],
    approval: null,
    steps: [
      {
        id: '5',
        name: 'trainModel',
        state: 'running',
        attempt: 2,
        cached: false,
        failure: [
          { type: 'ActivityFailure', message: 'Activity task failed' },
          { type: 'TRAINER_CRASHED', message: 'the trainer was ended by SIGKILL' },
        ],
        nextRetryAt: '2025-04-05T06:01:30.000Z',
      },
    ],
  });
  expect(text).toContain(
    '  ActivityFailure: Activity task failed\n    TRAINER_CRASHED: the trainer was ended by SIGKILL',
  );
  expect(text).toContain('next attempt at 2025-04-05T06:01:30.000Z');
});

test('a run that waits for a person says how to answer', () => {
  const text = runDetailText({ run: RUN, failure: [], steps: null, approval: { what: 'version 4' } });
  expect(text).toContain('waits for a person: version 4 (citibike approve nightly)');
});
