import type { ExperimentRun } from '../../api/bodies.ts';

/** Checks whether a training can take its hyper-parameters from this run: from a finished search, or a trial that did not fail. */
export function isTrainable({ kind, status }: ExperimentRun): boolean {
  return (kind === 'search' || kind === 'trial') && status === 'FINISHED';
}
