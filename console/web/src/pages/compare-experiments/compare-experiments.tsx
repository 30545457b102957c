import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import { experimentQuery } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { Chosen, ComparedAnswers } from '../../panels/compare-page.tsx';
import { MOST_COMPARED } from '../../panels/comparison.tsx';
import { Empty, PageHead } from '../../ui/panel.tsx';
import { useSearchFields } from '../../ui/use-address.ts';

const RUN_ID = /^[\w-]{1,100}$/;

/** Compares the metrics, parameters and curves of up to six runs of MLflow. */
export function CompareExperiments() {
  const [fields, change] = useSearchFields();
  const asked = fields.get('runs')?.split(',') ?? [];
  const ids = [...new Set(asked)].filter((id) => RUN_ID.test(id)).slice(0, MOST_COMPARED);
  const queries = useQueries({ queries: ids.map(experimentQuery) });
  const names = new Map(
    queries.flatMap(({ data }) => (data?.data ? [[data.data.run.runId, data.data.run.name]] : [])),
  );
  // Runs may share a name, which the table needs to be unique.
  const nameOf = (id: string) => {
    const name = names.get(id) || id.slice(0, 8);
    const isShared = ids.some((other) => other !== id && names.get(other) === name);
    return isShared ? `run ${id.slice(0, 6)}` : name;
  };
  return (
    <>
      <PageHead
        title="Compare experiments"
        crumbs={[{ href: '/experiments', label: 'Experiments' }]}
        actions={
          <Chosen
            ids={ids}
            nameOf={nameOf}
            others={[]}
            onChange={(next) => change({ runs: next.join(',') })}
          />
        }
      />
      <ComparedAnswers
        queries={queries}
        noun="experiments"
        empty={
          <Empty>
            Select runs in the list of <Link href="/experiments">experiments</Link> to compare them.
          </Empty>
        }
        toCompared={({ data }) =>
          data
            ? {
                name: nameOf(data.run.runId),
                href: address.experiment(data.run.runId),
                metrics: data.run.metrics,
                params: data.run.params,
                curves: data.curves,
                errorByHour: data.errorByHour,
              }
            : undefined
        }
      />
    </>
  );
}
