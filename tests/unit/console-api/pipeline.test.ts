import { expect, it } from 'vitest';
import { pipelineOf } from '../../../console/api/pipeline.ts';
import type { RunEnd, RunEnds } from '../../../console/api/run-ends.ts';
import type { RunBody } from '../../../console/api/schemas/runs.ts';
import { runOf } from './a-run.ts';

const SUCCESS = runOf({ workflowId: 'success', stage: 'scores' });

/** Builds the stages. @param codes code of the failure, by workflow id. */
async function stages(runs: readonly RunBody[], codes: Readonly<Record<string, string>> = {}) {
  const ends = {
    get: async ({ workflowId, state }: RunBody): Promise<RunEnd> =>
      state === 'completed'
        ? { result: { months: 15, trips: 1200, hours: 744 }, code: null, message: null }
        : { result: null, code: codes[workflowId] ?? 'BAD_ARCHIVE', message: `${workflowId} broke` },
  } as unknown as RunEnds;
  const found = await pipelineOf(runs, ends);
  return new Map(found.map((stage) => [stage.stage, stage]));
}

it('keeps the last success as the headline, and reports a newer attempt that failed', async () => {
  const failed = runOf({ workflowId: 'failed', state: 'failed', stage: 'months' });
  const found = await stages([failed, SUCCESS]);
  expect(found.get('preprocess')).toMatchObject({
    state: 'failed',
    headline: '1,200 trips in 744 hours',
    lastRun: { workflowId: 'success' },
    attempt: { workflowId: 'failed', reason: 'failed broke' },
  });
  // It failed after the stage `fetch` had finished.
  expect(found.get('fetch')).toMatchObject({ state: 'completed', attempt: null });
});

it('ignores rejected inputs and cancelled runs', async () => {
  const found = await stages(
    [
      runOf({ workflowId: 'rejected', state: 'failed', rejected: true }),
      runOf({ workflowId: 'cancelled', state: 'cancelled', stage: 'list' }),
      runOf({ workflowId: 'not-allowed', state: 'failed', stage: 'list' }),
      SUCCESS,
    ],
    { 'not-allowed': 'SOURCE_NOT_ALLOWED' },
  );
  expect(found.get('fetch')).toMatchObject({ state: 'completed', attempt: null, headline: '15 months' });
});

it('says that a stage never ran, also if every input was rejected', async () => {
  const found = await stages([runOf({ state: 'failed', rejected: true })]);
  expect(found.get('fetch')).toMatchObject({ state: 'never', headline: 'never run', lastRun: null });
});

it('is partly failed, not failed, if one system fails and another succeeds', async () => {
  const now = new Date().toISOString();
  const of = (system: string, fields: Partial<RunBody>) =>
    runOf({ workflowId: system, system, startedAt: now, closedAt: now, ...fields });
  const failed = of('nyc', { state: 'failed', stage: 'list' });
  const good = of('jc', {});
  expect((await stages([failed, good])).get('fetch')).toMatchObject({
    state: 'partly-failed',
    lastRun: { workflowId: 'jc', system: 'jc' },
    attempt: { workflowId: 'nyc', system: 'nyc' },
  });
  // A success of another system does not repair it.
  expect((await stages([good, failed])).get('fetch')).toMatchObject({ state: 'partly-failed' });
  // The only system fails.
  expect((await stages([failed, of('nyc', { workflowId: 'before' })])).get('fetch')).toMatchObject({
    state: 'failed',
  });
  expect((await stages([failed, of('nyc', { state: 'failed', stage: 'list' })])).get('fetch')).toMatchObject({
    state: 'failed',
    lastRun: null,
  });
  // A week later it colours nothing.
  const old = of('nyc', { state: 'failed', stage: 'list', closedAt: '2026-01-01T00:00:00Z' });
  expect((await stages([good, old])).get('fetch')).toMatchObject({ state: 'completed', attempt: null });
});
