/**
 * Measures the errors of weather forecasts and writes core/forecast/measured-errors.ts: `node tests/bench/forecast/measure-errors.ts
 * FOLDER`. FOLDER holds forecasts/ and weather/ (docs/forecast.md names the files). The files themselves are not in the repository.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { addDays, daysBetween } from '../../../contracts/calendar.ts';
import {
  LAST_LEAD,
  WET_DAY,
  amountErrors,
  moments,
  temperatureErrors,
  tenths,
  type ForecastErrors,
} from '../../../core/forecast/forecast-errors.ts';

type Row = Readonly<Record<string, string>>;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: measure-errors.ts FOLDER');

const OUT = path.join(import.meta.dirname, '..', '..', '..', 'core', 'forecast', 'measured-errors.ts');

/** Cities of ten American systems; Newark stands for Jersey City. */
const CITIES = new Set(
  [
    ['NEW_YORK_CITY', 'NY'],
    ['NEWARK', 'NJ'],
    ['BOSTON', 'MA'],
    ['CHICAGO', 'IL'],
    ['WASHINGTON', 'DC'],
    ['SAN_FRANCISCO', 'CA'],
    ['LOS_ANGELES', 'CA'],
    ['PHILADELPHIA', 'PA'],
    ['PITTSBURGH', 'PA'],
    ['COLUMBUS', 'OH'],
  ].map((city) => city.join(' ')),
);

/** Holds the words of the bulletins that announce rain or snow. */
const RAIN_WORDS = new Set(
  'SHWRS TSTRMS RAIN SNOW SNOSHW RNSNOW FZRAIN DRZL SLEET FZDRZL FLRRYS BLZZRD BLGSNO'.split(' '),
);

function rowsOf(file: string): Row[] {
  const bytes = readFileSync(path.join(folder!, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const [header = '', ...lines] = text.trim().replaceAll('"', '').split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** Returns a number, or undefined for an empty cell, `NA` and `MM`. */
function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Computes the errors one day ahead: forecast of the evening before, the coming day's maximum and the night's minimum. */
function dayAhead() {
  return rowsOf('forecasts/nws-160-cities-max-min-12-48h-2021-01_2022-02.csv.gz')
    .filter(({ city, state }) => CITIES.has(`${city} ${state}`))
    .flatMap((row) => {
      const [high, highSeen] = [numberOf(row['forecast_hi_prev_PM']), numberOf(row['actual_hi_next_AM'])];
      const [low, lowSeen] = [numberOf(row['forecast_lo_prev_PM']), numberOf(row['actual_lo_next_AM'])];
      if (high === undefined || highSeen === undefined || low === undefined || lowSeen === undefined)
        return [];
      return [{ TMAX: high - highSeen, TMIN: low - lowSeen }];
    });
}

/** Growth of the error of the maximum with the lead day, as a factor on that of lead day 1. */
function growthByLead() {
  const seen = new Map(
    rowsOf('forecasts/nws-las-vegas-cli-observations-2026-03_08.csv.gz').map((row) => [
      row['obs_date'],
      numberOf(row['max_temp_f']),
    ]),
  );
  const errors = Array.from({ length: LAST_LEAD + 1 }, (): number[] => []);
  for (const row of rowsOf('forecasts/nws-las-vegas-forecasts-lead0-6-2026-03_08.csv.gz')) {
    // Las Vegas has summer time, UTC−7, in all months of the file.
    const issued = new Date(Date.parse(row['retrieved_at']!) - 7 * 3_600_000).toISOString().slice(0, 10);
    const lead = daysBetween(issued, row['forecast_date']!).length - 1;
    const [told, actual] = [numberOf(row['high_temp_f']), seen.get(row['forecast_date'])];
    if (told !== undefined && actual !== undefined) errors[lead]?.push(told - actual);
  }
  const deviations = errors.map((values) => moments(values).deviation);
  return {
    factors: deviations.map((deviation) => deviation / deviations[1]!),
    counts: errors.map((values) => values.length),
  };
}

/** Computes the rain of the day after the bulletin of 08:50, from the gauge until 8 am of the next. */
function rainWords() {
  const bulletins = new Map(
    rowsOf('forecasts/nws-selected-cities-0850am-bulletins-2021-01_2022-05.csv.gz')
      .filter(({ city }) => isCity(city!))
      .map((row) => [`${row['city']} ${row['issued_date']}`, row]),
  );
  return [...bulletins.values()].flatMap((row) => {
    const after = bulletins.get(`${row['city']} ${addDays(row['issued_date']!, 2)}`);
    if (!after || numberOf(after['obs_hi']) === undefined) return [];
    const word = row['wx_day1']!;
    if (word === '' || word === 'MISG') return [];
    return [{ told: RAIN_WORDS.has(word), inches: numberOf(after['obs_pcpn_24h_to_8am']) ?? 0 }];
  });
}

function isCity(name: string): boolean {
  return [...CITIES].some((city) => {
    const plain = city.replaceAll('_', ' ');
    return name === plain || name === plain.replace(/ ..$/, '') || name === plain.replace(/ CITY ..$/, '');
  });
}

/** The gauge and anemometer of LaGuardia against an analysis of the same day, which no forecast can beat. */
function gaugeAndAnalysis() {
  const analysis = new Map(
    rowsOf('forecasts/nyc-daily-actual-and-model-max-2022_2026.csv.gz').map((row) => [
      row['target_date'],
      row,
    ]),
  );
  const days = ['2023', '2024'].flatMap((year) => rowsOf(`weather/weather-daily-${year}.csv`));
  const pairs = (observed: string, analysed: string, least: number) =>
    days.flatMap((row): [number, number][] => {
      const [seen, told] = [numberOf(row[observed]), numberOf(analysis.get(row['DATE'])?.[analysed])];
      return seen === undefined || told === undefined || seen < least || told < least ? [] : [[told, seen]];
    });
  return { rain: pairs('PRCP', 'atm_precip_total', WET_DAY), wind: pairs('AWND', 'atm_wind_mean', 0.1) };
}

const ahead = dayAhead();
const base = temperatureErrors(ahead);
const growth = growthByLead();
const words = rainWords();
const share = (told: boolean) => {
  const days = words.filter((day) => day.told === told);
  return days.filter(({ inches }) => inches >= WET_DAY).length / days.length;
};
const amounts = (told: boolean) =>
  words.filter((day) => day.told === told && day.inches >= WET_DAY).map(({ inches }) => inches);
const { rain, wind } = gaugeAndAnalysis();

const errors: ForecastErrors = {
  temperature: growth.factors.map((factor) => ({
    bias: base.bias,
    deviation: { TMAX: base.deviation.TMAX * factor, TMIN: base.deviation.TMIN * factor },
    correlation: base.correlation,
  })),
  rain: {
    chance: { wet: share(true), dry: share(false) },
    amount: amountErrors(rain),
    announced: tenths(amounts(true)),
    missed: tenths(amounts(false)),
  },
  wind: moments(wind.map(([told, seen]) => Math.log(seen / told))).deviation,
};

const rounded = JSON.stringify(errors, (_, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
);
writeFileSync(
  OUT,
  `/**
 * Measured errors of forecasts of the National Weather Service. tests/bench/forecast/measure-errors.ts writes this file; do not edit it.
 *
 * Temperatures, lead day 1: ${ahead.length} forecasts for ten cities, 2021-01 to 2022-02, 24 hours ahead (github.com/speegled/weather_forecasts,
 * cc89094185c9). Growth with the lead: the maximum of Las Vegas, 2026-03 to 2026-08 (github.com/jjha911-a11y/nws-forecast-collector,
 * a0223775f34a), lead days 0 to 7: ${growth.counts.join(', ')} forecasts. Its minimum errs in a night and is observed in a day, so it
 * has the growth of the maximum.
 * Rain by words: ${words.length} bulletins for the same cities, 2021-01 to 2022-05 (the first source). Amounts: ${rain.length} wet days, and wind: ${wind.length}
 * days, of LaGuardia, 2023 and 2024, by an analysis of the same day (github.com/hwaheed13/nws-forecast-logger, b54cff2c4b9b).
 */
import type { ForecastErrors } from './forecast-errors.ts';

export const MEASURED_ERRORS: ForecastErrors = ${rounded};
`,
);
