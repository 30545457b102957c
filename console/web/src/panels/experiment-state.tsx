import { StateBadge } from '../ui/state-badge.tsx';

const STATES: Readonly<Record<string, string>> = {
  FINISHED: 'completed',
  RUNNING: 'running',
  FAILED: 'failed',
  KILLED: 'terminated',
  SCHEDULED: 'scheduled',
};

/** Shows a state of MLflow in the console's words. */
export function ExperimentState({ status }: { readonly status: string }) {
  return <StateBadge state={STATES[status.toUpperCase()] ?? status} />;
}
