import { Link, useLocation } from 'wouter';
import { metricLabel, metricTitle } from '../../../../../contracts/metric-facts.ts';
import type { ModelPage, Version } from '../../api/bodies.ts';
import { useModel } from '../../api/queries.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { address } from '../../format/addresses.ts';
import { alignedNumber, number } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { usePathParts } from '../../ui/use-address.ts';
import { shownMetrics } from '../../format/shown-metrics.ts';
import { CompareBox, CompareButton, useCompareChoice } from '../../panels/compare-choice.tsx';
import { ModelActions } from '../../panels/model-actions.tsx';

/** Shows a model's versions with their metrics and decisions, and what the service serves. */
export function Model() {
  const name = usePathParts()[1] ?? '';
  const query = useModel(name);
  const first = query.data?.pages[0]?.data;
  return (
    <>
      <PageHead
        title={name}
        crumbs={[{ href: '/models', label: 'Models' }]}
        actions={first && <ModelActions model={name} champion={first.aliases['champion']} />}
      />
      <Answered query={query} what="the model">
        {({ pages }) => {
          const { data, upstreams } = pages[0]!;
          const versions = pages.flatMap((page) => page.data.items ?? []);
          return (
            <>
              <Outages upstreams={upstreams} />
              <div className="grid-2">
                <Panel title="Serving">
                  <Serving page={data} />
                </Panel>
                <Panel title="Versions over time">
                  {data.items && <MetricOverVersions versions={versions} />}
                </Panel>
              </div>
              {data.items === null ? (
                <Unavailable server="MLflow" />
              ) : (
                <Versions name={name} versions={versions} total={data.total} isPartial={query.hasNextPage} />
              )}
              <LoadMore query={query} />
            </>
          );
        }}
      </Answered>
    </>
  );
}

function Serving({ page: { name, aliases, serving } }: { readonly page: ModelPage }) {
  return (
    <Facts
      facts={[
        ...Object.entries(aliases).map(
          ([alias, version]) =>
            [alias, <Link key={alias} href={address.version(name, version)}>{`v${version}`}</Link>] as const,
        ),
        [
          'desired',
          serving?.desiredVersion && `v${serving.desiredVersion}, generation ${serving.generation}`,
        ],
        ['reason', serving?.reason],
        [
          'processes',
          serving
            ? serving.processes.length > 0
              ? serving.processes.map((one) => `${one.address}: v${one.version ?? '–'}`).join(', ')
              : 'no live process'
            : 'unavailable: Postgres does not answer',
        ],
      ]}
    />
  );
}

function MetricOverVersions({ versions }: { readonly versions: readonly Version[] }) {
  const points = versions
    .filter(({ metrics }) => metrics['rmse'] !== undefined)
    .map(({ version, metrics }) => ({ x: Number(version), y: metrics['rmse']! }))
    .sort((a, b) => a.x - b.x);
  if (points.length < 2)
    return <Empty>This chart needs two versions with an RMSE. Train another version to fill it.</Empty>;
  return (
    <LineChart
      title={`${metricLabel('test_rmse')}, by version (each on its own test months)`}
      xTitle="version"
      xFormat={(x) => `v${x}`}
      series={[{ label: metricTitle('test_rmse'), points, tone: 1 }]}
      height={160}
      ticksAtPoints
    />
  );
}

/** Returns the last paragraph of a version's description, which says why it was promoted or not. */
function decisionOf(description: string): string {
  return (description.split(/\n{2,}/).at(-1) ?? '').replaceAll('**', '').replace(/^Verdict: /, '');
}

interface VersionsProps {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly total: number;
  readonly isPartial: boolean;
}

function Versions({ name, versions, total, isPartial }: VersionsProps) {
  const [, navigate] = useLocation();
  const choice = useCompareChoice();
  const metrics = shownMetrics(versions.map((version) => version.metrics));
  return (
    <Panel
      title={`Versions (${number(total)})`}
      aside={
        <CompareButton
          choice={choice}
          noun="versions"
          onCompare={() => navigate(address.compare(name, choice.chosen))}
        />
      }
    >
      <Table
        caption="Versions, newest first"
        isPartial={isPartial}
        rows={versions}
        rowKey={({ version }) => version}
        rowClass={({ version }) => (choice.chosen.includes(version) ? 'row-selected' : undefined)}
        columns={[
          {
            head: 'Select',
            cell: ({ version }) => <CompareBox choice={choice} id={version} name={`version ${version}`} />,
          },
          {
            head: 'Version',
            cell: ({ version }) => <Link href={address.version(name, version)}>v{version}</Link>,
          },
          {
            head: 'Alias',
            cell: ({ aliases }) => (
              <span className="row">
                {aliases.map((alias) => (
                  <span key={alias} className="tag">
                    {alias}
                  </span>
                ))}
              </span>
            ),
          },
          ...metrics.map(({ label, valueOf }) => ({
            head: label,
            numeric: true,
            value: (version: Version) => valueOf(version.metrics),
            cell: (version: Version) => alignedNumber(valueOf(version.metrics)),
          })),
          { head: 'Created', cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
          {
            head: 'Decision',
            cell: ({ description }) => <span className="clamp small">{decisionOf(description)}</span>,
          },
        ]}
      />
    </Panel>
  );
}
