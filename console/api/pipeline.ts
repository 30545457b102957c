/** Builds the stages of the pipeline: the last success of each, and a newer attempt that failed. */
import { isRejection, RECENT_MS } from './failed-runs.ts';
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

/** Limits the attempts newer than the last success whose reason is read, to find one that did not reject its input. */
const MOST_ATTEMPTS = 5;
const LONGEST_REASON = 2_000;
/** Systems of a stage that are looked at, the one of the newest run first. */
const MOST_SYSTEMS = 20;

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
  const last = reached.find(isPast);
  const systems = [...new Set(reached.map(systemOf))].slice(0, MOST_SYSTEMS);
  const attempts = await Promise.all(
    systems.map((system) => {
      // A run that failed before it knew its system is repaired by a success of any system.
      const repair = system === '' ? last : reached.find((run) => isPast(run) && systemOf(run) === system);
      const newer = repair ? reached.slice(0, reached.indexOf(repair)) : reached;
      return newestAttempt(
        newer.filter((run) => systemOf(run) === system),
        ends,
      );
    }),
  );
  const isAnyWell = last !== undefined && attempts.some((one) => one === null);
  const telling = attempts.filter(
    (one) => one !== null && (one.state === 'running' || !isAnyWell || isRecent(one.at)),
  );
  const attempt = telling.toSorted((a, b) => Date.parse(b!.at) - Date.parse(a!.at))[0] ?? null;
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
    // The failure of one system does not say that the stage fails for the others.
    state:
      attempt && attempt.state !== 'running' && isAnyWell ? 'partly-failed' : (attempt?.state ?? 'completed'),
    lastRun: {
      workflowId: last.workflowId,
      runId: last.runId,
      type: last.type,
      system: last.system ?? null,
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
    const { workflowId, runId, type, state, stage, system = null } = run;
    const facts = { workflowId, runId, type, state, system, at: run.closedAt ?? run.startedAt };
    if (state === 'running') return { ...facts, reason: stage ? `at ${stage}` : '' };
    const end = await ends.get(run);
    if (isRejection(run, end)) continue;
    return { ...facts, reason: (end?.message ?? '').slice(0, LONGEST_REASON) };
  }
  return null;
}

function systemOf({ system = '' }: RunBody): string {
  return system;
}

function isRecent(at: string): boolean {
  return Date.now() - Date.parse(at) < RECENT_MS;
}

const TELLING: readonly string[] = ['running', 'failed', 'timed-out'];

async function headline(stage: Stage, run: RunBody, ends: RunEnds): Promise<string> {
  if (run.state !== 'completed') return 'finished, but its run continues or failed later';
  const end = await ends.get(run);
  return end ? headlineOf(stage, end.result) : 'completed';
}
