/** Compares net flows with a count in Python that reads the published CSV alone and shares no code with the product. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readRides } from '../../../adapters/rides/read-rides.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { greatestFlows, stationFigures } from '../../../core/stations/station-figures.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

/** Lists station, departures, arrivals and net flow at 08:00 from Monday to Friday, March 2025. */
const LOSING = [
  ['JC023', 161, 12, -149],
  ['JC013', 138, 25, -113],
  ['JC009', 155, 54, -101],
  ['JC081', 107, 8, -99],
  ['JC078', 100, 6, -94],
  ['JC052', 112, 19, -93],
  ['JC110', 119, 29, -90],
  ['JC053', 88, 2, -86],
  ['HB305', 115, 41, -74],
  ['HB408', 90, 25, -65],
];
const GAINING = [
  ['JC115', 60, 774, 714],
  ['HB102', 91, 672, 581],
  ['JC109', 22, 235, 213],
];
const TOTAL = { departures: 4999, arrivals: 5192 };
const WITHOUT_STATION = { departures: 0, arrivals: 8 };

const data = realDataDir();

it.skipIf(!data)(
  orSkip(
    'the ten greatest losses of Jersey City at 08:00 on workdays equal an independent count',
    !data && NO_REAL_DATA,
  ),
  async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'stations-'));
    try {
      const name = 'JC-202503-citibike-tripdata.csv.zip';
      const file = path.join(data!, 'tripdata', name);
      const { stations, trips } = await readRides({
        name,
        file,
        month: '2025-03',
        rule: DURATION_RULES.seed,
        dir,
      });
      const figures = stationFigures(stations, { month: '2025-03', hour: 8, weekdays: 'mon-fri' });
      const { losing, gaining } = greatestFlows(figures.stations, 10);
      const rowOf = ({ id, departures, arrivals, net }: (typeof losing)[number]) => [
        id,
        departures,
        arrivals,
        net,
      ];
      expect(losing.map(rowOf)).toEqual(LOSING);
      expect(gaining.slice(0, 3).map(rowOf)).toEqual(GAINING);
      expect([figures.total, figures.withoutStation]).toEqual([TOTAL, WITHOUT_STATION]);
      expect([trips, figures.days, figures.withoutEnd]).toEqual([72_766, 21, 0]);
      const groveStreet = stations.find(({ id }) => id === 'JC115');
      expect(groveStreet?.name).toBe('Grove St PATH');
      expect(groveStreet?.position).toEqual([expect.closeTo(40.7194, 3), expect.closeTo(-74.0431, 3)]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
