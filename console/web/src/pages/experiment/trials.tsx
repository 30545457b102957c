import { Link } from 'wouter';
import { metricFacts, metricLabel } from '../../../../../contracts/metric-facts.ts';
import type { ExperimentRun } from '../../api/bodies.ts';
import { ParallelCoordinates, type Trial } from '../../charts/parallel-coordinates.tsx';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { trialCountsText } from '../../format/trial-counts.ts';
import { ExperimentState } from '../../panels/experiment-state.tsx';
import { isTrainable } from './is-trainable.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';

/** Metrics that a search minimises; the first that its trials have counts. */
const OBJECTIVES = ['rmse', 'val_rmse', 'test_rmse', 'score'];

interface TrialsProps {
  readonly search: ExperimentRun;
  readonly trials: readonly ExperimentRun[];
}

/** Shows the trials of a search, best first. Each row leads to a training with its hyper-parameters. */
export function Trials({ search, trials }: TrialsProps) {
  const metrics = new Set(trials.flatMap((trial) => Object.keys(trial.metrics)));
  const objective =
    OBJECTIVES.find((name) => metrics.has(name)) ?? [...metrics].find((name) => name.includes('rmse'));
  const scoreOf = (trial: ExperimentRun) => (objective ? trial.metrics[objective] : undefined) ?? Infinity;
  const best = trials.reduce((a, b) => (scoreOf(b) < scoreOf(a) ? b : a));
  const varied = variedParams(trials);
  const drawn: Trial[] = trials
    .filter((trial) => scoreOf(trial) < Infinity)
    .map((trial) => ({
      name: trial.name || trial.runId,
      best: trial === best,
      values: {
        ...Object.fromEntries(varied.map((name) => [name, asNumber(trial.params[name] ?? '')])),
        ...(objective ? { [metricLabel(objective)]: scoreOf(trial) } : {}),
      },
    }));
  return (
    <Panel
      title="Trials"
      aside={<span className="muted">{trialCountsText(search.params['trials'], trials)}</span>}
    >
      {objective && drawn.length > 1 && (
        <ParallelCoordinates
          title={`Trials by hyper-parameter; the heavy line has the lowest ${metricFacts(objective).name}`}
          axes={[...varied, metricLabel(objective)]}
          trials={drawn}
        />
      )}
      <Table
        caption="Trials, best first"
        rows={[...trials].sort((a, b) => scoreOf(a) - scoreOf(b))}
        rowKey={({ runId }) => runId}
        columns={[
          {
            head: 'State',
            cell: ({ status, trialState }) => <ExperimentState status={status} trialState={trialState} />,
          },
          {
            head: 'Trial',
            cell: ({ runId, name }) => <Link href={address.experiment(runId)}>{name || runId}</Link>,
          },
          ...(objective
            ? [
                {
                  head: metricLabel(objective),
                  numeric: true,
                  cell: (trial: ExperimentRun) => number(trial.metrics[objective]),
                },
              ]
            : []),
          ...varied.map((name) => ({
            head: name,
            cell: (trial: ExperimentRun) => trial.params[name] ?? '–',
          })),
          {
            head: 'Use',
            cell: (trial: ExperimentRun) =>
              isTrainable(trial) && (
                <Link href={address.trainingFromSearch(trial.runId)}>Train with these</Link>
              ),
          },
        ]}
      />
    </Panel>
  );
}

const MOST_AXES = 7;

/** Returns the parameters that differ between trials. */
function variedParams(trials: readonly ExperimentRun[]): string[] {
  const names = [...new Set(trials.flatMap(({ params }) => Object.keys(params)))].sort();
  return names
    .filter((name) => new Set(trials.map(({ params }) => params[name])).size > 1)
    .slice(0, MOST_AXES);
}

function asNumber(text: string): number | string {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : text;
}
