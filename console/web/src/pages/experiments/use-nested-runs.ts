import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExperimentRun } from '../../api/bodies.ts';
import { experimentQuery } from '../../api/queries.ts';

/** Lists the trials of a search below it while the search is open. */
export function useNestedRuns() {
  const [open, setOpen] = useState<readonly string[]>([]);
  const nested = useQueries({ queries: open.map(experimentQuery) });
  const trialsOf = (runId: string): readonly ExperimentRun[] =>
    nested[open.indexOf(runId)]?.data?.data?.children ?? [];
  return {
    isOpen: (runId: string) => open.includes(runId),
    toggle: (runId: string) =>
      setOpen(open.includes(runId) ? open.filter((each) => each !== runId) : [...open, runId]),
    withTrials: (runs: readonly ExperimentRun[]) => runs.flatMap((run) => [run, ...trialsOf(run.runId)]),
  };
}
