import { Link } from 'wouter';
import type { VersionDetail } from '../../api/bodies.ts';
import { useModel } from '../../api/queries.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { address } from '../../format/addresses.ts';
import { alignedNumber, signed } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { usePathParts, useSearchFields } from '../../ui/use-address.ts';
import { Curves } from '../../panels/curves.tsx';
import { useComparison } from './queries.ts';

/** Compares the parameters, metrics and curves of two versions. */
export function Compare() {
  const name = usePathParts()[1] ?? '';
  const [fields, change] = useSearchFields();
  const [a, b] = [fields.get('a') ?? '', fields.get('b') ?? ''];
  const query = useComparison(name, a, b);
  const versions = useModel(name).data?.pages.flatMap(({ data }) => data.items ?? []) ?? [];
  const choice = (side: 'a' | 'b', value: string) => (
    <label className="row">
      {side === 'a' ? 'Version' : 'with'}
      <select value={value} onChange={(event) => change({ [side]: event.target.value })}>
        {!versions.some(({ version }) => version === value) && <option value={value}>{value || '–'}</option>}
        {versions.map(({ version }) => (
          <option key={version}>{version}</option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <PageHead
        title="Compare"
        crumbs={[
          { href: '/models', label: 'Models' },
          { href: address.model(name), label: name },
        ]}
        actions={
          <>
            {choice('a', a)}
            {choice('b', b)}
          </>
        }
      />
      {a === '' || b === '' ? (
        <Empty>Select two versions above.</Empty>
      ) : (
        <Answered query={query} what="the comparison">
          {({ data, upstreams }) => (
            <>
              <Outages upstreams={upstreams} />
              {data ? <Sides name={name} a={data.a} b={data.b} /> : <Unavailable server="MLflow" />}
            </>
          )}
        </Answered>
      )}
    </>
  );
}

interface SidesProps {
  readonly name: string;
  readonly a: VersionDetail;
  readonly b: VersionDetail;
}

function Sides({ name, a, b }: SidesProps) {
  const labelOf = ({ version }: VersionDetail) => `v${version.version}`;
  const head = (side: VersionDetail) => labelOf(side);
  const metrics = keysOf(a.version.metrics, b.version.metrics);
  const params = keysOf(a.params, b.params).filter((key) => a.params[key] !== b.params[key]);
  const hours = [...new Set([...a.errorByHour, ...b.errorByHour].map(({ hour }) => hour))].sort(
    (x, y) => x - y,
  );
  const rmseAt = (side: VersionDetail, hour: number) =>
    side.errorByHour.find((entry) => entry.hour === hour)?.rmse ?? null;
  return (
    <>
      <div className="grid-2">
        <Panel
          title="Metrics"
          aside={[a, b].map((side) => (
            <Link key={labelOf(side)} href={address.version(name, side.version.version)}>
              {labelOf(side)}
            </Link>
          ))}
        >
          <Table
            caption="Metrics of both versions"
            rows={metrics}
            rowKey={(key) => key}
            columns={[
              { head: 'Metric', cell: (key) => key },
              { head: head(a), numeric: true, cell: (key) => alignedNumber(a.version.metrics[key]) },
              { head: head(b), numeric: true, cell: (key) => alignedNumber(b.version.metrics[key]) },
              {
                head: 'Difference',
                numeric: true,
                cell: (key) => {
                  const [x, y] = [a.version.metrics[key], b.version.metrics[key]];
                  return x === undefined || y === undefined ? '–' : signed(y - x);
                },
              },
            ]}
          />
        </Panel>
        <Panel title="Parameters that differ">
          {params.length === 0 ? (
            <Empty>Both versions have the same parameters.</Empty>
          ) : (
            <Table
              caption="Parameters of both versions, where they differ"
              rows={params}
              rowKey={(key) => key}
              columns={[
                { head: 'Parameter', cell: (key) => key },
                { head: head(a), cell: (key) => a.params[key] ?? '–' },
                { head: head(b), cell: (key) => b.params[key] ?? '–' },
              ]}
            />
          )}
        </Panel>
      </div>
      {hours.length > 0 && (
        <Panel title="Error by hour">
          <BarChart
            title="RMSE by hour of day, trips an hour, each on its own test months"
            xTitle="hour"
            labels={hours.map(String)}
            series={[a, b].map((side, i) => ({
              label: labelOf(side),
              values: hours.map((hour) => rmseAt(side, hour)),
              tone: i + 1,
            }))}
          />
        </Panel>
      )}
      <Panel title="Learning curves">
        <Curves of={[a, b].map((side) => ({ name: labelOf(side), curves: side.curves }))} />
      </Panel>
    </>
  );
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}
