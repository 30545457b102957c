import { expect, it } from 'vitest';
import type { MonthBody } from '../../../console/api/schemas/data.ts';
import { StationMonths } from '../../../console/api/stations.ts';
import { HOURS_OF_WEEK } from '../../../contracts/station-hours.ts';

const hours = (at: number, rides: number) => Array<number>(HOURS_OF_WEEK).fill(0).with(at, rides);

const STATIONS = 's3://data/stations.json';
const OBJECTS: Readonly<Record<string, unknown>> = {
  's3://data/datasets/months/jc/seed/2025-03/current.json': {
    system: 'jc',
    month: '2025-03',
    provisional: true,
    stations: { uri: STATIONS },
  },
  's3://data/datasets/months/jc/seed/2025-02/current.json': {
    system: 'jc',
    month: '2025-02',
    provisional: false,
  },
  [STATIONS]: {
    schemaVersion: 1,
    stations: [
      { id: 'A', name: 'A St', position: [40, -74], departures: hours(8, 3), arrivals: hours(9, 1) },
      { id: 'unknown', name: null, position: null, departures: hours(8, 1), arrivals: hours(8, 0) },
    ],
  },
};

function months() {
  const reads: string[] = [];
  const month = (name: string, state: string) => ({ system: 'jc', rules: 'seed', month: name, state });
  const listed = [month('2025-02', 'processed'), month('2025-03', 'provisional')] as MonthBody[];
  const storage = {
    dataBucket: 'data',
    json: (uri: string) => {
      reads.push(uri);
      return Promise.resolve(OBJECTS[uri]);
    },
  };
  return { stations: new StationMonths(storage, { all: () => Promise.resolve(listed) }), reads };
}

it('the newest month at 08:00 on workdays is the default', async () => {
  const answer = await months().stations.answer({ station: 'A' });
  expect(answer).toMatchObject({
    system: 'jc',
    months: ['2025-02', '2025-03'],
    month: '2025-03',
    hour: 8,
    weekdays: 'mon-fri',
    provisional: true,
    missing: null,
    figures: {
      days: 21,
      stations: [{ id: 'A', departures: 3, arrivals: 0, net: -3, position: [40, -74] }],
      total: { departures: 4, arrivals: 0 },
      withoutStation: { departures: 1, arrivals: 0 },
    },
    chosen: { id: 'A', name: 'A St' },
  });
  expect(answer.chosen?.byHour[9]).toEqual({ departures: 0, arrivals: 1 });
});

it('a month keeps its stations in memory', async () => {
  const { stations, reads } = months();
  await stations.answer({ hour: 'all' });
  const { hour, figures } = await stations.answer({ hour: '9', weekdays: 'mon' });
  expect([hour, figures?.total]).toEqual([9, { departures: 0, arrivals: 1 }]);
  expect(reads.filter((uri) => uri === STATIONS)).toHaveLength(1);
});

it('a month of an earlier version says that it has to be ingested again', async () => {
  const { figures, missing } = await months().stations.answer({ system: 'jc', month: '2025-02' });
  expect([figures, missing]).toEqual([
    null,
    expect.stringMatching(/^jc 2025-02 was ingested before stations/),
  ]);
});

it('a system without months has neither month nor figures', async () => {
  const answer = await months().stations.answer({ system: 'boston' });
  expect(answer).toMatchObject({
    month: null,
    figures: null,
    missing: 'No month of boston is ingested yet.',
  });
});
