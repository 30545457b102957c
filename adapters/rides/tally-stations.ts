/** Adds up the stations of tallies, of archives and of single rides. */
import { HOURS_OF_WEEK, type StationHours } from '../../contracts/station-hours.ts';
import { hourOfWeek, type HourOfWeekCounts } from './hour-of-week-counts.ts';
import type { Ride } from './ride.ts';
import type { Tally } from './tally.ts';
import { HOUR_US, parseWallClock } from './wall-clock.ts';

/** Returns the stations of one CSV. */
export function tallyStations(
  { stations, stationNames, positions }: Tally,
  { departures, arrivals }: HourOfWeekCounts,
): StationHours[] {
  return stations.map((id, i) => ({
    id,
    name: commonest(stationNames[i]!),
    position: positions[i]!,
    departures: hoursOf(departures, i),
    arrivals: hoursOf(arrivals, i),
  }));
}

/** Returns the counts of one station. A loop takes a fraction of the time of a spread. */
function hoursOf(counts: Uint32Array, station: number): number[] {
  const hours = noRides();
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) hours[hour] = counts[station * HOURS_OF_WEEK + hour]!;
  return hours;
}

/** Returns the stations of single rides, which bring no names and positions. */
export function rideStations(rides: readonly Ride[]): StationHours[] {
  const stations = new Map<string, StationHours & Counts>();
  const stationOf = (id: string) => {
    const known = stations.get(id) ?? {
      id,
      name: null,
      position: null,
      departures: noRides(),
      arrivals: noRides(),
    };
    stations.set(id, known);
    return known;
  };
  for (const { started_at: started, minutes, start_station: start, end_station: end } of rides) {
    const text = Buffer.from(started);
    const startUs = parseWallClock(text, 0, text.length);
    stationOf(start).departures[hourOfWeek(startUs / HOUR_US)]!++;
    if (minutes !== null)
      stationOf(end).arrivals[hourOfWeek((startUs + Math.round(minutes * 60e6)) / HOUR_US)]!++;
  }
  return [...stations.values()];
}

/** Sums the hours of each station. Its name and position are those of the list in which it has most rides. */
export function mergeStations(lists: readonly (readonly StationHours[])[]): StationHours[] {
  const byId = Map.groupBy(lists.flat(), ({ id }) => id);
  return [...byId]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, same]) => {
      const busiest = same.toSorted((a, b) => ridesOf(b) - ridesOf(a));
      if (ridesOf(busiest[0]!) === 0) return [];
      if (same.length === 1) return same;
      return {
        id,
        name: busiest.find(({ name }) => name !== null)?.name ?? null,
        position: busiest.find(({ position }) => position !== null)?.position ?? null,
        departures: sumHours(same.map(({ departures }) => departures)),
        arrivals: sumHours(same.map(({ arrivals }) => arrivals)),
      };
    });
}

function ridesOf({ departures, arrivals }: StationHours): number {
  let rides = 0;
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) rides += departures[hour]! + arrivals[hour]!;
  return rides;
}

function sumHours(lists: readonly (readonly number[])[]): number[] {
  return Array.from({ length: HOURS_OF_WEEK }, (_, hour) =>
    lists.reduce((sum, list) => sum + list[hour]!, 0),
  );
}

interface Counts {
  readonly departures: number[];
  readonly arrivals: number[];
}

function noRides(): number[] {
  return Array<number>(HOURS_OF_WEEK).fill(0);
}

/** Returns the name with most rows, the first in the alphabet of several. */
function commonest(names: ReadonlyMap<string, number>): string | null {
  const [first] = [...names].sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1));
  return first?.[0] ?? null;
}
