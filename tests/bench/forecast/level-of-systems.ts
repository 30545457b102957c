/**
 * Measures what the level rests on: `node tests/bench/forecast/level-of-systems.ts FILE`. FILE is a CSV with city, month and trips of
 * other systems. Prints the spread of their yearly growth, and the error of levels two months ahead. Years before 2025 count, without
 * 2020 to 2022. The year before stands for a version's prediction.
 */
import { readFileSync } from 'node:fs';
import type { ModelSpec } from '../../../contracts/model.ts';
import { estimateLevel, type LevelNoise, type PublishedMonth } from '../../../core/forecast/level.ts';

const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: level-of-systems.ts FILE');

const YEARS = [2013, 2014, 2015, 2016, 2017, 2018, 2019, 2023, 2024];
const MONTHS = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
/** Sets the trips of a month below which a system is not open all month. */
const LEAST_TRIPS = 2000;
/** Is the mean yearly growth, of which a version knows its own. */
const GROWTH = 0.14;
/** Is the variance of a version's growth after a year: a standard error of 6 %. */
const BEFORE = 0.06 ** 2;
/** Fits these months best by maximum likelihood, with variances inverse to the square of demand. */
const FITTED: LevelNoise = { month: 0.011, step: 0.0027 };

const trips = new Map<string, number>();
const [, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
for (const line of lines) {
  const [city, month, count] = line.split(',');
  trips.set(`${city} ${month}`, Number(count));
}
const cities = [...new Set(lines.map((line) => line.split(',')[0]!))];

/** Months of a year with those of the year before as predictions, if both are complete. */
function yearOf(city: string, year: number): PublishedMonth[] {
  const months = MONTHS.flatMap((month): PublishedMonth[] => {
    const actual = trips.get(`${city} ${year}-${month}`) ?? 0;
    const earlier = trips.get(`${city} ${year - 1}-${month}`) ?? 0;
    if (actual < LEAST_TRIPS || earlier < LEAST_TRIPS) return [];
    return [{ month: `${year}-${month}`, hours: 730, actual, predicted: earlier * Math.exp(GROWTH) }];
  });
  return months.length === MONTHS.length ? months : [];
}

const years = cities.flatMap((city) =>
  YEARS.map((year) => yearOf(city, year)).filter((months) => months.length > 0),
);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const growth = years.map(
  (months) =>
    GROWTH +
    Math.log(sum(months.map(({ actual }) => actual)) / sum(months.map(({ predicted }) => predicted))),
);
const middle = median(growth);
const spread = 1.4826 * median(growth.map((value) => Math.abs(value - middle)));
console.log(`${years.length} years: robust standard deviation of yearly growth ${spread.toFixed(3)}`);

/** Error two months ahead as a share of trips. @param equal gives all months the variance of a month of mean demand. */
function errorAhead(noise: LevelNoise | null, equal = false): number {
  let [squares, weights] = [0, 0];
  for (const months of years) {
    const mean = sum(months.map(({ predicted }) => predicted)) / MONTHS.length / 730;
    const spec = { trainedOn: { to: '2000-01' }, target: { mean } } as ModelSpec;
    const known = months.map((month) => (equal ? { ...month, hours: month.predicted / mean } : month));
    months.forEach(({ actual, predicted }, i) => {
      if (i < 2) return;
      const model = { spec, growthMarginAt: () => 1.645 * Math.sqrt(BEFORE) };
      const level = noise && estimateLevel(known.slice(0, i - 1), model, noise);
      const weight = predicted / (mean * 730);
      squares += ((Math.log(actual / predicted) - (level?.log ?? 0)) * weight) ** 2;
      weights += weight ** 2;
    });
  }
  return Math.sqrt(squares / weights);
}

/** The least error over gains, so that the two kinds of variance are compared at their best. */
function best(equal: boolean): number {
  const months = [0.5, 1, 2, 4, 8].map((factor) => ({ ...FITTED, month: FITTED.month * factor }));
  return Math.min(...months.map((noise) => errorAhead(noise, equal)));
}

console.log(
  `error two months ahead: no level ${errorAhead(null).toFixed(4)}, equal variances ${best(true).toFixed(4)},`,
);
console.log(`variances inverse to the square of demand ${best(false).toFixed(4)}`);
