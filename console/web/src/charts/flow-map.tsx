import { useState, type KeyboardEvent } from 'react';
import { flowLevelTexts, stationMap, type FlowLevel } from '../../../../core/charts/station-map.ts';
import { number, signed } from '../format/numbers.ts';
import { useWidth } from './use-width.ts';

export interface FlowStation {
  readonly id: string;
  readonly name: string | null;
  readonly position: readonly number[] | null;
  readonly departures: number;
  readonly arrivals: number;
  readonly net: number;
}

interface FlowMapProps {
  readonly title: string;
  /** Sorted by net flow, the greatest loss first. */
  readonly stations: readonly FlowStation[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Is the id of the map, to which tables lead. */
export const FLOW_MAP_ID = 'flow-map';

const LEVELS: readonly FlowLevel[] = [-3, -2, -1, 0, 1, 2, 3];

/** Draws the stations at their coordinates. Pointer and arrow keys read them, a click or Enter chooses one. */
export function FlowMap({ title, stations, chosen, onChoose }: FlowMapProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [reading, setReading] = useState<string>();
  const height = Math.round(Math.min(640, Math.max(320, width * 0.72)));
  const { circles, edges, scaleBar, sizes, leftOut } = stationMap(
    stations.map((station) => ({
      station,
      position: pairOf(station.position),
      volume: station.departures + station.arrivals,
      net: station.net,
    })),
    { left: 0, right: width, top: 0, bottom: height },
  );
  const places = new Map(circles.map((circle) => [circle.station.station.id, circle]));
  const order = stations.filter(({ id }) => places.has(id));
  const current = places.get(reading ?? chosen ?? '');
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (event.key === 'Enter' && reading !== undefined) onChoose(reading);
    if (step === undefined) return;
    event.preventDefault();
    const at = order.findIndex(({ id }) => id === (reading ?? chosen));
    setReading(order[Math.min(order.length - 1, Math.max(0, at + step))]?.id);
  };
  if (circles.length === 0)
    return <p className="empty">The rides of this month give no positions, so there is no map.</p>;
  return (
    <figure className="figure" id={FLOW_MAP_ID}>
      <figcaption className="figure-title">{title}</figcaption>
      <FlowLegend edges={edges} sizes={sizes} />
      <div ref={element}>
        <svg
          className="chart flow-map"
          width={width}
          height={height}
          role="img"
          tabIndex={0}
          aria-label={`${title}. Arrow keys read the stations from the greatest loss to the greatest gain; a table follows.`}
          onKeyDown={onKey}
          onPointerLeave={() => setReading(undefined)}
          onBlur={() => setReading(undefined)}
        >
          {circles.map(({ station: { station }, x, y, r, level }) => (
            <circle
              key={station.id}
              data-station={station.id}
              className={`flow flow-${level + 3}`}
              cx={x}
              cy={y}
              r={r}
              onPointerEnter={() => setReading(station.id)}
              onClick={() => onChoose(station.id)}
            >
              <title>{flowText(station)}</title>
            </circle>
          ))}
          {current && <circle className="flow-chosen" cx={current.x} cy={current.y} r={current.r + 2} />}
          <path className="axis flow-scale" d={`M${scaleBar.x1} ${scaleBar.y - 6}v6H${scaleBar.x2}v-6`} />
          <text className="tick" x={scaleBar.x1 + 6} y={scaleBar.y - 6}>
            {scaleBar.label}
          </text>
        </svg>
      </div>
      <p className="small" aria-live="polite">
        {current
          ? flowText(current.station.station)
          : 'Point at a station to read its numbers, or click it to see its whole day.'}
      </p>
      {leftOut.length > 0 && (
        <p className="small muted">
          {number(leftOut.length)} stations have no position, or lie far from nearly all rides, and are only
          in the table.
        </p>
      )}
    </figure>
  );
}

function FlowLegend({
  edges,
  sizes,
}: {
  readonly edges: readonly [number, number, number];
  readonly sizes: readonly { readonly volume: number; readonly r: number }[];
}) {
  const labels = flowLevelTexts(edges, number);
  return (
    <ul className="legend" aria-label="Legend">
      <li>Net flow (arrivals minus departures):</li>
      {LEVELS.map((level, i) => (
        <li key={level}>
          <svg width="14" height="12" aria-hidden="true">
            <circle className={`flow flow-${level + 3}`} cx="7" cy="6" r="5" />
          </svg>
          {labels[i]}
        </li>
      ))}
      <li>Departures and arrivals:</li>
      {sizes.map(({ volume, r }) => (
        <li key={volume}>
          <svg width={2 * r + 2} height={2 * r + 2} aria-hidden="true">
            <circle className="flow flow-3" cx={r + 1} cy={r + 1} r={r} />
          </svg>
          {number(volume)}
        </li>
      ))}
    </ul>
  );
}

function flowText({ id, name, departures, arrivals, net }: FlowStation): string {
  return `${name ?? 'No name'} (${id}): ${number(departures)} departures, ${number(arrivals)} arrivals, net ${signed(net)}`;
}

function pairOf(position: readonly number[] | null): readonly [number, number] | null {
  const [latitude, longitude] = position ?? [];
  return latitude === undefined || longitude === undefined ? null : [latitude, longitude];
}
