/** Computes metrics by group of hours, to show which hours the model predicts badly. */
import type { FrameRow } from '../../contracts/frame.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';
import { epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import { hourGroupOf } from '../training/calibration.ts';
import { regressionMetrics, type Scored } from './regression-metrics.ts';

export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Is in inches per day. The feature `wet` uses the same threshold. */
const WET_INCHES = 0.02;
/** Is the daily maximum in °F: about the means of New York's December and June. */
const COLD_BELOW = 45;
const HOT_FROM = 80;

/** Definitions of the groups by weather. Weather is that of the day, in the units of contracts/frame.ts. */
export const WEATHER_BINS = {
  wet: `PRCP above ${WET_INCHES} in`,
  dry: `PRCP of ${WET_INCHES} in or less`,
  cold: `TMAX below ${COLD_BELOW} °F`,
  mild: `TMAX from ${COLD_BELOW} to below ${HOT_FROM} °F`,
  hot: `TMAX of ${HOT_FROM} °F or more`,
  snow: 'fresh snow or snow cover (SNOW or SNWD above 0)',
  'no snow': 'neither fresh snow nor snow cover',
  'not observed': 'the day has no observation, and none was carried forward',
} as const;
type WeatherGroup = keyof typeof WEATHER_BINS;

const isKnown = (value: number | null | undefined): value is number => Number.isFinite(value);

function rainOf({ PRCP }: FrameRow): WeatherGroup {
  if (!isKnown(PRCP)) return 'not observed';
  return PRCP > WET_INCHES ? 'wet' : 'dry';
}

function warmthOf({ TMAX }: FrameRow): WeatherGroup {
  if (!isKnown(TMAX)) return 'not observed';
  if (TMAX < COLD_BELOW) return 'cold';
  return TMAX < HOT_FROM ? 'mild' : 'hot';
}

function snowOf({ SNOW, SNWD }: FrameRow): WeatherGroup {
  if (!isKnown(SNOW) && !isKnown(SNWD)) return 'not observed';
  return (SNOW ?? 0) > 0 || (SNWD ?? 0) > 0 ? 'snow' : 'no snow';
}

/** Names of the groups of hours whose interval is calibrated together: `00–05`, ... */
const HOUR_GROUPS: readonly string[] = Array.from({ length: 24 }, (_, hour) => {
  const hours = Array.from({ length: 24 }, (_, each) => each).filter(
    (each) => hourGroupOf(each) === hourGroupOf(hour),
  );
  return [hours[0]!, hours.at(-1)!].map((each) => String(each).padStart(2, '0')).join('–');
});

export type MetricsBy = Readonly<Record<string, RegressionMetrics>>;

export interface GroupedMetrics {
  readonly byMonth: MetricsBy;
  readonly byWeekday: MetricsBy;
  /** Keys are `0` to `23`. */
  readonly byHour: MetricsBy;
  /** Groups of hours whose interval is calibrated together. */
  readonly byHourGroup: MetricsBy;
  /** Three divisions of the same hours. `WEATHER_BINS` defines the names. */
  readonly byWeather: {
    readonly rain: MetricsBy;
    readonly warmth: MetricsBy;
    readonly snow: MetricsBy;
  };
  /** US federal holidays and all other days. */
  readonly byHoliday: MetricsBy;
}

/** @param scored one element per row, in the order of `rows`. */
export function groupedMetrics(rows: readonly FrameRow[], scored: readonly Scored[]): GroupedMetrics {
  const by = (keyOf: (row: FrameRow) => string, order: readonly string[] = []): MetricsBy =>
    metricsBy(rows, scored, keyOf, order);
  return {
    byMonth: by(({ date }) => date.slice(0, 7)),
    byWeekday: by(({ date }) => WEEKDAYS[weekdayOf(epochDayOf(date))]!, WEEKDAYS),
    byHour: by(({ hour }) => String(hour)),
    byHourGroup: by(({ hour }) => HOUR_GROUPS[hour]!, HOUR_GROUPS),
    byWeather: {
      rain: by(rainOf, ['dry', 'wet']),
      warmth: by(warmthOf, ['cold', 'mild', 'hot']),
      snow: by(snowOf, ['no snow', 'snow']),
    },
    byHoliday: by(({ holiday }) => (holiday > 0 ? 'holiday' : 'other day'), ['other day', 'holiday']),
  };
}

/** Returns the metrics of each group with rows: first the groups of `order`, then the others in order of occurrence. */
function metricsBy(
  rows: readonly FrameRow[],
  scored: readonly Scored[],
  keyOf: (row: FrameRow) => string,
  order: readonly string[] = [],
): Record<string, RegressionMetrics> {
  const groups = Map.groupBy(scored.keys(), (i) => keyOf(rows[i]!));
  const names = new Set([...order, ...groups.keys()]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const indices = groups.get(name);
      return indices ? [[name, regressionMetrics(indices.map((i) => scored[i]!))]] : [];
    }),
  );
}
