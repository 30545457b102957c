import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { experimentQuery } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { duration } from '../../format/time.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { tagFacts } from '../../ui/tag-facts.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { usePathParts } from '../../ui/use-address.ts';
import { ArtifactList } from '../../panels/artifact-list.tsx';
import { Curves } from '../../panels/curves.tsx';
import { ExperimentState } from '../../panels/experiment-state.tsx';
import { NumberTable } from '../../panels/number-table.tsx';
import { isTrainable } from './is-trainable.ts';
import { Trials } from './trials.tsx';

/** Shows one MLflow run: parameters, metrics, curves and the trials of a search. */
export function Experiment() {
  const runId = usePathParts()[1] ?? '';
  const query = useQuery(experimentQuery(runId));
  return (
    <>
      <PageHead
        title={query.data?.data?.run.name || runId}
        crumbs={[{ href: '/experiments', label: 'Experiments' }]}
        actions={
          query.data?.data &&
          isTrainable(query.data.data.run) && (
            <Link className="button button-primary" href={address.trainingFromSearch(runId)}>
              Train with these
            </Link>
          )
        }
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
                {data.children.length > 0 && <Trials search={data.run} trials={data.children} />}
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
