/** Runs workflows with fake activities on a real server. Each test replaces the activities that it is about. */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { createActivityInterceptors } from '../../../adapters/temporal/activity-interceptor.ts';
import { INTERCEPTOR_MODULES } from '../../../adapters/temporal/workflow-bundle.ts';
import type { Progress, StepState } from '../../../contracts/progress.ts';
import { TRAINING_TASK_QUEUE } from '../../../contracts/task-queues.ts';
import { installQuietRuntime } from '../../fixtures/quiet-runtime.ts';
import { fakeActivities, type Activities, type InputOf } from './fake-activities.ts';
export interface Call {
  readonly name: keyof Activities;
  readonly input: unknown;
}

export interface Failure {
  /** Code from the error catalogue, or `CANCELLED`. */
  readonly type: string;
  readonly message: string;
}

export class WorkflowLab {
  readonly environment: TestWorkflowEnvironment;
  readonly #taskQueue = `workflows-${randomUUID().slice(0, 8)}`;
  #activities = fakeActivities();
  #calls: Call[] = [];
  #workers: Worker[] = [];
  #running: Promise<unknown> = Promise.resolve();

  private constructor(environment: TestWorkflowEnvironment) {
    this.environment = environment;
  }

  static async open(): Promise<WorkflowLab> {
    installQuietRuntime();
    const environment = await TestWorkflowEnvironment.createFromExistingServer({
      address: inject('temporalAddress'),
    });
    const lab = new WorkflowLab(environment);
    const names = Object.keys(lab.#activities) as (keyof Activities)[];
    const activities = Object.fromEntries(
      names.map((name) => [name, (input: unknown) => lab.#call(name, input)]),
    );
    const recorder = { stepStarted: () => undefined, stepClosed: () => undefined };
    const common = {
      connection: environment.nativeConnection,
      interceptors: {
        activity: [createActivityInterceptors(recorder)],
        workflowModules: INTERCEPTOR_MODULES,
      },
      activities,
    };
    lab.#workers = await Promise.all([
      Worker.create({
        ...common,
        taskQueue: lab.#taskQueue,
        workflowBundle: { codePath: inject('workflowBundle') },
        sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
      }),
      Worker.create({ ...common, taskQueue: TRAINING_TASK_QUEUE }),
    ]);
    lab.#running = Promise.all(lab.#workers.map((worker) => worker.run()));
    return lab;
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.shutdown();
    await this.#running;
    await this.environment.teardown();
  }

  /** Forgets the calls and replacements of an earlier test. */
  reset(): void {
    this.#activities = fakeActivities();
    this.#calls = [];
  }

  replace(activities: Partial<Activities>): void {
    Object.assign(this.#activities, activities);
  }

  /** Returns the inputs of an activity's calls. */
  inputsOf<Name extends keyof Activities>(name: Name): InputOf<Name>[] {
    return this.#calls.filter((call) => call.name === name).map(({ input }) => input as InputOf<Name>);
  }

  /** Returns the given names of activities in the order in which they were called. */
  order(...names: (keyof Activities)[]): string[] {
    return this.#calls.map(({ name }) => name).filter((name) => names.includes(name));
  }

  async start<W extends Workflow>(
    workflow: W,
    input: object,
    options: { searchAttributes?: Record<string, Date[]>; memo?: Record<string, string> } = {},
  ): Promise<WorkflowHandle<W>> {
    const workflowId = `${workflow.name}-${randomUUID().slice(0, 8)}`;
    const started = { taskQueue: this.#taskQueue, workflowId, args: [input], ...options };
    return this.environment.client.workflow.start<W>(workflow, started as never);
  }

  async run<W extends Workflow>(workflow: W, input: object): Promise<WorkflowResultType<W>> {
    return (await this.start(workflow, input)).result();
  }

  /** Runs a workflow that fails. */
  async fails(workflow: Workflow, input: object): Promise<Failure> {
    return this.failureOf(await this.start(workflow, input));
  }

  async failureOf(handle: { result(): Promise<unknown> }): Promise<Failure> {
    const error = await handle.result().then(
      () => new Error('the workflow completed'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof WorkflowFailedError)) throw error;
    let cause: Error | undefined = error.cause;
    while (cause?.cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
    if (cause instanceof ApplicationFailure) return { type: cause.type ?? '', message: cause.message };
    return { type: cause instanceof CancelledFailure ? 'CANCELLED' : '', message: cause?.message ?? '' };
  }

  async states(handle: WorkflowHandle): Promise<Record<string, StepState>> {
    const { steps } = await handle.query<Progress>('progress');
    return Object.fromEntries(steps.map(({ name, state }) => [name, state]));
  }

  /** Returns the types of the child workflows that a run started. */
  async childrenOf(handle: WorkflowHandle): Promise<string[]> {
    const { events } = await handle.fetchHistory();
    return (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) =>
      child?.workflowType?.name ? [child.workflowType.name] : [],
    );
  }

  async #call(name: keyof Activities, input: unknown): Promise<unknown> {
    this.#calls.push({ name, input });
    const activity = this.#activities[name] as (this: void, input: unknown) => Promise<unknown>;
    return activity(input);
  }
}

/** Runs as an activity until it is cancelled. */
export const untilCancelled = (): Promise<never> => Context.current().cancelled;

/** Opens a lab for the tests of a file. */
export function useLab(): () => WorkflowLab {
  let lab: WorkflowLab;
  beforeAll(async () => {
    lab = await WorkflowLab.open();
  });
  beforeEach(() => lab.reset());
  afterAll(() => lab.close());
  return () => lab;
}

/** Returns a model name for one test, because promotions of one model run one after the other. */
export function newModel(): string {
  return `model-${randomUUID().slice(0, 8)}`;
}
