import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { federalHolidays, isFederalHoliday } from '../../../core/features/holidays.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';

/**
 * Lists days off as published by the Office of Personnel Management (opm.gov, Federal Holidays), each holiday of a
 * weekend on its observed weekday. pandas' USFederalHolidayCalendar gives the same. New Year of 2022 and of 2028 are
 * observed in the year before.
 */
const PUBLISHED: Readonly<Record<number, string>> = {
  2013: '01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25',
  2014: '01-01 01-20 02-17 05-26 07-04 09-01 10-13 11-11 11-27 12-25',
  2015: '01-01 01-19 02-16 05-25 07-03 09-07 10-12 11-11 11-26 12-25',
  2016: '01-01 01-18 02-15 05-30 07-04 09-05 10-10 11-11 11-24 12-26',
  2017: '01-02 01-16 02-20 05-29 07-04 09-04 10-09 11-10 11-23 12-25',
  2018: '01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-12 11-22 12-25',
  2019: '01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25',
  2020: '01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25',
  2021: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
  2022: '01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26',
  2023: '01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25',
  2024: '01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25',
  2025: '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25',
  2026: '01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25',
  2027: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
  2028: '01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25',
  2029: '01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25',
  2030: '01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25',
};

/** Lists holidays that are a Saturday or Sunday by the calendar. Riders keep these too. */
const ON_WEEKENDS: Readonly<Record<number, string>> = {
  2015: '07-04',
  2016: '12-25',
  2017: '01-01 11-11',
  2018: '11-11',
  2020: '07-04',
  2021: '06-19 07-04 12-25',
  2022: '01-01 06-19 12-25',
  2023: '01-01 11-11',
  2026: '07-04',
  2027: '06-19 07-04 12-25',
  2028: '01-01 11-11',
  2029: '11-11',
};

describe('US federal holidays', () => {
  it.each(Object.keys(PUBLISHED).map(Number))('of %i equal the published ones', (year) => {
    const days = [PUBLISHED[year]!, ON_WEEKENDS[year] ?? ''].join(' ').split(' ').filter(Boolean);
    expect([...federalHolidays(year)]).toEqual(days.map((day) => `${year}-${day}`).sort());
  });

  it('include Juneteenth from 2021 on', () => {
    expect(isFederalHoliday('2020-06-19')).toBe(false);
    expect(isFederalHoliday('2021-06-18')).toBe(true);
  });

  it('exclude Inauguration Day, which only Washington has off', () => {
    expect(['2017-01-20', '2021-01-20', '2029-01-20'].map(isFederalHoliday)).toEqual([false, false, false]);
  });

  it('exclude days off that a president orders once, such as Christmas Eve of 2024', () => {
    expect(['2024-12-24', '2025-01-09'].map(isFederalHoliday)).toEqual([false, false]);
  });

  const dir = realDataDir();
  describe.skipIf(!dir)(`holidays in real processed hours (${dir ? 'present' : NO_REAL_DATA})`, () => {
    it('equal the computed ones in 2024 and 2025', async () => {
      const marked = await withDuckDb(async (connection) => {
        const reader = await connection.runAndReadAll(
          `SELECT DISTINCT strftime(date, '%Y-%m-%d'), holiday::INTEGER FROM read_parquet('${dir}/hourly/citibike-hourly-*.parquet')`,
        );
        return reader.getRowsJS() as [string, number][];
      });
      const wrong = marked.filter(([date, holiday]) => isFederalHoliday(date) !== (holiday === 1));
      expect(wrong).toEqual([]);
    });
  });
});
