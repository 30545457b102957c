/** Renders the console's facts about runs as lines for a terminal. */
import { table } from './table-text.ts';

export interface RunFacts {
  readonly workflowId: string;
  readonly type: string;
  readonly state: string;
  readonly system?: string;
  readonly month?: string;
  readonly model?: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly stage?: string;
  readonly percent?: number;
}

interface StepFacts {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly attempt: number;
  readonly durationMs?: number;
  readonly cached: boolean;
  readonly failure?: readonly FailureFacts[];
  readonly nextRetryAt?: string;
  readonly childWorkflowId?: string;
}

interface FailureFacts {
  readonly type: string;
  readonly message: string;
}

export interface RunDetailFacts {
  readonly run: RunFacts;
  readonly failure: readonly FailureFacts[];
  readonly steps: readonly StepFacts[] | null;
  readonly approval: { readonly what: string } | null;
}

export function runTable(runs: readonly RunFacts[]): string {
  return table(
    ['state', 'run', 'type', 'of', 'stage', 'started', 'took'],
    runs.map((run) => [
      run.state,
      run.workflowId,
      run.type,
      [run.system, run.month, run.model && `v${run.model}`].filter(Boolean).join(' '),
      run.state === 'running' ? `${run.stage ?? ''} ${run.percent ?? 0} %`.trim() : '',
      run.startedAt.slice(0, 16).replace('T', ' '),
      duration(run.durationMs),
    ]),
  );
}

/** Renders the steps with what failed below each, and the run's own failure last. */
export function runDetailText({ run, steps, failure, approval }: RunDetailFacts): string {
  const lines = [`${run.workflowId}  ${run.type}  ${run.state}  ${duration(run.durationMs)}`, ''];
  if (approval) lines.push(`waits for a person: ${approval.what} (citibike approve ${run.workflowId})`, '');
  if (steps === null) lines.push('the steps are unknown: Temporal has deleted them or does not answer');
  else lines.push(stepTable(steps).trimEnd());
  for (const step of steps ?? []) {
    if (step.failure?.length) lines.push('', `${step.name} (${step.id})`, ...causeLines(step.failure));
    if (step.nextRetryAt) lines.push(`  next attempt at ${step.nextRetryAt}`);
  }
  if (failure.length > 0) lines.push('', 'failed:', ...causeLines(failure));
  return `${lines.join('\n')}\n`;
}

function stepTable(steps: readonly StepFacts[]): string {
  return table(
    ['step', 'id', 'state', 'attempt', 'took', 'child'],
    steps.map((step) => [
      step.name,
      step.id,
      step.cached ? 'cached' : step.state,
      String(step.attempt),
      step.durationMs === undefined ? '' : duration(step.durationMs),
      step.childWorkflowId ?? '',
    ]),
  );
}

/** Indents each cause below the failure that it caused, the outermost first. */
function causeLines(failure: readonly FailureFacts[]): string[] {
  return failure.map(({ type, message }, depth) => `${'  '.repeat(depth + 1)}${type}: ${message}`);
}

function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
