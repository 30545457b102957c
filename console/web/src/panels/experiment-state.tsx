import { StateBadge } from '../ui/state-badge.tsx';

const STATES: Readonly<Record<string, string>> = {
  FINISHED: 'completed',
  RUNNING: 'running',
  FAILED: 'failed',
  KILLED: 'terminated',
  SCHEDULED: 'scheduled',
};

interface ExperimentStateProps {
  readonly status: string;
  /** How a trial ended, such as `pruned at rung 1`. */
  readonly trialState?: string | null;
}

/** Shows a state of MLflow in the console's words. */
export function ExperimentState({ status, trialState }: ExperimentStateProps) {
  // MLflow knows no state for a trial that a search stopped early.
  if (trialState?.startsWith('pruned')) return <StateBadge state="skipped">{trialState}</StateBadge>;
  return <StateBadge state={STATES[status.toUpperCase()] ?? status} />;
}
