import { number } from '../format/numbers.ts';
import { Empty } from '../ui/panel.tsx';
import { Table } from '../ui/table.tsx';

interface NumberTableProps {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

export function NumberTable({ name, values }: NumberTableProps) {
  const rows = Object.entries(values).sort(([a], [b]) => a.localeCompare(b));
  if (rows.length === 0) return <Empty>No metrics were logged.</Empty>;
  return (
    <Table
      caption={name}
      rows={rows}
      rowKey={([key]) => key}
      columns={[
        { head: 'Metric', cell: ([key]) => key },
        {
          head: 'Value',
          numeric: true,
          value: ([, value]) => value,
          cell: ([, value]) => <span title={String(value)}>{number(value, 5)}</span>,
        },
      ]}
    />
  );
}
