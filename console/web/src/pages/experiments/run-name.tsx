import { Link } from 'wouter';
import type { ExperimentRun } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { alignedNumber } from '../../format/numbers.ts';

interface RunNameProps {
  readonly run: ExperimentRun;
  /** True in the results of a name filter, which lists trials without their search. */
  readonly isFound: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** Names a run. A search opens its trials below it, and a trial shows its error. */
export function RunName({ run, isFound, isOpen, onToggle }: RunNameProps) {
  const { runId, name, parentRunId, kind, params, metrics } = run;
  return (
    <div className="run-name row">
      <Link href={address.experiment(runId)}>{name || runId}</Link>
      {kind === 'trial' && metrics['rmse'] !== undefined && (
        <span className="muted small">RMSE {alignedNumber(metrics['rmse'])} on hidden weeks</span>
      )}
      {parentRunId && isFound && (
        <Link href={address.experiment(parentRunId)} className="tag">
          trial
        </Link>
      )}
      {kind === 'search' && (
        <button type="button" className="button button-small" aria-expanded={isOpen} onClick={onToggle}>
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {params['trials'] ?? ''} trials
          <span className="hidden"> of {name || runId}</span>
        </button>
      )}
    </div>
  );
}
