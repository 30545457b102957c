import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ExperimentRun } from '../../api/bodies.ts';
import { experimentQuery } from '../../api/queries.ts';
import { ParallelCoordinates, type Trial } from '../../charts/parallel-coordinates.tsx';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { duration } from '../../format/time.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { tagFacts } from '../../ui/tag-facts.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { usePathParts } from '../../ui/use-address.ts';
import { ArtifactList } from '../../panels/artifact-list.tsx';
import { Curves } from '../../panels/curves.tsx';
import { ExperimentState } from '../../panels/experiment-state.tsx';
import { NumberTable } from '../../panels/number-table.tsx';

/** Shows one MLflow run: parameters, metrics, curves and the trials of a search. */
export function Experiment() {
  const runId = usePathParts()[1] ?? '';
  const query = useQuery(experimentQuery(runId));
  return (
    <>
      <PageHead
        title={query.data?.data?.run.name || runId}
        crumbs={[{ href: '/experiments', label: 'Experiments' }]}
      />
      <Answered query={query} what="the run">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {!data && <Unavailable server="MLflow" />}
            {data && (
              <>
                <div className="grid-2">
                  <Panel title="Run" aside={<ExperimentState status={data.run.status} />}>
                    <Facts
                      facts={[
                        ['run id', <code key="id">{data.run.runId}</code>],
                        ['started', <TimeAgo key="at" at={data.run.startedAt} />],
                        ['duration', data.run.durationMs !== null && duration(data.run.durationMs)],
                        [
                          'workflow',
                          data.run.workflowId && (
                            <Link href={address.run(data.run.workflowId)}>{data.run.workflowId}</Link>
                          ),
                        ],
                        [
                          'parent',
                          data.run.parentRunId && (
                            <Link href={address.experiment(data.run.parentRunId)}>
                              {data.run.parentRunId}
                            </Link>
                          ),
                        ],
                        ...tagFacts(
                          Object.fromEntries(
                            Object.entries(data.tags).filter(([tag]) => !tag.startsWith('mlflow.')),
                          ),
                        ),
                      ]}
                    />
                  </Panel>
                  <Panel title="Metrics">
                    <NumberTable name="Metrics of the run" values={data.run.metrics} />
                  </Panel>
                </div>
                {data.children.length > 0 && <Trials trials={data.children} />}
                <Panel title="Learning curves">
                  <Curves of={[{ name: data.run.name, curves: data.curves }]} />
                </Panel>
                <div className="grid-2">
                  <Panel title="Parameters">
                    <Facts facts={Object.entries(data.run.params).sort(([a], [b]) => a.localeCompare(b))} />
                  </Panel>
                  <ArtifactList artifacts={data.artifacts} />
                </div>
              </>
            )}
          </>
        )}
      </Answered>
    </>
  );
}

/** Metrics that a search minimises; the first that its trials have counts. */
const OBJECTIVES = ['rmse', 'val_rmse', 'test_rmse', 'score'];

function Trials({ trials }: { readonly trials: readonly ExperimentRun[] }) {
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
        ...(objective ? { [objective]: scoreOf(trial) } : {}),
      },
    }));
  return (
    <Panel title={`Trials (${number(trials.length)})`}>
      {objective && drawn.length > 1 && (
        <ParallelCoordinates
          title={`Trials by hyper-parameter; the heavy line has the lowest ${objective}`}
          axes={[...varied, objective]}
          trials={drawn}
        />
      )}
      <Table
        caption="Trials, best first"
        rows={[...trials].sort((a, b) => scoreOf(a) - scoreOf(b))}
        rowKey={({ runId }) => runId}
        columns={[
          { head: 'State', cell: ({ status }) => <ExperimentState status={status} /> },
          {
            head: 'Trial',
            cell: ({ runId, name }) => <Link href={address.experiment(runId)}>{name || runId}</Link>,
          },
          ...(objective
            ? [
                {
                  head: objective,
                  numeric: true,
                  cell: (trial: ExperimentRun) => number(trial.metrics[objective]),
                },
              ]
            : []),
          ...varied.map((name) => ({
            head: name,
            cell: (trial: ExperimentRun) => trial.params[name] ?? '–',
          })),
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
