import { FLOW_MAP_ID, type FlowStation } from '../../charts/flow-map.tsx';
import { number, signed } from '../../format/numbers.ts';
import { Table } from '../../ui/table.tsx';

interface StationTableProps {
  /** Names the table for screen readers, and its CSV file. */
  readonly caption: string;
  readonly stations: readonly FlowStation[];
  readonly days: number;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  /** Leaves out filter and CSV. */
  readonly plain?: boolean;
}

const PAGE = 10;

/** Lists stations, ten at first. */
export function StationTable({
  caption,
  stations,
  days,
  chosen,
  onChoose,
  plain = false,
}: StationTableProps) {
  return (
    <Table
      caption={caption}
      rows={stations}
      page={PAGE}
      plain={plain}
      rowKey={({ id }) => id}
      rowClass={({ id }) => (id === chosen ? 'row-selected' : undefined)}
      columns={[
        {
          head: 'Station',
          value: ({ name, id }) => `${name ?? 'No name'} (${id})`,
          cell: (station) => <StationButton station={station} chosen={chosen} onChoose={onChoose} />,
        },
        { head: 'Net', numeric: true, value: ({ net }) => net, cell: ({ net }) => signed(net) },
        {
          head: 'Per day',
          numeric: true,
          value: ({ net }) => net / Math.max(1, days),
          cell: ({ net }) => perDay(net, days),
        },
        { head: 'Departures', numeric: true, cell: ({ departures }) => number(departures) },
        { head: 'Arrivals', numeric: true, cell: ({ arrivals }) => number(arrivals) },
      ]}
    />
  );
}

interface StationButtonProps {
  readonly station: FlowStation;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Chooses a station, which the map then marks, and leads to the map. */
function StationButton({ station: { id, name }, chosen, onChoose }: StationButtonProps) {
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
function perDay(net: number, days: number): string {
  const mean = (net / Math.max(1, days)).toFixed(1);
  return net > 0 ? `+${mean}` : mean.replace('-', '−');
}
