import { expect, it } from 'vitest';
import { outcomeOf } from '../../../console/api/outcome.ts';
import type { RunBody } from '../../../console/api/schemas/runs.ts';
import { STARTABLE_WORKFLOWS, WORKFLOWS } from '../../../contracts/workflows/index.ts';
import { runOf } from './a-run.ts';

const WAITING = {
  what: 'version 12 of citibike-trips waits for approval: its RMSE is 12 % lower',
  ...{ version: '12', model: 'citibike-trips', since: '2026-11-30T06:08:23.000Z' },
};

const ended = (fields: Partial<RunBody>, result: unknown = null, message = '', more: object = {}) =>
  outcomeOf({
    approval: null,
    children: [],
    run: runOf(fields),
    input: { system: 'nyc', model: 'citibike-trips' },
    result,
    failure: message
      ? [
          { message: 'Activity task failed', type: 'ActivityFailure' },
          { message, type: 'X' },
        ]
      : [],
    steps: null,
    ...more,
  });

it('says what every workflow that people start achieved, also for a result without any field', () => {
  for (const { name, outcome } of STARTABLE_WORKFLOWS.values()) {
    expect(outcome, name).toBeDefined();
    const { summary } = ended({ type: name }, {});
    expect(summary, name).toMatch(/\.$/);
    expect(summary, name).not.toMatch(/undefined|NaN|\.\./);
  }
  expect(WORKFLOWS.find(({ name }) => name === 'promotion')?.outcome).toBeDefined();
});

it('names version, errors and decision of a training', () => {
  const { summary, facts, links } = ended(
    { type: 'training' },
    {
      model: 'citibike-trips',
      version: '3',
      runId: 'abc',
      metrics: { rmse: 717.26, r2: 0.95, coverage: 0.8951 },
      naive: { rmse: 1250 },
      promotion: { promote: false, reason: 'RMSE is not 10 % better', champion: '2', championRmse: 720.5 },
    },
  );
  expect(summary).toBe('Trained version 3 of citibike-trips. It was not promoted. RMSE is not 10 % better.');
  expect(facts).toEqual(
    expect.arrayContaining([
      { name: 'test RMSE', value: '717.3 trips/h' },
      { name: 'coverage (90 %)', value: '89.5 %' },
      { name: 'champion before', value: 'v2' },
    ]),
  );
  expect(links).toEqual([
    { kind: 'version', model: 'citibike-trips', version: '3' },
    { kind: 'experiment', runId: 'abc' },
  ]);
});

it('says why a run did not complete', () => {
  expect(ended({ state: 'failed', stage: 'train' }, null, 'NaN loss').summary).toBe(
    'Failed at train: NaN loss.',
  );
  expect(ended({ state: 'failed', rejected: true }, null, 'train: got "x"').summary).toBe('train: got "x".');
  expect(ended({ state: 'terminated', stage: 'train' }, null, 'wrong data').summary).toBe(
    'Terminated at train: wrong data.',
  );
  expect(ended({ state: 'running', stage: 'months' }).summary).toBe('Running: months.');
});

it('says what a run waits for, and since when', () => {
  const running = { state: 'running', stage: 'approval' } as const;
  expect(ended(running, null, '', { approval: WAITING }).summary).toBe(
    'Version 12 of citibike-trips waits for approval: its RMSE is 12 % lower. It has waited since 2026-11-30 06:08 UTC.',
  );
  // A run that has not compared yet does not wait for a person.
  expect(ended(running).summary).toBe('Running: approval.');
});

it('leads from a lifecycle to its child run that waits', () => {
  const children = [runOf({ workflowId: 'a-training', state: 'running', stage: 'approval' })];
  const { summary, links } = ended({ state: 'running', stage: 'training' }, null, '', { children });
  expect(summary).toBe('Its child run a-training waits for approval.');
  expect(links).toEqual([{ kind: 'run', workflowId: 'a-training' }]);
});

it('shows the state of a workflow that says nothing, and of a result that it cannot read', () => {
  expect(ended({ type: 'notification' }, {}).summary).toBe('Completed.');
  expect(ended({ type: 'training' }, { promotion: { promote: true } }).summary).toMatch(
    /^(Completed|Trained)/,
  );
  expect(ended({ type: 'search' }, { best: 'x' }).summary).toMatch(/\.$/);
});
