/** Tests the names of archives and the bounds of every shipped system. */
import { describe, expect, it } from 'vitest';
import { ownRulesOf } from '../../../core/quality/rules.ts';
import { candidateNames, tripFileNames } from '../../../core/ingest/source-names.ts';
import { systems } from '../../fixtures/shipped-systems.ts';

const shipped = await systems.list();

describe.each(shipped)('$id', (facts) => {
  it('has facts that an activity input can carry, and known checks', () => {
    expect(JSON.stringify(facts).length).toBeLessThan(2_000);
    expect(() => ownRulesOf(facts)).not.toThrow();
  });

  it.each(['2014-03', '2017-02', '2019-12', '2021-01', '2024-07'])(
    'reads the names that it tries for %s',
    (month) => {
      if (month < facts.trips.firstMonth) return;
      const names = candidateNames(facts, month);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(tripFileNames(facts)(name)?.months).toContain(month);
    },
  );
});

const MONTHS_OF: Readonly<Record<string, readonly [system: string, first: string, last: string]>> = {
  'Divvy_Trips_2013.zip': ['chicago', '2013-06', '2013-12'],
  'Divvy_Stations_Trips_2014_Q1Q2.zip': ['chicago', '2014-01', '2014-06'],
  'Divvy_Trips_2015_Q1Q2.zip': ['chicago', '2015-01', '2015-06'],
  'Divvy_Trips_2018_Q4.zip': ['chicago', '2018-10', '2018-12'],
  '202101-divvy-tripdata.zip': ['chicago', '2021-01', '2021-01'],
  '2010-capitalbikeshare-tripdata.zip': ['washington', '2010-09', '2010-12'],
  '202101-capitalbikeshare-tripdata.zip': ['washington', '2021-01', '2021-01'],
  'hubway_Trips_2011.csv': ['boston', '2011-07', '2011-12'],
  'hubway_Trips_2014_2.csv': ['boston', '2014-07', '2014-12'],
  '201501-hubway-tripdata.zip': ['boston', '2015-01', '2015-01'],
  '202004-bluebikes-tripdata.zip': ['boston', '2020-04', '2020-04'],
  '2017-fordgobike-tripdata.csv': ['san-francisco', '2017-06', '2017-12'],
  '201801-fordgobike-tripdata.csv.zip': ['san-francisco', '2018-01', '2018-01'],
  '201905-baywheels-tripdata.csv.zip': ['san-francisco', '2019-05', '2019-05'],
};

it.each(Object.entries(MONTHS_OF))('%s belongs to one system', (name, [system, first, last]) => {
  const found = shipped.flatMap((facts) => {
    const months = tripFileNames(facts)(name)?.months;
    return months ? [[facts.id, months[0], months.at(-1)]] : [];
  });
  expect(found).toEqual([[system, first, last]]);
});
