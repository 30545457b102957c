/** Finds the steps of a run that a person names: by id, by activity, or by the short name that progress shows. */

export interface NamedStep {
  readonly id: string;
  /** Name of the activity or of the child workflow. */
  readonly name: string;
  readonly childWorkflowId?: string;
  /** Absent if the child did not start, as when another run has its workflow id. */
  readonly childRunId?: string;
}

/**
 * Returns the steps with this id or activity. If there are none, returns those whose activity contains the name, so that `train`
 * finds `trainModel`.
 */
export function findSteps<T extends NamedStep>(steps: readonly T[], wanted: string): T[] {
  const exact = steps.filter(({ id, name }) => id === wanted || name === wanted);
  if (exact.length > 0) return exact;
  const lower = wanted.toLowerCase();
  return steps.filter(({ name }) => name.toLowerCase().includes(lower));
}
