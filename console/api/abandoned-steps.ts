/** Marks the steps of an ended run that will never finish. */
import type { RunBody, StepBody } from './schemas/runs.ts';

/**
 * Returns the steps of a run. A step that was open when the run ended is abandoned, and closed with the run. A child run may continue
 * without its parent, so its step has the state of the child.
 */
export function withAbandoned(
  run: RunBody,
  steps: readonly StepBody[],
  children: readonly RunBody[],
): StepBody[] {
  if (run.state === 'running') return [...steps];
  return steps.map((step) => {
    if (step.state !== 'running' && step.state !== 'waiting') return step;
    const child = children.find(({ runId }) => runId === step.childRunId);
    return child ? endedChild(step, child) : abandoned(step, run.closedAt);
  });
}

function abandoned({ nextRetryAt: _retry, ...step }: StepBody, closedAt: string | undefined): StepBody {
  if (closedAt === undefined) return { ...step, state: 'abandoned' };
  const from = step.startedAt ?? step.scheduledAt;
  return { ...step, state: 'abandoned', closedAt, durationMs: Date.parse(closedAt) - Date.parse(from) };
}

function endedChild(step: StepBody, { state, closedAt, durationMs }: RunBody): StepBody {
  if (state === 'running') return step;
  const known = state === 'terminated' || state === 'continued' ? 'abandoned' : state;
  return { ...step, state: known, durationMs, ...(closedAt ? { closedAt } : {}) };
}
