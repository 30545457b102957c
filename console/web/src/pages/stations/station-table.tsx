import { useState } from 'react';
import { FLOW_MAP_ID, type FlowStation } from '../../charts/flow-map.tsx';
import { number, signed } from '../../format/numbers.ts';
import { Table } from '../../ui/table.tsx';

interface StationTableProps {
  readonly stations: readonly FlowStation[];
  readonly days: number;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

const PAGE = 50;

const VALUES = {
  name: ({ name, id }: FlowStation) => `${name ?? ''} ${id}`,
  departures: ({ departures }: FlowStation) => departures,
  arrivals: ({ arrivals }: FlowStation) => arrivals,
  net: ({ net }: FlowStation) => net,
};
type SortKey = keyof typeof VALUES;

/** Lists stations in the order that the reader chooses, fifty at first. */
export function StationTable({ stations, days, chosen, onChoose }: StationTableProps) {
  const [sorted, setSorted] = useState<{ by: SortKey; order: 'asc' | 'desc' }>({ by: 'net', order: 'asc' });
  const [most, setMost] = useState(PAGE);
  const sign = sorted.order === 'asc' ? 1 : -1;
  const valueOf = VALUES[sorted.by];
  const rows = stations.toSorted((a, b) => sign * compare(valueOf(a), valueOf(b)));
  const onSort = (key: string) => {
    const by = key as SortKey;
    const isSame = by === sorted.by;
    setSorted({ by, order: isSame ? flipped(sorted.order) : by === 'name' || by === 'net' ? 'asc' : 'desc' });
  };
  return (
    <>
      <Table
        caption="Stations"
        rows={rows.slice(0, most)}
        rowKey={({ id }) => id}
        rowClass={({ id }) => (id === chosen ? 'row-selected' : undefined)}
        sorted={sorted}
        onSort={onSort}
        columns={[
          {
            head: 'Station',
            sort: 'name',
            cell: (station) => <StationButton station={station} chosen={chosen} onChoose={onChoose} />,
          },
          { head: 'Departures', sort: 'departures', numeric: true, cell: (each) => number(each.departures) },
          { head: 'Arrivals', sort: 'arrivals', numeric: true, cell: (each) => number(each.arrivals) },
          { head: 'Net', sort: 'net', numeric: true, cell: (each) => signed(each.net) },
          { head: 'Net per day', numeric: true, cell: (each) => perDay(each.net, days) },
        ]}
      />
      {rows.length > most && (
        <div className="row">
          <button type="button" className="button button-small" onClick={() => setMost(rows.length)}>
            Show all {number(rows.length)} stations
          </button>
        </div>
      )}
    </>
  );
}

interface StationButtonProps {
  readonly station: FlowStation;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Chooses a station, which the map then marks, and leads to the map. */
export function StationButton({ station: { id, name }, chosen, onChoose }: StationButtonProps) {
  const choose = () => {
    onChoose(id);
    document.getElementById(FLOW_MAP_ID)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <button type="button" className="link station-name" aria-pressed={id === chosen} onClick={choose}>
      {name ?? 'No name'} <span className="muted">({id})</span>
    </button>
  );
}

/** Writes a daily mean with one decimal. */
export function perDay(net: number, days: number): string {
  const mean = (net / Math.max(1, days)).toFixed(1);
  return net > 0 ? `+${mean}` : mean.replace('-', '−');
}

function flipped(order: 'asc' | 'desc'): 'asc' | 'desc' {
  return order === 'asc' ? 'desc' : 'asc';
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b);
}
