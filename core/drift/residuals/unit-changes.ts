/** Detects weather whose unit has changed: its values are unusual for the season, but usual after a conversion. */
import {
  WEATHER_COLUMNS,
  byColumn,
  weatherFacts,
  type WeatherColumn,
  type WeatherQuantity,
} from '../../../contracts/weather-columns.ts';
import { dayOfYearOf } from '../../../contracts/calendar.ts';
import { MOST_INCHES } from '../../ingest/suspect-units.ts';
import type { ResidualRules } from '../decision/drift-rules.ts';
import type { HourResidual } from './hour-residual.ts';
import { MM_PER_INCH } from '../../../contracts/weather-ranges.ts';
import { shortNumber } from '../../report/short-number.ts';
import { median, spreadOf, type Spread } from './robust.ts';
import { weatherDays, type WeatherValue } from './weather-days.ts';
import type { WeekFinding } from './week-finding.ts';

interface Conversion {
  /** Suspected unit of the values. */
  readonly unit: string;
  readonly back: (value: number) => number;
}

const scaled = (unit: string, factor: number): Conversion => ({ unit, back: (value) => value / factor });
const LENGTHS = [scaled('mm', MM_PER_INCH), scaled('cm', MM_PER_INCH / 10), scaled('tenths of mm', 254)];

const TEMPERATURES: readonly Conversion[] = [
  { unit: '°C', back: (value) => value * 1.8 + 32 },
  { unit: 'tenths of °C', back: (value) => value * 0.18 + 32 },
  { unit: 'K', back: (value) => (value - 273.15) * 1.8 + 32 },
];

const WINDS = [scaled('m/s', 0.44704), scaled('km/h', 1.609344), scaled('tenths of m/s', 4.4704)];

const CONVERSIONS: Readonly<Record<WeatherQuantity, readonly Conversion[]>> = {
  temperature: TEMPERATURES,
  rain: LENGTHS,
  snow: LENGTHS,
  wind: WINDS,
};

/** Represents the columns whose amounts are compared without season, because most days have none. */
type AmountColumn = keyof typeof MOST_INCHES;

const isAmount = (column: WeatherColumn): column is WeatherColumn & AmountColumn => column in MOST_INCHES;

/** Sets the days before and after that count as the same season. The window doubles if reference has too few of them. */
const SEASON_DAYS = 21;
const FEWEST_DAYS = 10;
const YEAR_DAYS = 365;
/** Sets the minimum number of days for a comparison of exact values, and shares of values that must occur in reference. */
const FEWEST_VALUES = 3;
const KNOWN_AS_THEY_ARE = 0.34;
const KNOWN_CONVERTED = 0.75;
/** Sets the number of decimals of a reading. */
const DECIMALS = 100;
/** Is the factor above all of reference from which even one amount indicates another unit, if it is also above `MOST_INCHES`. */
const BEYOND_MOST = 1.5;

export class WeatherUnits {
  readonly #rules: ResidualRules['unit'];
  readonly #days: Readonly<Record<WeatherColumn, readonly SeasonDay[]>>;

  constructor(reference: readonly HourResidual[], rules: ResidualRules['unit']) {
    this.#rules = rules;
    this.#days = byColumn(WEATHER_COLUMNS, (name) => weatherDays(reference, name).flatMap(seasonDay));
  }

  findings(current: readonly HourResidual[]): WeekFinding[] {
    return WEATHER_COLUMNS.flatMap((column) => {
      const { quantity, unit: expected } = weatherFacts(column);
      const days = weatherDays(current, column).flatMap(seasonDay);
      const amounts = isAmount(column);
      const off = amounts
        ? this.#amountsOff(column, this.#days[column], days)
        : this.#seasonOff(this.#days[column], days);
      if (!off) return [];
      const fitting = CONVERSIONS[quantity]
        .map(({ unit, back }) => ({ unit, back, z: Math.abs(off(back)) }))
        // Amounts may fit several units. The first one is the most likely.
        .toSorted((a, b) => (amounts ? 0 : a.z - b.z))
        .find(({ back, z }) => {
          if (z > this.#rules.fits) return false;
          const asIs = off((value) => value);
          // Lower amounts than usual mean a dry week or melting snow.
          const isOff = (amounts ? asIs : Math.abs(asIs)) >= this.#rules.sigmas;
          return isOff || (!amounts && areReadingsOf(this.#days[column], days, back));
        });
      if (!fitting) return [];
      const typical = median(days.map(({ value }) => value));
      const text = `(median ${shortNumber(typical)}) fits reference in ${fitting.unit}, but not in ${expected}: its unit has changed`;
      return [{ kind: 'changed_unit' as const, column, text }];
    });
  }

  /** Returns the difference of the week's median from the season's, in standard deviations of a single day. */
  #seasonOff(reference: readonly SeasonDay[], days: readonly SeasonDay[]): Off | undefined {
    if (days.length === 0) return undefined;
    const seasons: (Spread | undefined)[] = days.map(({ ofYear }) => seasonAt(reference, ofYear));
    if (seasons.some((season) => !season || season.deviation === 0)) return undefined;
    return (back) =>
      median(days.map(({ value }, i) => (back(value) - seasons[i]!.centre) / seasons[i]!.deviation)) *
      // Days of a week are not independent, so seven days count as two.
      Math.SQRT2;
  }

  /**
   * Returns the same difference for amounts, of the mean logarithm of positive amounts or of the largest amount. A week of much snow
   * is no such difference, because one winter says little about how much the next one brings.
   */
  #amountsOff(
    column: AmountColumn,
    reference: readonly SeasonDay[],
    days: readonly SeasonDay[],
  ): Off | undefined {
    const [known, fallen] = [reference, days].map((each) =>
      each.map(({ value }) => value).filter((value) => value > 0),
    ) as [number[], number[]];
    if (known.length < FEWEST_DAYS || fallen.length === 0) return undefined;
    const logs = known.map(Math.log);
    const centre = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - centre) ** 2, 0) / logs.length);
    if (deviation === 0) return undefined;
    const possible = Math.max(BEYOND_MOST * Math.max(...known), MOST_INCHES[column]);
    const isSnow = weatherFacts(column).quantity === 'snow';
    return (back) => {
      const values = fallen.map(back);
      if (Math.max(...values) > possible) return Infinity;
      if (isSnow) return 0;
      const mean = values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
      return ((mean - centre) / deviation) * Math.SQRT2;
    };
  }
}

/**
 * Tells whether values were converted. Instruments read in steps, so reference contains most possible values. Values that occur in
 * reference only after a conversion were converted. Amounts are excluded, because most are small and occur in any unit.
 */
function areReadingsOf(
  reference: readonly SeasonDay[],
  days: readonly SeasonDay[],
  back: (value: number) => number,
): boolean {
  const step = (value: number) => Math.round(value * DECIMALS);
  const readings = new Set(reference.map(({ value }) => step(value)));
  const values = days.map(({ value }) => value).filter((value) => value !== 0);
  if (values.length < FEWEST_VALUES) return false;
  const known = (convert: (value: number) => number) =>
    values.filter((value) => readings.has(step(convert(value)))).length / values.length;
  return known((value) => value) <= KNOWN_AS_THEY_ARE && known(back) >= KNOWN_CONVERTED;
}

type Off = (back: (value: number) => number) => number;

interface SeasonDay {
  readonly value: number;
  readonly ofYear: number;
}

function seasonDay({ day, value }: WeatherValue): SeasonDay[] {
  return value === null ? [] : [{ value, ofYear: dayOfYearOf(day) }];
}

function seasonAt(reference: readonly SeasonDay[], ofYear: number): Spread | undefined {
  for (const width of [SEASON_DAYS, 2 * SEASON_DAYS]) {
    const values = reference.filter((day) => apart(day.ofYear, ofYear) <= width).map(({ value }) => value);
    if (values.length >= FEWEST_DAYS) return spreadOf(values);
  }
  return undefined;
}

function apart(a: number, b: number): number {
  const days = Math.abs(a - b);
  return Math.min(days, YEAR_DAYS - days);
}
