/** Defines the contract of a workflow: its name, its input and its texts for people. */
import type { TSchema } from 'typebox';
import type { Outcome } from './outcome.ts';

/**
 * Describes one workflow. In the schema of the input, the `title` of a field says what it is for, and its
 * `description` completes "expected ..." in error messages.
 */
export interface WorkflowContract {
  /** Type of the workflow, and name of the function in `workflows/`. */
  readonly name: string;
  readonly title: string;
  /** One sentence in the imperative. */
  readonly description: string;
  readonly input: TSchema;
  /**
   * Says where runs end when workers are versioned. `pinned`: they end on the build that started them, within 72 hours. `upgrades-if-it-waits`:
   * runs that may wait for days call `upgradeIf` and move to newer builds.
   */
  readonly versioning: 'pinned' | 'upgrades-if-it-waits';
  /**
   * Says what a result means. The console shows it first on the page of a run; without it, only the state and the artifacts. It must
   * accept results of earlier versions of the code.
   */
  outcome?(this: void, result: object, input: object): Outcome;
  /** Present if people start the workflow. */
  readonly start?: {
    /** Position in lists: low numbers come first. */
    readonly order: number;
    readonly example: Readonly<Record<string, unknown>>;
    /** More examples for the help. */
    readonly further?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** Represents a workflow that people start. */
export type StartableContract = WorkflowContract & Required<Pick<WorkflowContract, 'start'>>;
