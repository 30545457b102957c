/** Parses and builds names of published files: system, months, and rides or processed hours. */
import { monthsOf } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import type { System } from '../../contracts/options.ts';

export interface TripFileName {
  readonly system: System;
  /** `year-archive` is a zip that contains zips of months, as published for 2013 to 2023. */
  readonly kind: 'archive' | 'hourly' | 'year-archive';
  /** Months in the name of the file, in order. */
  readonly months: readonly Month[];
}

/** First month that was published as an archive. The archive of its year begins with it. */
const FIRST_MONTH: Readonly<Record<System, Month>> = { nyc: '2013-06', jc: '2015-09' };

/** Irregular names under which two months of jc were published. */
const MISSPELT: Readonly<Record<Month, string>> = {
  '2017-08': 'JC-201708 citibike-tripdata.csv.zip',
  '2022-07': 'JC-202207-citbike-tripdata.csv.zip',
};

const MONTH_ARCHIVE = /^(JC-)?(\d{4})(0[1-9]|1[0-2])[- ]citi?bike-tripdata(?:\.csv)?\.zip$/i;
const YEAR_ARCHIVE = /^(JC-)?(\d{4})-citi?bike-tripdata(?:\.csv)?\.zip$/i;
const HOURLY = /^(?:citibike-hourly-(\d{4})(?:-q([1-4]))?|(\d{4})-citibike-tripdata)\.parquet$/i;
const WEATHER = /^weather-daily-(\d{4}).*\.csv$/i;

/** @returns undefined for any other name. */
export function parseTripFileName(name: string): TripFileName | undefined {
  const month = MONTH_ARCHIVE.exec(name);
  if (month) {
    return {
      system: month[1] ? 'jc' : 'nyc',
      kind: 'archive',
      months: [`${month[2]!}-${month[3]!}`],
    };
  }
  const year = YEAR_ARCHIVE.exec(name);
  if (year) {
    const system = year[1] ? 'jc' : 'nyc';
    const months = monthsOfYear(year[2]!).filter((each) => each >= FIRST_MONTH[system]);
    return { system, kind: 'year-archive', months };
  }
  const hourly = HOURLY.exec(name);
  if (!hourly) return undefined;
  const months = monthsOfYear((hourly[1] ?? hourly[3])!);
  const quarter = hourly[2] ? Number(hourly[2]) : undefined;
  return {
    system: 'nyc',
    kind: 'hourly',
    months: quarter ? months.slice((quarter - 1) * 3, quarter * 3) : months,
  };
}

/** Returns the year of a weather file `weather-daily-YYYY*.csv`, or undefined. */
export function parseWeatherFileName(name: string): number | undefined {
  const match = WEATHER.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** Returns names to try for a source without a listing. The newest style comes first. */
export function candidateNames(system: System, month: Month): string[] {
  const compact = month.replace('-', '');
  const year = month.slice(0, 4);
  return system === 'nyc'
    ? [
        `${compact}-citibike-tripdata.zip`,
        `${compact}-citibike-tripdata.csv.zip`,
        `citibike-hourly-${year}.parquet`,
        `${year}-citibike-tripdata.zip`,
      ]
    : [
        `JC-${compact}-citibike-tripdata.csv.zip`,
        `JC-${compact}-citibike-tripdata.zip`,
        ...(MISSPELT[month] ? [MISSPELT[month]] : []),
      ];
}

/** Folder for months that fail the quality gate of `citibike preprocess`. `explore` ignores it. */
export const REJECTED_FOLDER = 'rejected';

/** Marks a folder as synthetic. */
export const SYNTHETIC_MARKER = 'SYNTHETIC.json';

function monthsOfYear(year: string): Month[] {
  return monthsOf({ from: `${year}-01`, to: `${year}-12` });
}
