/** Reduces a history to steps and their causes. It reads page by page and keeps only the steps, not the events. */
import type { FailureBody, StepBody } from '../schemas/runs.ts';
import { chainOf, isoOf, valueOf } from './payload.ts';
import type { RawDescription, RawEvent } from './temporal.ts';

/** With more steps than this, the answer leaves inputs and outputs out. */
export const MOST_STEPS_WITH_PAYLOADS = 150;
const MOST_EDGES = 3_000;
/** Holds Temporal's numbers for started and for cancel requested (PendingActivityState). */
const UNDER_WAY = [2, 3];

export interface HistorySummary {
  readonly steps: StepBody[];
  readonly edges: [string, string][];
  readonly input: unknown;
  readonly result: unknown;
  readonly failure: FailureBody[];
  readonly events: number;
}

export class HistoryReader {
  readonly #steps = new Map<string, StepBody>();
  /** Maps the event id of the scheduling to the id of the step. */
  readonly #byEvent = new Map<string, string>();
  readonly #edges: [string, string][] = [];
  /** Steps that closed since the last decision of the workflow. */
  #closed: string[] = [];
  /** Closed steps that have not caused another step yet. */
  readonly #leaves = new Set<string>();
  readonly #causes = new Map<string, readonly string[]>();
  #input: unknown = null;
  #result: unknown = null;
  #failure: FailureBody[] = [];
  #events = 0;

  read(events: readonly RawEvent[]): void {
    for (const event of events) this.#readEvent(event);
  }

  /**
   * Returns the steps.
   * @param description description of a running workflow, because attempts, heartbeats and retries in progress are in no history.
   */
  summary(description?: RawDescription): HistorySummary {
    for (const pending of description?.pendingActivities ?? []) {
      const step = this.#steps.get(pending.activityId ?? '');
      if (!step) continue;
      step.attempt = Math.max(1, pending.attempt ?? 1);
      const isRunning = UNDER_WAY.includes(Number(pending.state));
      step.state = isRunning ? 'running' : 'waiting';
      const startedAt = isoOf(pending.lastStartedTime);
      if (startedAt) step.startedAt = startedAt;
      const heartbeat = valueOf(pending.heartbeatDetails);
      if (heartbeat !== undefined && heartbeat !== null) step.heartbeat = heartbeat;
      if (pending.lastFailure) step.failure = chainOf(pending.lastFailure);
      const retryAt = isoOf(pending.scheduledTime);
      if (!isRunning && step.attempt > 1 && retryAt) step.nextRetryAt = retryAt;
      if (pending.lastWorkerIdentity) step.worker = pending.lastWorkerIdentity;
    }
    return {
      steps: [...this.#steps.values()],
      edges: this.#edges,
      input: this.#input,
      result: this.#result,
      failure: this.#failure,
      events: this.#events,
    };
  }

  #readEvent(event: RawEvent): void {
    this.#events += 1;
    const at = isoOf(event.eventTime) ?? new Date(0).toISOString();
    const id = String(event.eventId ?? '');
    const scheduled = event.activityTaskScheduledEventAttributes;
    const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
    const timer = event.timerStartedEventAttributes;
    if (event.workflowExecutionStartedEventAttributes) {
      this.#input = valueOf(event.workflowExecutionStartedEventAttributes.input) ?? null;
    } else if (event.workflowTaskCompletedEventAttributes) {
      // Steps that close from here on cause the next decision.
      this.#causes.set(id, this.#closed);
      this.#closed = [];
    } else if (scheduled) {
      this.#begin(id, scheduled.workflowTaskCompletedEventId, {
        id: scheduled.activityId ?? id,
        name: scheduled.activityType?.name ?? '',
        kind: 'activity',
        state: 'waiting',
        attempt: 1,
        scheduledAt: at,
        cached: false,
        input: valueOf(scheduled.input) ?? null,
      });
    } else if (child) {
      this.#begin(id, child.workflowTaskCompletedEventId, {
        id: `child:${id}`,
        name: child.workflowType?.name ?? '',
        kind: 'child',
        state: 'waiting',
        attempt: 1,
        scheduledAt: at,
        cached: false,
        input: valueOf(child.input) ?? null,
        childWorkflowId: child.workflowId ?? '',
      });
    } else if (timer) {
      this.#begin(id, timer.workflowTaskCompletedEventId, {
        id: `timer:${timer.timerId ?? id}`,
        name: 'timer',
        kind: 'timer',
        state: 'running',
        attempt: 1,
        scheduledAt: at,
        startedAt: at,
        cached: false,
      });
    } else this.#readProgress(event, at);
  }

  #readProgress(event: RawEvent, at: string): void {
    const started = event.activityTaskStartedEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const cancelled = event.activityTaskCanceledEventAttributes;
    if (started) {
      const step = this.#at(started.scheduledEventId);
      if (!step) return;
      step.state = 'running';
      step.startedAt = at;
      step.attempt = Math.max(1, started.attempt ?? 1);
      if (started.identity) step.worker = started.identity;
      if (started.lastFailure) step.failure = chainOf(started.lastFailure);
    } else if (completed) {
      this.#close(completed.scheduledEventId, at, 'completed', valueOf(completed.result));
    } else if (failed) this.#close(failed.scheduledEventId, at, 'failed', undefined, chainOf(failed.failure));
    else if (timedOut)
      this.#close(timedOut.scheduledEventId, at, 'timed-out', undefined, chainOf(timedOut.failure));
    else if (cancelled) this.#close(cancelled.scheduledEventId, at, 'cancelled');
    else this.#readChild(event, at);
  }

  #readChild(event: RawEvent, at: string): void {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    const completed = event.childWorkflowExecutionCompletedEventAttributes;
    const failed = event.childWorkflowExecutionFailedEventAttributes;
    const cancelled = event.childWorkflowExecutionCanceledEventAttributes;
    const timedOut = event.childWorkflowExecutionTimedOutEventAttributes;
    const terminated = event.childWorkflowExecutionTerminatedEventAttributes;
    const refused = event.startChildWorkflowExecutionFailedEventAttributes;
    if (started) {
      const step = this.#at(started.initiatedEventId);
      if (!step) return;
      step.state = 'running';
      step.startedAt = at;
      if (started.workflowExecution?.runId) step.childRunId = started.workflowExecution.runId;
    } else if (completed) this.#close(completed.initiatedEventId, at, 'completed', valueOf(completed.result));
    else if (failed) this.#close(failed.initiatedEventId, at, 'failed', undefined, chainOf(failed.failure));
    else if (cancelled) this.#close(cancelled.initiatedEventId, at, 'cancelled');
    else if (timedOut) this.#close(timedOut.initiatedEventId, at, 'timed-out');
    else if (terminated)
      this.#close(terminated.initiatedEventId, at, 'failed', undefined, [
        { message: 'terminated', type: 'TerminatedFailure' },
      ]);
    else if (refused)
      this.#close(refused.initiatedEventId, at, 'failed', undefined, [
        {
          message: 'could not be started: a workflow of that id already runs',
          type: 'WorkflowExecutionAlreadyStarted',
        },
      ]);
    else this.#readEnd(event, at);
  }

  #readEnd(event: RawEvent, at: string): void {
    const fired = event.timerFiredEventAttributes;
    const unset = event.timerCanceledEventAttributes;
    if (fired) return this.#close(fired.startedEventId, at, 'completed');
    if (unset) return this.#close(unset.startedEventId, at, 'cancelled');
    const end = endOf(event);
    if (!end) return;
    this.#result = end.result ?? null;
    this.#failure = end.failure;
  }

  #at(eventId: unknown): StepBody | undefined {
    return this.#steps.get(this.#byEvent.get(String(eventId)) ?? '');
  }

  #begin(eventId: string, decidedBy: unknown, step: StepBody): void {
    this.#byEvent.set(eventId, step.id);
    this.#steps.set(step.id, step);
    for (const cause of this.#joined(this.#causes.get(String(decidedBy)) ?? [])) {
      if (this.#edges.length < MOST_EDGES) this.#edges.push([cause, step.id]);
      this.#leaves.delete(cause);
    }
  }

  /**
   * Returns the steps that a decision waited for. Of a fan-out, the workflow saw only the last step to close, but it waited for
   * all.
   */
  #joined(causes: readonly string[]): string[] {
    const names = new Set(causes.map((id) => this.#steps.get(id)?.name));
    const siblings = [...this.#leaves].filter((id) => names.has(this.#steps.get(id)?.name));
    const stillOpen = [...this.#steps.values()].some(({ name, closedAt }) => !closedAt && names.has(name));
    return stillOpen ? [...causes] : [...new Set([...causes, ...siblings])];
  }

  #close(
    eventId: unknown,
    at: string,
    state: StepBody['state'],
    output?: unknown,
    failure?: FailureBody[],
  ): void {
    const step = this.#at(eventId);
    if (!step) return;
    step.state = state;
    step.closedAt = at;
    step.durationMs = Date.parse(at) - Date.parse(step.startedAt ?? step.scheduledAt);
    if (output !== undefined) step.output = output;
    step.cached = (output as { cached?: unknown } | null | undefined)?.cached === true;
    if (failure) step.failure = failure;
    this.#closed.push(step.id);
    this.#leaves.add(step.id);
  }
}

/** Returns the result or the failure in the event that closed a run. */
export function endOf(event: RawEvent | undefined): { result?: unknown; failure: FailureBody[] } | undefined {
  if (!event) return undefined;
  const completed = event.workflowExecutionCompletedEventAttributes;
  const failed = event.workflowExecutionFailedEventAttributes;
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (completed) return { result: valueOf(completed.result) ?? null, failure: [] };
  if (failed) return { failure: chainOf(failed.failure) };
  if (terminated)
    return { failure: [{ message: terminated.reason || 'terminated', type: 'TerminatedFailure' }] };
  if (event.workflowExecutionTimedOutEventAttributes)
    return { failure: [{ message: 'the run exceeded its timeout', type: 'TimeoutFailure' }] };
  if (event.workflowExecutionCanceledEventAttributes)
    return { failure: [{ message: 'cancelled', type: 'CancelledFailure' }] };
  return undefined;
}
