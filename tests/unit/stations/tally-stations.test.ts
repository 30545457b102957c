import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeStations, rideStations } from '../../../adapters/rides/tally-stations.ts';
import type { StationHours } from '../../../contracts/station-hours.ts';
import { csvText, read } from '../rides/helpers.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'station-hours-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Row {
  readonly id: string;
  readonly at: string;
  readonly to: string;
  readonly from?: string;
  readonly name?: string;
  readonly place?: string;
}

/** Returns a row from a station to `JC2`. */
const row = ({ id, at, to, from = 'JC1', name = 'A St', place = '40.1,-74.1' }: Row) =>
  `${id},classic_bike,${at},${to},${name},${from},B St,JC2,${place},40.2,-74.2,member`;

/** Lists `[weekday, hour, rides]` of the hours with a ride. */
const ridesOf = (hours: readonly number[]) =>
  hours.flatMap((rides, i) => (rides > 0 ? [[Math.floor(i / 24), i % 24, rides]] : []));

const stationOf = (stations: readonly StationHours[], id: string) => stations.find((each) => each.id === id)!;

describe('stations of an archive', () => {
  it('count departures at the hour of the start and arrivals at the hour of the end, also past midnight', async () => {
    // 2024-08-04 was a Sunday.
    const { stations } = await read(
      dir,
      csvText([
        row({ id: '1', at: '2024-08-04 23:50:00', to: '2024-08-05 00:10:00' }),
        row({ id: '2', at: '2024-08-31 23:50:00', to: '2024-09-01 00:10:00' }),
      ]),
    );
    expect(ridesOf(stationOf(stations, 'JC1').departures)).toEqual([
      [5, 23, 1],
      [6, 23, 1],
    ]);
    expect(ridesOf(stationOf(stations, 'JC2').arrivals)).toEqual([
      [0, 0, 1],
      [6, 0, 1],
    ]);
  });

  it('have the median position and the commonest name, and ignore missing positions', async () => {
    const places = ['40.1,-74.1', '40.3,-74.3', '40.1,-74.1', '0,0', ',', '99,-74.1'];
    const { stations } = await read(
      dir,
      csvText(
        places.map((place, i) =>
          row({
            id: String(i),
            at: '2024-08-01 10:00:00',
            to: '2024-08-01 10:10:00',
            place,
            name: i === 0 ? 'Old St' : 'New St',
          }),
        ),
      ),
    );
    expect(stationOf(stations, 'JC1')).toMatchObject({ name: 'New St', position: [40.1, -74.1] });
  });

  it('sample positions of a busy station over the whole file', async () => {
    const { stations } = await read(
      dir,
      csvText(
        Array.from({ length: 3000 }, (_, i) =>
          row({
            id: String(i),
            at: '2024-08-01 10:00:00',
            to: '2024-08-01 10:10:00',
            place: i < 1200 ? '40.1,-74.1' : '40.3,-74.3',
          }),
        ),
      ),
    );
    expect(stationOf(stations, 'JC1').position).toEqual([40.3, -74.3]);
  });

  it('count a repeated ride_id once', async () => {
    const again = { id: 'x', to: '2024-08-01 12:10:00' };
    const { stations } = await read(
      dir,
      csvText([
        row({ ...again, at: '2024-08-01 12:05:00', from: 'JC9' }),
        row({ ...again, at: '2024-08-01 11:55:00' }),
      ]),
    );
    expect(stations.map(({ id }) => id)).toEqual(['JC1', 'JC2']);
    expect(ridesOf(stationOf(stations, 'JC2').arrivals)).toEqual([[3, 12, 1]]);
  });

  it('give rides without a station their own entry', async () => {
    const { stations } = await read(
      dir,
      csvText([row({ id: '1', at: '2024-08-01 10:00:00', to: '2024-08-01 10:10:00', from: '' })]),
    );
    expect(stationOf(stations, 'unknown')).toMatchObject({ name: null });
  });
});

describe('single rides', () => {
  const ride = {
    id: null,
    started_at: '2024-08-31 23:50:00',
    minutes: 20,
    member: true,
    electric: null,
    start_station: 'JC1',
    end_station: 'JC1',
  };

  it('add to the hours of a station, which keeps its name and position', () => {
    const known = {
      ...stationOf(rideStations([ride, ride]), 'JC1'),
      name: 'A St',
      position: [40, -74] as const,
    };
    const [merged] = mergeStations([[known], rideStations([ride])]);
    expect(merged).toMatchObject({ name: 'A St', position: [40, -74] });
    expect([ridesOf(merged!.departures), ridesOf(merged!.arrivals)]).toEqual([[[5, 23, 3]], [[6, 0, 3]]]);
  });

  it('have no arrival without a duration', () => {
    const [station] = rideStations([{ ...ride, minutes: null }]);
    expect([ridesOf(station!.departures), ridesOf(station!.arrivals)]).toEqual([[[5, 23, 1]], []]);
  });
});
