import { number } from '../../format/numbers.ts';
import { Empty } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Table } from '../../ui/table.tsx';
import type { QualityCheck, QualityReport } from './quality-report.ts';
import { whyUnknown } from './why-unknown.ts';

const URGENCY = ['fail', 'warn', 'unknown', 'pass', 'info'];

/** Lists the checks of a month, those that failed first, with the reason of each unknown one. */
export function Checks({ report }: { readonly report: QualityReport | null }) {
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
        { head: 'Expected', cell: expectation },
        {
          head: 'Detail',
          cell: ({ check, state, detail }) =>
            detail ?? (state === 'unknown' ? whyUnknown(check, report) : ''),
        },
      ]}
    />
  );
}

function expectation({ warn, fail }: QualityCheck): string {
  const bounds = warn ?? fail;
  if (!bounds) return '';
  const { min, max } = bounds;
  if (min !== undefined && max !== undefined) return `${number(min)} to ${number(max)}`;
  return min === undefined ? `at most ${number(max)}` : `at least ${number(min)}`;
}
