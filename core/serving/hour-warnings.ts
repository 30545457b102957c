/** Warns about hours and weather beyond the training data of a model. */
import { normalHighsOfModel } from '../../contracts/former-place.ts';
import type { HourlyInput, ModelSpec } from '../../contracts/model.ts';
import { NO_WARNINGS, type PredictionWarning } from '../../contracts/prediction-warnings.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import type { WeatherInput } from '../../contracts/weather-columns.ts';
import type { FeatureSet } from '../features/feature-set.ts';
import { suspectUnits } from '../ingest/suspect-units.ts';
import { shownWeather } from '../ingest/metric-weather.ts';
import { GROWTH_MONTHS, growthSpanOf } from './growth-factor.ts';

/** Returns a function from an hour and its day since 1970-01-01 to warnings. Most hours share one empty list. */
export function createHourWarnings(
  set: FeatureSet,
  spec: ModelSpec,
): (input: HourlyInput, day: number) => readonly PredictionWarning[] {
  const { trainedOn } = spec;
  const normalHighs = normalHighsOfModel(spec);
  const span = growthSpanOf(spec);
  const origin = epochDayOf(spec.growth.origin);
  const [first, last] = [origin + span.first, origin + span.last];
  const growthHeld = (side: string, level: string): PredictionWarning => ({
    code: 'growth_held',
    message:
      `the hour is more than ${GROWTH_MONTHS} months ${side} the training months ${trainedOn.from} to ${trainedOn.to}; ` +
      `growth is held at its level of ${level}`,
    field: 'date',
  });
  const [before, after] = [growthHeld('before', span.firstDay), growthHeld('after', span.lastDay)];
  const ranges = set.weather.flatMap((name): Range[] => {
    const range = trainedOn.weather?.[name];
    return range ? [{ name, min: range[0], max: range[1] }] : [];
  });

  return (input, day) => {
    let warnings: PredictionWarning[] | undefined;
    if (day > last) (warnings ??= []).push(after);
    else if (day < first) (warnings ??= []).push(before);
    for (let i = 0; i < ranges.length; i++) {
      const range = ranges[i]!;
      const value = input.weather[range.name];
      if (typeof value === 'number' && (value < range.min || value > range.max)) {
        (warnings ??= []).push(outsideTraining(range, value, input.writtenInMetric === true));
      }
    }
    // A request that names its units is not suspect.
    const suspect = input.writtenInMetric ? undefined : suspectUnits(input, normalHighs);
    if (suspect) {
      (warnings ??= []).push({
        code: 'units_suspect',
        message:
          `${suspect.field} ${shownWeather(suspect.field, suspect.value, false)} is ${suspect.why}; ` +
          'for weather in °C, mm and m/s send ?units=metric (citibike predict --units metric)',
        field: suspect.field,
      });
    }
    return warnings ?? NO_WARNINGS;
  };
}

interface Range {
  readonly name: WeatherInput;
  readonly min: number;
  readonly max: number;
}

function outsideTraining({ name, min, max }: Range, value: number, metric: boolean): PredictionWarning {
  const [from, to] = [min, max].map((end) => shownWeather(name, end, metric));
  return {
    code: 'weather_outside_training',
    message: `${name} ${shownWeather(name, value, metric)} is outside the range of the training data, ${from} to ${to}`,
    field: name,
  };
}
