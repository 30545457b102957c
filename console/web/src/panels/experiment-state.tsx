import { StateBadge } from '../ui/state-badge.tsx';

const STATES: Readonly<Record<string, string>> = {
  FINISHED: 'completed',
  RUNNING: 'running',
  FAILED: 'failed',
  KILLED: 'terminated',
  SCHEDULED: 'scheduled',
};

/** MLflow's word for a state, as the console's. */
export function ExperimentState({ status }: { readonly status: string }) {
  return <StateBadge state={STATES[status.toUpperCase()] ?? status} />;
}
