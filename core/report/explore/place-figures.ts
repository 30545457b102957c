import type { Figure } from '../figure.ts';
import { rankChart, shorten } from '../rank-chart.ts';
import { percent } from '../short-number.ts';

interface StationCount {
  readonly station: string;
  readonly starts: number;
  readonly ends: number;
}

interface RouteCount {
  readonly from: string;
  readonly to: string;
  readonly trips: number;
}

export interface ExploreFlows {
  readonly trips: number;
  readonly stations: number;
  /** Number of trips that end at their start station. */
  readonly roundTrips: number;
  /** Number of trips without a start or an end station. */
  readonly unknown: number;
  /** Busiest first, by name if it is known and otherwise by id. */
  readonly busiestStations: readonly StationCount[];
  readonly busiestRoutes: readonly RouteCount[];
}

/** Limits the length of each station name in a route whose names do not fit. */
const HALF_A_ROUTE = 19;

/** Draws the busiest stations and routes. */
export function places(flows: ExploreFlows): Figure[] {
  const { trips, stations, roundTrips, unknown, busiestStations, busiestRoutes } = flows;
  return [
    rankChart({
      title: `Busiest of ${count(stations)} stations, starts and ends`,
      rows: busiestStations.map(({ station, starts, ends }) => ({ label: station, value: starts + ends })),
      format: count,
    }),
    rankChart({
      title: `Busiest routes, trips (${percent(roundTrips / Math.max(1, trips))} of all trips end at their start station, ${percent(unknown / Math.max(1, trips))} lack a station)`,
      rows: busiestRoutes.map(({ from, to, trips: value }) => ({
        label: `${from} → ${to}`,
        short: `${shorten(from, HALF_A_ROUTE)} → ${shorten(to, HALF_A_ROUTE)}`,
        value,
      })),
      style: 'd',
      format: count,
    }),
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
