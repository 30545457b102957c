import { useId } from 'react';
import { Link, useLocation } from 'wouter';
import type { ExperimentRun } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { shownMetrics } from '../../format/shown-metrics.ts';
import { alignedNumber } from '../../format/numbers.ts';
import { duration } from '../../format/time.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { CompareBox, CompareButton, useCompareChoice } from '../../panels/compare-choice.tsx';
import { ExperimentState } from '../../panels/experiment-state.tsx';
import { useExperiments } from './queries.ts';
import { RunName } from './run-name.tsx';
import { useNestedRuns } from './use-nested-runs.ts';

/** Lists MLflow's runs, sortable by each column. */
export function Experiments() {
  const [fields, change] = useSearchFields();
  const by = fields.get('sort') ?? 'startedAt';
  const order = fields.get('order') === 'asc' ? 'asc' : 'desc';
  const q = fields.get('q') ?? '';
  const nested = useNestedRuns();
  const query = useExperiments({ by, order }, q);
  const choice = useCompareChoice();
  const [, navigate] = useLocation();
  const id = useId();
  const onSort = (next: string) =>
    change({ sort: next, order: next === by && order === 'desc' ? 'asc' : 'desc' });
  return (
    <>
      <PageHead title="Experiments" />
      <Panel
        title="Runs in MLflow"
        aside={
          <>
            <CompareButton
              choice={choice}
              noun="runs"
              onCompare={() => navigate(address.compareExperiments(choice.chosen))}
            />
            <span className="field">
              <label htmlFor={id} className="hidden">
                Name contains
              </label>
              <input
                id={id}
                placeholder="name contains"
                value={q}
                onChange={(event) => change({ q: event.target.value })}
              />
            </span>
          </>
        }
      >
        <Answered query={query} what="the experiments">
          {({ pages }) => {
            const { data, upstreams } = pages[0]!;
            const runs = pages.flatMap((page) => page.data.items ?? []);
            const metrics = shownMetrics(runs.map((run) => run.metrics));
            return (
              <>
                <Outages upstreams={upstreams} />
                {data.items === null && <Unavailable server="MLflow" />}
                {data.items?.length === 0 && (
                  <Empty>No run matches. Clear the name filter, or start a training.</Empty>
                )}
                {runs.length > 0 && (
                  <Table
                    caption="Runs of the experiment"
                    isPartial={query.hasNextPage}
                    rows={nested.withTrials(runs)}
                    rowKey={({ runId }) => runId}
                    sorted={{ by, order }}
                    onSort={onSort}
                    rowClass={({ runId, parentRunId }) =>
                      choice.chosen.includes(runId) ? 'row-selected' : parentRunId ? 'row-nested' : undefined
                    }
                    columns={[
                      {
                        head: 'Select',
                        cell: ({ runId, name }) => (
                          <CompareBox choice={choice} id={runId} name={name || runId} />
                        ),
                      },
                      {
                        head: 'State',
                        sort: 'status',
                        cell: ({ status, trialState }) => (
                          <ExperimentState status={status} trialState={trialState} />
                        ),
                      },
                      {
                        head: 'Run',
                        sort: 'name',
                        cell: (run) => (
                          <RunName
                            run={run}
                            isFound={q !== ''}
                            isOpen={nested.isOpen(run.runId)}
                            onToggle={() => nested.toggle(run.runId)}
                          />
                        ),
                      },
                      {
                        head: 'Workflow',
                        cell: ({ workflowId }) =>
                          workflowId ? (
                            <Link href={address.run(workflowId)} className="nowrap">
                              {workflowId}
                            </Link>
                          ) : (
                            '–'
                          ),
                      },
                      {
                        head: 'Started',
                        sort: 'startedAt',
                        cell: ({ startedAt }) => <TimeAgo at={startedAt} />,
                      },
                      ...metrics.map(({ key, label, valueOf }) => ({
                        head: label,
                        numeric: true,
                        sort: `metrics.${key}`,
                        value: (run: ExperimentRun) => valueOf(run.metrics),
                        cell: (run: ExperimentRun) => alignedNumber(valueOf(run.metrics)),
                      })),
                      {
                        head: 'Duration',
                        numeric: true,
                        sort: 'duration',
                        value: ({ durationMs }) => durationMs && durationMs / 1000,
                        cell: ({ durationMs }) => (durationMs === null ? '–' : duration(durationMs)),
                      },
                    ]}
                  />
                )}
                <LoadMore query={query} />
              </>
            );
          }}
        </Answered>
      </Panel>
    </>
  );
}
