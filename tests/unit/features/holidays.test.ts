import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { epochDayOf } from '../../../contracts/calendar.ts';
import type { HolidayCalendar } from '../../../contracts/systems.ts';
import { holidayDates, isHoliday } from '../../../core/features/holidays.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

/**
 * Lists days off as published by the Office of Personnel Management (opm.gov, Federal Holidays), each holiday of a
 * weekend on its observed weekday. pandas' USFederalHolidayCalendar gives the same. New Year of 2022 and of 2028 are
 * observed in the year before.
 */
const FEDERAL: Readonly<Record<number, string>> = {
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

const isFederal = (date: string) => isHoliday('us-federal', epochDayOf(date));

describe('US federal holidays', () => {
  it.each(Object.keys(FEDERAL).map(Number))('of %i equal the published ones', (year) => {
    const days = [FEDERAL[year]!, ON_WEEKENDS[year] ?? ''].join(' ').split(' ').filter(Boolean);
    expect(holidayDates('us-federal', year)).toEqual(days.map((day) => `${year}-${day}`).sort());
  });

  it('include Juneteenth from 2021 on', () => {
    expect(isFederal('2020-06-19')).toBe(false);
    expect(isFederal('2021-06-18')).toBe(true);
  });

  it('exclude Inauguration Day, which only Washington has off', () => {
    expect(['2017-01-20', '2021-01-20', '2029-01-20'].map(isFederal)).toEqual([false, false, false]);
  });

  it('exclude days off that a president orders once, such as Christmas Eve of 2024', () => {
    expect(['2024-12-24', '2025-01-09'].map(isFederal)).toEqual([false, false]);
  });

  const dir = realDataDir();
  describe.skipIf(!dir)(orSkip('holidays in real processed hours', !dir && NO_REAL_DATA), () => {
    it('equal the computed ones in 2024 and 2025', async () => {
      const marked = await withDuckDb(async (connection) => {
        const reader = await connection.runAndReadAll(
          `SELECT DISTINCT strftime(date, '%Y-%m-%d'), holiday::INTEGER FROM read_parquet('${dir}/hourly/citibike-hourly-*.parquet')`,
        );
        return reader.getRowsJS() as [string, number][];
      });
      const wrong = marked.filter(([date, holiday]) => isFederal(date) !== (holiday === 1));
      expect(wrong).toEqual([]);
    });
  });
});

interface PublishedYear {
  readonly calendar: HolidayCalendar;
  readonly year: number;
  /** Days off as published: a holiday of a weekend on its observed day, if it has one. */
  readonly daysOff: string;
  /** The holidays of those days that are a Saturday or Sunday by the calendar. */
  readonly onWeekends?: string;
}

/**
 * Massachusetts: Human Resources Division, Legal Holiday Calendar (mass.gov), and Chapter 4 § 7 for later years. District of Columbia:
 * Department of Human Resources, Legal Public Holidays (edpm.dc.gov). Illinois: Department of Central Management Services, State
 * Holidays (illinois.gov/cms). California: Department of Human Resources, State Holidays (calhr.ca.gov).
 */
const PUBLISHED: readonly PublishedYear[] = [
  {
    calendar: 'massachusetts',
    year: 2014,
    daysOff: '01-01 01-20 02-17 04-21 05-26 07-04 09-01 10-13 11-11 11-27 12-25',
  },
  {
    calendar: 'massachusetts',
    year: 2015,
    daysOff: '01-01 01-19 02-16 04-20 05-25 07-04 09-07 10-12 11-11 11-26 12-25',
  },
  {
    calendar: 'massachusetts',
    year: 2016,
    daysOff: '01-01 01-18 02-15 04-18 05-30 07-04 09-05 10-10 11-11 11-24 12-26',
    onWeekends: '12-25',
  },
  {
    calendar: 'massachusetts',
    year: 2022,
    daysOff: '01-01 01-17 02-21 04-18 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26',
    onWeekends: '06-19 12-25',
  },
  {
    calendar: 'massachusetts',
    year: 2023,
    daysOff: '01-02 01-16 02-20 04-17 05-29 06-19 07-04 09-04 10-09 11-11 11-23 12-25',
    onWeekends: '01-01',
  },
  {
    calendar: 'district-of-columbia',
    year: 2021,
    daysOff: '01-01 01-18 01-20 02-15 04-16 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
    onWeekends: '06-19 07-04 12-25',
  },
  {
    calendar: 'district-of-columbia',
    year: 2022,
    daysOff: '01-17 02-21 04-15 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26',
    onWeekends: '01-01 04-16 06-19 12-25',
  },
  {
    calendar: 'district-of-columbia',
    year: 2023,
    daysOff: '01-02 01-16 02-20 04-17 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25',
    onWeekends: '01-01 04-16 11-11',
  },
  {
    calendar: 'district-of-columbia',
    year: 2024,
    daysOff: '01-01 01-15 02-19 04-16 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25',
  },
  {
    calendar: 'district-of-columbia',
    year: 2025,
    daysOff: '01-01 01-20 02-17 04-16 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25',
  },
  {
    calendar: 'illinois',
    year: 2019,
    daysOff: '01-01 01-21 02-12 02-18 05-27 07-04 09-02 10-14 11-11 11-28 11-29 12-25',
  },
  {
    calendar: 'illinois',
    year: 2020,
    daysOff: '01-01 01-20 02-12 02-17 05-25 07-03 09-07 10-12 11-03 11-11 11-26 11-27 12-25',
    onWeekends: '07-04',
  },
  {
    calendar: 'california',
    year: 2013,
    daysOff: '01-01 01-21 02-18 04-01 05-27 07-04 09-02 11-11 11-28 11-29 12-25',
    onWeekends: '03-31',
  },
  {
    calendar: 'california',
    year: 2014,
    daysOff: '01-01 01-20 02-17 03-31 05-26 07-04 09-01 11-11 11-27 11-28 12-25',
  },
  {
    calendar: 'california',
    year: 2017,
    daysOff: '01-02 01-16 02-20 03-31 05-29 07-04 09-04 11-10 11-23 11-24 12-25',
    onWeekends: '01-01 11-11',
  },
  {
    calendar: 'california',
    year: 2021,
    daysOff: '01-01 01-18 02-15 03-31 05-31 07-05 09-06 11-11 11-25 11-26 12-25',
    onWeekends: '07-04',
  },
];

describe.each(PUBLISHED)('the holidays of $calendar in $year', ({ calendar, year, daysOff, onWeekends }) => {
  it('equal the published ones', () => {
    const days = [daysOff, onWeekends ?? ''].join(' ').split(' ').filter(Boolean);
    expect(holidayDates(calendar, year)).toEqual(days.map((day) => `${year}-${day}`).sort());
  });
});

describe('calendars differ in', () => {
  const having = (date: string) =>
    (['us-federal', 'massachusetts', 'district-of-columbia', 'illinois', 'california'] as const).filter(
      (calendar) => isHoliday(calendar, epochDayOf(date)),
    );

  it.each([
    ['Patriots’ Day', '2024-04-15', ['massachusetts']],
    ['Evacuation Day, on which offices are open', '2025-03-17', []],
    ['Bunker Hill Day, on which offices are open', '2025-06-17', []],
    ['Emancipation Day, on a Monday after a Sunday', '2017-04-17', ['massachusetts', 'district-of-columbia']],
    ['Inauguration Day', '2017-01-20', ['district-of-columbia']],
    ['the Friday before an Inauguration Day on a Saturday', '2029-01-19', []],
    ['Lincoln’s Birthday', '2024-02-12', ['illinois']],
    ['Lincoln’s Birthday on a Sunday, observed on Monday', '2023-02-13', ['illinois']],
    ['Casimir Pulaski Day, which is a day off of schools', '2024-03-04', []],
    ['General Election Day of an even year', '2024-11-05', ['illinois']],
    ['an election day of an odd year', '2025-11-04', []],
    ['Cesar Chavez Day', '2025-03-31', ['california']],
    ['Columbus Day', '2024-10-14', ['us-federal', 'massachusetts', 'district-of-columbia', 'illinois']],
    ['the day after Thanksgiving', '2024-11-29', ['illinois', 'california']],
    ['Juneteenth of 2021', '2021-06-19', ['us-federal', 'massachusetts', 'district-of-columbia']],
    ['Juneteenth of 2024', '2024-06-19', ['us-federal', 'massachusetts', 'district-of-columbia', 'illinois']],
    [
      'the Friday before an Independence Day on a Saturday',
      '2026-07-03',
      ['us-federal', 'district-of-columbia', 'illinois'],
    ],
  ])('%s', (_, date, calendars) => {
    expect(having(date)).toEqual(calendars);
  });
});
