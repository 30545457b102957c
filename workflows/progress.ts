/** Tracks the progress of a workflow, answers the query `progress` and signals the parent. */
import {
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Progress, StepProgress, StepState } from '../contracts/progress.ts';

export const progressQuery = defineQuery<Progress>('progress');

/**
 * Signals the parent when a long step of a child begins and ends, so that the parent's progress shows `training.train`. Short
 * steps send no signal, because a signal costs two workflow tasks, as much as a step.
 */
const childStageSignal = defineSignal<[ChildStage]>('childStage');

interface ChildStage {
  readonly workflowId: string;
  readonly stage: string | null;
  readonly percent: number;
}

export const SEARCH_ATTRIBUTES = {
  system: defineSearchAttributeKey('CitibikeSystem', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('CitibikeStage', SearchAttributeType.KEYWORD),
  modelVersion: defineSearchAttributeKey('CitibikeModelVersion', SearchAttributeType.KEYWORD),
  month: defineSearchAttributeKey('CitibikeMonth', SearchAttributeType.KEYWORD),
} as const;

export function setSearchAttribute(name: keyof typeof SEARCH_ATTRIBUTES, value: string): void {
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES[name], value }]);
}

/** Limits the characters of a stage name. */
const LONGEST_STAGE = 80;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reports details from the body of a step. */
export interface StepHandle {
  /** Sets the number of items of a fan-out. */
  expect(total: number): void;
  /** Counts one finished item of the fan-out. */
  itemDone(): void;
  detail(text: string): void;
  /** Ends the step as skipped when its body returns, because the run does without its result. */
  skip(why: string): void;
  /**
   * Sets the number of finished items. A long step signals the parent too.
   * @param share of the work, if items differ much; 0..1.
   */
  reached(done: number, total: number, share?: number): void;
}

/** Tracks the steps of one workflow, in their order. */
export class ProgressTracker {
  readonly #steps: Mutable<StepProgress>[];
  readonly #long: ReadonlySet<string>;
  readonly #weights: Readonly<Record<string, number>>;
  readonly #childStages = new Map<string, ChildStage>();
  /** Shares of running steps whose items differ in their work. */
  readonly #shares = new Map<string, number>();

  /**
   * @param long steps that signal the parent at their beginning and end.
   * @param weights of steps in the percent of the whole; 1 by default.
   */
  constructor(
    names: readonly string[],
    long: readonly string[] = [],
    weights: Readonly<Record<string, number>> = {},
  ) {
    this.#weights = weights;
    this.#long = new Set(long);
    this.#steps = names.map((name) => ({ name, state: 'pending' }));
    setHandler(progressQuery, () => this.progress());
    // Any client may send this signal, and an error here would fail the workflow task forever.
    setHandler(childStageSignal, (child: unknown) => {
      if (isChildStage(child)) this.#childStages.set(child.workflowId, child);
    });
  }

  progress(): Progress {
    const running = this.#steps.find((step) => step.state === 'running');
    const child = running?.workflowId ? this.#childStages.get(running.workflowId) : undefined;
    const weightOf = ({ name }: StepProgress) => this.#weights[name] ?? 1;
    const whole = this.#steps.reduce((sum, step) => sum + weightOf(step), 0);
    const share = this.#steps.reduce((sum, step) => sum + weightOf(step) * this.#shareOf(step), 0) / whole;
    return {
      stage: this.#stageOf(running, child),
      percent: Math.round(share * 100),
      steps: this.#steps,
    };
  }

  #stageOf(running: StepProgress | undefined, child: { stage: string | null } | undefined): string {
    if (running) return child?.stage ? `${running.name}.${child.stage}` : running.name;
    if (this.#steps.some((step) => step.state === 'failed')) return 'failed';
    return this.#steps.some((step) => step.state === 'pending') ? 'starting' : 'done';
  }

  #shareOf(step: StepProgress): number {
    if (step.state === 'pending') return 0;
    if (step.state !== 'running') return 1;
    const share = this.#shares.get(step.name);
    if (share !== undefined) return share;
    if (step.total) return (step.done ?? 0) / step.total;
    return (step.workflowId ? (this.#childStages.get(step.workflowId)?.percent ?? 0) : 0) / 100;
  }

  /**
   * Runs one step. Its state becomes 'skipped' if the body says so, 'cached' if the answer has `cached: true`, and 'failed' if it throws.
   * @param childWorkflowId id of the child workflow that runs the step, if any.
   */
  async run<T>(name: string, body: (step: StepHandle) => Promise<T>, childWorkflowId?: string): Promise<T> {
    const step = this.#step(name);
    step.state = 'running';
    step.startedAt = Date.now();
    if (childWorkflowId) step.workflowId = childWorkflowId;
    setSearchAttribute('stage', name);
    if (this.#long.has(name)) this.#tellParent(name);
    let isSkipped = false;
    try {
      const answer = await body({
        expect: (total) => {
          step.total = total;
          step.done = 0;
        },
        itemDone: () => {
          step.done = (step.done ?? 0) + 1;
        },
        detail: (text) => {
          step.detail = text;
        },
        skip: (why) => {
          step.detail = why;
          isSkipped = true;
        },
        reached: (done, total, share) => {
          Object.assign(step, { done, total });
          if (share !== undefined) this.#shares.set(step.name, share);
          if (this.#long.has(name)) this.#tellParent(name);
        },
      });
      const done = isCached(answer) ? 'cached' : 'done';
      this.#finish(step, isSkipped ? 'skipped' : done);
      return answer;
    } catch (error) {
      this.#finish(step, 'failed');
      throw error;
    }
  }

  skip(name: string, why: string): void {
    const step = this.#step(name);
    step.state = 'skipped';
    step.detail = why;
  }

  #step(name: string): Mutable<StepProgress> {
    const step = this.#steps.find((candidate) => candidate.name === name);
    if (!step) throw new Error(`no step ${name} in ${this.#steps.map((known) => known.name).join(', ')}`);
    return step;
  }

  #finish(step: Mutable<StepProgress>, state: StepState): void {
    step.state = state;
    step.finishedAt = Date.now();
    if (this.#long.has(step.name)) this.#tellParent(null);
  }

  #tellParent(stage: string | null): void {
    const { parent, workflowId } = workflowInfo();
    if (!parent) return;
    const { percent } = this.progress();
    // A closed parent, or a cancellation meanwhile, must not fail the child.
    getExternalWorkflowHandle(parent.workflowId, parent.runId)
      .signal(childStageSignal, { workflowId, stage, percent })
      .catch(() => undefined);
  }
}

function isChildStage(value: unknown): value is ChildStage {
  if (typeof value !== 'object' || value === null) return false;
  const { workflowId, stage, percent } = value as Partial<Record<keyof ChildStage, unknown>>;
  const isStage = stage === null || (typeof stage === 'string' && stage.length <= LONGEST_STAGE);
  return typeof workflowId === 'string' && isStage && Number.isFinite(percent);
}

function isCached(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && (answer as { cached?: unknown }).cached === true;
}
