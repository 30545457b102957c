import { useId } from 'react';
import type { DriftColumn, DriftHistogram, DriftWeek } from '../../api/bodies.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { number, percent } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, Panel, Unavailable } from '../../ui/panel.tsx';
import { useHistograms } from './queries.ts';

interface DistributionsProps {
  readonly weeks: readonly DriftWeek[];
  readonly columns: readonly DriftColumn[] | null;
  /** Undefined selects all weeks of the latest check. */
  readonly week: string | undefined;
  /** Undefined selects all columns, in small charts. */
  readonly column: string | undefined;
  readonly onChange: (fields: Readonly<Record<string, string | undefined>>) => void;
}

/** Compares the distribution of each column with the reference, from the report of the check in S3. */
export function Distributions({ weeks, columns, week, column, onChange }: DistributionsProps) {
  const shown = weeks.find((row) => row['week'] === week) ?? weeks.at(-1);
  const reportUri = shown?.['report_uri'];
  const query = useHistograms(typeof reportUri === 'string' ? reportUri : undefined);
  const ids = { week: useId(), column: useId() };
  const drifted = new Set(
    columns?.flatMap((each) => (each.week === week && each.drifted ? each.column : [])),
  );
  const names = query.data?.data?.columns?.map((each) => each.column) ?? [];
  return (
    <Panel
      title="Distributions"
      aside={
        <>
          <label className="row" htmlFor={ids.week}>
            Week
            <select
              id={ids.week}
              value={week ?? ''}
              onChange={(event) => onChange({ week: event.target.value || undefined })}
            >
              <option value="">all weeks of the latest check</option>
              {weeks.map((row) => (
                <option key={String(row['week'])}>{String(row['week'])}</option>
              ))}
            </select>
          </label>
          <label className="row" htmlFor={ids.column}>
            Column
            <select
              id={ids.column}
              value={column ?? ''}
              onChange={(event) => onChange({ column: event.target.value || undefined })}
            >
              <option value="">all</option>
              {names.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        </>
      }
    >
      <Answered query={query} what="the distributions">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {!data && <Unavailable server="S3" />}
            {data && !data.columns && (
              <Empty>The report of this check has no distributions. Run the check again to add them.</Empty>
            )}
            {data?.columns && (
              <>
                <p className="small muted">
                  Share of the values in each bin: {week ?? `${data.currentFrom} to ${data.currentTo}`}{' '}
                  against the reference, {data.referenceFrom} to {data.referenceTo}.
                </p>
                <div className={column ? undefined : 'grid-3'}>
                  {data.columns
                    .filter((each) => column === undefined || each.column === column)
                    .map((each) => (
                      <Distribution
                        key={each.column}
                        histogram={each}
                        week={week}
                        drifted={drifted.has(each.column)}
                        height={column ? 260 : 130}
                      />
                    ))}
                </div>
              </>
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

interface DistributionProps {
  readonly histogram: DriftHistogram;
  readonly week: string | undefined;
  readonly drifted: boolean;
  readonly height: number;
}

function Distribution({ histogram, week, drifted, height }: DistributionProps) {
  const { column, bins, reference, current, weeks } = histogram;
  const counts = week === undefined ? current : (weeks[week] ?? []);
  return (
    <BarChart
      title={`${column}${drifted ? ': drifted' : ''}`}
      xTitle={column}
      height={height}
      labels={bins.map(([low]) => (typeof low === 'number' ? shortLabel(low) : (low ?? '')))}
      yFormat={percent}
      valueFormat={percent}
      series={[
        { label: 'reference', values: sharesOf(reference), tone: 6 },
        { label: week ?? 'current', values: sharesOf(counts), tone: 1 },
      ]}
    />
  );
}

/** Writes 0 for the rounding errors of sines and cosines. */
function shortLabel(low: number): string {
  return number(Math.abs(low) < 1e-9 ? 0 : low, 2);
}

function sharesOf(counts: readonly number[]): (number | null)[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? null : count / total));
}
