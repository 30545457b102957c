/** Builds the stages of the pipeline: the last success of each, and a newer attempt that failed. */
import { isRejection } from './failed-runs.ts';
import { headlineOf } from './headline.ts';
import type { RunEnds } from './run-ends.ts';
import type { StageBody } from './schemas/overview.ts';
import type { RunBody } from './schemas/runs.ts';

type Stage = StageBody['stage'];

interface StagePlace {
  readonly stage: Stage;
  readonly types: readonly string[];
  /** Steps during which the stage has not begun. */
  readonly before?: readonly string[];
  /** Steps during which the stage has finished. */
  readonly after?: readonly string[];
}

/** Maps each stage to its workflow, and to the steps of that workflow before and after the stage. */
const STAGES: readonly StagePlace[] = [
  { stage: 'fetch', types: ['ingest'], after: ['months', 'compose'] },
  { stage: 'preprocess', types: ['ingest'], before: ['list', 'weather'] },
  { stage: 'train', types: ['training'], after: ['register', 'approval', 'promotion'] },
  { stage: 'register', types: ['training'], before: ['frame', 'search', 'train', 'evaluate'] },
  { stage: 'deploy', types: ['deployment', 'promotion', 'rollback'] },
  { stage: 'drift', types: ['monitoring'] },
];

/** Newer attempts than the last success whose reason is read, to find one that did not reject its input. */
const MOST_ATTEMPTS = 5;
const LONGEST_REASON = 2_000;

/** @param runs newest first. */
export function pipelineOf(runs: readonly RunBody[], ends: RunEnds): Promise<StageBody[]> {
  return Promise.all(STAGES.map((place) => stageOf(place, runs, ends)));
}

async function stageOf(place: StagePlace, runs: readonly RunBody[], ends: RunEnds): Promise<StageBody> {
  const { stage, types, before = [], after = [] } = place;
  const isPast = (run: RunBody) =>
    run.state === 'completed' || (run.stage !== undefined && after.includes(run.stage));
  // A run that has not reached this stage says nothing about it.
  const reached = runs.filter(
    (run) => types.includes(run.type) && (isPast(run) || !run.stage || !before.includes(run.stage)),
  );
  const success = reached.findIndex(isPast);
  const newer = success === -1 ? reached : reached.slice(0, success);
  const attempt = await newestAttempt(newer, ends);
  const last = reached[success];
  if (!last)
    return {
      stage,
      state: attempt?.state ?? 'never',
      lastRun: null,
      ageSeconds: null,
      headline: attempt ? 'no success yet' : 'never run',
      attempt,
    };
  const at = last.closedAt ?? last.startedAt;
  return {
    stage,
    state: attempt?.state ?? 'completed',
    lastRun: {
      workflowId: last.workflowId,
      runId: last.runId,
      type: last.type,
      at,
      durationMs: last.durationMs,
    },
    ageSeconds: Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000)),
    headline: await headline(stage, last, ends),
    attempt,
  };
}

/** Returns the newest attempt that runs or failed. Rejected inputs and cancellations say nothing about a stage. */
async function newestAttempt(newer: readonly RunBody[], ends: RunEnds): Promise<StageBody['attempt']> {
  const telling = newer.filter(({ state, rejected }) => TELLING.includes(state) && rejected !== true);
  for (const run of telling.slice(0, MOST_ATTEMPTS)) {
    const { workflowId, runId, type, state, stage } = run;
    const at = run.closedAt ?? run.startedAt;
    if (state === 'running')
      return { workflowId, runId, type, state, at, reason: stage ? `at ${stage}` : '' };
    const end = await ends.get(run);
    if (isRejection(run, end)) continue;
    return { workflowId, runId, type, state, at, reason: (end?.message ?? '').slice(0, LONGEST_REASON) };
  }
  return null;
}

const TELLING: readonly string[] = ['running', 'failed', 'timed-out'];

async function headline(stage: Stage, run: RunBody, ends: RunEnds): Promise<string> {
  if (run.state !== 'completed') return 'finished, but its run continues or failed later';
  const end = await ends.get(run);
  return end ? headlineOf(stage, end.result) : 'completed';
}
