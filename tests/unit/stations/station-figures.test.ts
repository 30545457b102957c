import { describe, expect, it } from 'vitest';
import { UNKNOWN_STATION } from '../../../contracts/hours.ts';
import { HOURS_OF_WEEK, missingStations, type StationHours } from '../../../contracts/station-hours.ts';
import { greatestFlows, stationFigures } from '../../../core/stations/station-figures.ts';

/** Returns counts by `weekday hour`, such as `{ '0 8': 3 }` for Mondays at 08:00. */
function week(counts: Readonly<Record<string, number>>): number[] {
  const hours = Array<number>(HOURS_OF_WEEK).fill(0);
  for (const [at, count] of Object.entries(counts)) {
    const [day = 0, hour = 0] = at.split(' ').map(Number);
    hours[day * 24 + hour] = count;
  }
  return hours;
}

const station = (
  id: string,
  departures: Readonly<Record<string, number>>,
  arrivals: Readonly<Record<string, number>>,
): StationHours => ({
  id,
  name: `${id} St`,
  position: [40, -74],
  departures: week(departures),
  arrivals: week(arrivals),
});

const STATIONS = [
  station('A', { '0 8': 5, '5 8': 7 }, { '4 8': 2 }),
  station('B', { '1 9': 3 }, { '0 8': 4 }),
  station('C', { '0 8': 1 }, { '2 8': 4 }),
  station(UNKNOWN_STATION, { '3 8': 1 }, {}),
];

describe('figures of stations', () => {
  it('add up the weekdays of a class at one hour, and sort by net flow', () => {
    const figures = stationFigures(STATIONS, { month: '2025-03', hour: 8, weekdays: 'mon-fri' });
    expect(
      figures.stations.map(({ id, departures, arrivals, net }) => [id, departures, arrivals, net]),
    ).toEqual([
      ['A', 5, 2, -3],
      ['C', 1, 4, 3],
      ['B', 0, 4, 4],
    ]);
    expect(figures.days).toBe(21);
    expect(figures.total).toEqual({ departures: 7, arrivals: 10 });
    expect(figures.withoutStation).toEqual({ departures: 1, arrivals: 0 });
  });

  it('count the rides of the month that have no arrival, whatever the hour', () => {
    const { withoutEnd } = stationFigures(STATIONS, { month: '2025-03', hour: 0, weekdays: 'sun' });
    expect(withoutEnd).toBe(17 - 10);
  });

  it('add up the whole day', () => {
    const figures = stationFigures(STATIONS, { month: '2025-03', hour: null, weekdays: 'all' });
    expect(figures.stations.find(({ id }) => id === 'B')).toMatchObject({
      departures: 3,
      arrivals: 4,
      net: 1,
    });
    expect([figures.days, figures.byHour[9]]).toEqual([31, { departures: 3, arrivals: 0 }]);
  });

  it('leave out stations without a ride at the hour', () => {
    const { stations } = stationFigures(STATIONS, { month: '2025-03', hour: 9, weekdays: 'tue' });
    expect(stations.map(({ id }) => id)).toEqual(['B']);
  });
});

it('the greatest flows are losses and gains only, the greatest first', () => {
  const { stations } = stationFigures(STATIONS, { month: '2025-03', hour: 8, weekdays: 'mon-fri' });
  const { losing, gaining } = greatestFlows(stations, 10);
  expect([losing.map(({ id }) => id), gaining.map(({ id }) => id)]).toEqual([['A'], ['B', 'C']]);
});

describe('a month without stations', () => {
  it('says whether it is older than stations, or made from processed hours', () => {
    const month = { system: 'jc', month: '2024-01' };
    expect(missingStations(month)).toMatch(/ingested before stations were stored/);
    expect(missingStations({ ...month, stations: null })).toMatch(/processed hours/);
    expect(missingStations({ ...month, stations: {} })).toBeNull();
  });
});
