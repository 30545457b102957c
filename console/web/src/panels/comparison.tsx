import { Link } from 'wouter';
import { metricLabel } from '../../../../contracts/metric-facts.ts';
import type { Curve, VersionDetail } from '../api/bodies.ts';
import { BarChart } from '../charts/bar-chart.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { Table } from '../ui/table.tsx';
import { Curves } from './curves.tsx';
import { MetricTable, type Measured } from './metric-table.tsx';

/** Represents a version or experiment that is compared. */
export interface Compared extends Measured {
  readonly href: string;
  readonly params: Readonly<Record<string, string>>;
  readonly curves: readonly Curve[];
  readonly errorByHour: VersionDetail['errorByHour'];
}

export const MOST_COMPARED = 6;

interface ComparisonProps {
  /** The first one is the baseline of the others. */
  readonly of: readonly Compared[];
  /** Names the compared things in the plural. */
  readonly noun: string;
}

/** Compares metrics, parameters, errors by hour and curves. */
export function Comparison({ of, noun }: ComparisonProps) {
  const params = keysOf(of.map((one) => one.params)).filter(
    (key) => new Set(of.map((one) => one.params[key])).size > 1,
  );
  const hours = [...new Set(of.flatMap((one) => one.errorByHour.map(({ hour }) => hour)))].sort(
    (a, b) => a - b,
  );
  const tests = new Set(of.map(testSpanOf));
  return (
    <>
      {tests.size > 1 && (
        <p className="notice notice-warn">
          These {noun} were evaluated on different months (
          {of.map((one) => `${one.name}: ${testSpanOf(one)}`).join(', ')}), so a lower error is no proof of a
          better model.
        </p>
      )}
      <Panel
        title="Metrics"
        aside={of.map(({ name, href }) => (
          <Link key={href} href={href}>
            Open {name}
          </Link>
        ))}
      >
        <MetricTable of={of} />
      </Panel>
      {of.length > 1 && (
        <Panel title="Parameters that differ">
          {params.length === 0 ? (
            <Empty>All have the same parameters.</Empty>
          ) : (
            <Table
              caption={`Parameters of ${of.map(({ name }) => name).join(', ')}`}
              rows={params}
              rowKey={(key) => key}
              columns={[
                { head: 'Parameter', cell: (key) => key },
                ...of.map((one) => ({ head: one.name, cell: (key: string) => one.params[key] ?? '–' })),
              ]}
            />
          )}
        </Panel>
      )}
      {hours.length > 0 && (
        <Panel title="Error by hour">
          <BarChart
            title={`${metricLabel('rmse')}, by hour of day, each on its own test months`}
            xTitle="hour"
            labels={hours.map(String)}
            series={of.map((one, i) => ({
              label: one.name,
              values: hours.map((hour) => one.errorByHour.find((entry) => entry.hour === hour)?.rmse ?? null),
              tone: i + 1,
            }))}
          />
        </Panel>
      )}
      <Panel title="Learning curves">
        <Curves of={of} />
      </Panel>
    </>
  );
}

function testSpanOf({ params }: Compared): string {
  const { test_from: from, test_to: to } = params;
  return from && to ? `${from} to ${to}` : 'held-out weeks';
}

/** Returns every key of some records, sorted. */
function keysOf(records: readonly object[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
}
