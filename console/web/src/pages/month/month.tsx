import { LineChart } from '../../charts/line-chart.tsx';
import { number, plural } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Table } from '../../ui/table.tsx';
import { ReportLink, UriLink } from '../../ui/uri-link.tsx';
import { usePathParts } from '../../ui/use-address.ts';
import { useMonth } from './queries.ts';

/** Fields of a month's quality report that this page shows. The report's own page has all. */
interface QualityReport {
  readonly verdict?: string;
  readonly checks?: readonly {
    readonly check: string;
    readonly state: string;
    readonly value: number | null;
    readonly detail: string | null;
  }[];
}

/** Shows one month of data: its state, checks and first hours. */
export function Month() {
  const [, system = '', rules = '', month = ''] = usePathParts();
  const query = useMonth({ system, rules, month });
  const page = query.data?.data?.qualityPage;
  return (
    <>
      <PageHead
        title={`${system} ${month}`}
        crumbs={[{ href: '/data', label: 'Data' }]}
        actions={page && <ReportLink uri={page}>Open quality report</ReportLink>}
      />
      <Answered query={query} what="the month">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {!data && <Unavailable server="S3" />}
            {data && (
              <>
                <div className="grid-2">
                  <Panel title="Month" aside={<StateBadge state={data.month.state} />}>
                    <Facts
                      facts={[
                        ['rules', data.month.rules],
                        ['hours', data.month.hours !== null && number(data.month.hours)],
                        ['trips', data.month.trips !== null && number(data.month.trips)],
                        ['quality', data.month.quality && <StateBadge state={data.month.quality} />],
                        ['digest', data.month.digest && <code>{data.month.digest}</code>],
                        [
                          'raw files',
                          data.month.files.length > 0 && (
                            <ul>
                              {data.month.files.map((uri) => (
                                <li key={uri}>
                                  <UriLink uri={uri} />
                                </li>
                              ))}
                            </ul>
                          ),
                        ],
                      ]}
                    />
                  </Panel>
                  <Panel title="First hours">
                    <Preview rows={data.preview} />
                  </Panel>
                </div>
                <Panel title="Checks">
                  <Checks report={data.report as QualityReport | null} />
                </Panel>
                <Panel title="Data set">
                  {data.dataset ? (
                    <JsonView value={data.dataset} />
                  ) : (
                    <Empty>This month is not processed yet. Ingest it to create its data set.</Empty>
                  )}
                </Panel>
              </>
            )}
          </>
        )}
      </Answered>
    </>
  );
}

function Preview({ rows }: { readonly rows: readonly Readonly<Record<string, unknown>>[] }) {
  const points = rows.map((row, x) => ({ x, y: typeof row['trips'] === 'number' ? row['trips'] : null }));
  if (points.length === 0) return <Empty>No hours yet. The next ingest of this month adds them.</Empty>;
  const nameOf = (x: number) => {
    const row = rows[Math.round(x)];
    return row ? `${textOf(row['date']).slice(5, 10)} ${textOf(row['hour'])}h` : '';
  };
  return (
    <LineChart
      title={`Trips in the first ${plural(points.length, 'hour')}`}
      xTitle="hour"
      series={[{ label: 'trips', points, tone: 1 }]}
      xFormat={nameOf}
      ticksAtPoints
      fromZero
    />
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const URGENCY = ['fail', 'warn', 'unknown', 'pass', 'info'];

function Checks({ report }: { readonly report: QualityReport | null }) {
  const checks = report?.checks;
  if (!checks) return <Empty>This month has no quality report. Ingest the month to write one.</Empty>;
  return (
    <Table
      caption="Checks, those that failed first"
      rows={[...checks].sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state))}
      rowKey={({ check }) => check}
      columns={[
        { head: 'State', cell: ({ state }) => <StateBadge state={state} /> },
        { head: 'Check', cell: ({ check }) => <code>{check}</code> },
        { head: 'Value', numeric: true, cell: ({ value }) => number(value) },
        { head: 'Detail', cell: ({ detail }) => detail ?? '' },
      ]}
    />
  );
}
