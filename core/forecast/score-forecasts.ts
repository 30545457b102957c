/** Scores forecasts of hours whose trips are published, by lead day. */
import { FORECAST_INTERVALS, type ForecastInterval } from '../../contracts/demand-forecast.ts';
import type { ForecastScore, IssuedHour } from '../../contracts/forecast-score.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import { regressionMetrics, type Scored } from '../evaluation/regression-metrics.ts';

/** Represents what a version is compared with, in the order of the rows. Null if it cannot be computed any more. */
export interface VersionBaselines {
  /** Mean of its training hours by hour, weekday and month. */
  readonly naive: readonly number[] | null;
  /** Its own predictions from the observed weather, without level. */
  readonly observed: readonly number[] | null;
}

/**
 * Scores each lead day. An hour without trips in the rows does not count.
 * @param issued at most one forecast per hour and lead day.
 * @param rows the hours of the month.
 * @param baselines by version.
 */
export function scoreForecasts(
  issued: readonly IssuedHour[],
  rows: readonly Pick<FrameRow, 'date' | 'hour' | 'trips'>[],
  baselines: ReadonlyMap<string, VersionBaselines>,
): ForecastScore[] {
  const rowOf = new Map(rows.map(({ date, hour }, i) => [`${date} ${hour}`, i]));
  const compared = issued.flatMap((forecast): ComparedHour[] => {
    const row = rowOf.get(`${forecast.date} ${forecast.hour}`);
    if (row === undefined) return [];
    const baseline = baselines.get(forecast.version);
    return [
      {
        ...forecast,
        actual: rows[row]!.trips,
        naive: baseline?.naive?.[row] ?? null,
        observed: baseline?.observed?.[row] ?? null,
      },
    ];
  });
  return [...Map.groupBy(compared, ({ leadDay }) => leadDay)]
    .toSorted(([a], [b]) => a - b)
    .map(([leadDay, hours]) => leadDayScore(leadDay, hours));
}

interface ComparedHour extends IssuedHour {
  readonly actual: number;
  readonly naive: number | null;
  readonly observed: number | null;
}

function leadDayScore(leadDay: number, hours: readonly ComparedHour[]): ForecastScore {
  const scored = hours.map(({ actual, prediction, intervals }): Scored => ({
    actual,
    prediction,
    ...intervals[0.9],
  }));
  const { rmse, mae, bias, width, winkler } = regressionMetrics(scored);
  const rmseNaive = rmseOf(hours, ({ naive }) => naive);
  return {
    leadDay,
    hours: hours.length,
    issues: new Set(hours.map(({ issuedAt }) => issuedAt)).size,
    versions: [...new Set(hours.map(({ version }) => version))].sort((a, b) => Number(a) - Number(b)),
    rmse,
    mae,
    bias,
    coverage: coverageOf(hours),
    // Every hour has bounds, so both are there.
    width: width!,
    winkler: winkler!,
    climatologyShare: hours.filter(({ weather }) => weather === 'climatology').length / hours.length,
    rmseNaive,
    skill: rmseNaive ? 1 - rmse / rmseNaive : null,
    rmseObserved: rmseOf(hours, ({ observed }) => observed),
  };
}

function coverageOf(hours: readonly ComparedHour[]): ForecastScore['coverage'] {
  const [half, eighty, ninety] = FORECAST_INTERVALS;
  const share = (interval: ForecastInterval) =>
    hours.filter(
      ({ actual, intervals: { [interval]: bounds } }) => actual >= bounds.lower && actual <= bounds.upper,
    ).length / hours.length;
  return { [half]: share(half), [eighty]: share(eighty), [ninety]: share(ninety) };
}

/** Returns null unless all hours have the prediction, so that it is compared on the same hours. */
function rmseOf(
  hours: readonly ComparedHour[],
  predictionOf: (hour: ComparedHour) => number | null,
): number | null {
  const scored = hours.flatMap((hour): Scored[] => {
    const prediction = predictionOf(hour);
    return prediction === null ? [] : [{ actual: hour.actual, prediction }];
  });
  return scored.length === hours.length ? regressionMetrics(scored).rmse : null;
}
