import { inUnitOf, metricLabel, metricsInOrder } from '../../../../contracts/metric-facts.ts';
import { number } from '../format/numbers.ts';
import { MetricName } from '../ui/metric-name.tsx';
import { Empty } from '../ui/panel.tsx';
import { Table } from '../ui/table.tsx';

interface NumberTableProps {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Lists the metrics of one version or run. */
export function NumberTable({ name, values }: NumberTableProps) {
  const rows = metricsInOrder(Object.keys(values));
  const valueOf = (key: string) => inUnitOf(key, values[key] ?? NaN);
  if (rows.length === 0) return <Empty>No metrics were logged.</Empty>;
  return (
    <Table
      caption={name}
      rows={rows}
      rowKey={(key) => key}
      columns={[
        { head: 'Metric', value: metricLabel, cell: (key) => <MetricName text={key} /> },
        {
          head: 'Value',
          numeric: true,
          value: valueOf,
          cell: (key) => <span title={String(values[key])}>{number(valueOf(key), 5)}</span>,
        },
      ]}
    />
  );
}
