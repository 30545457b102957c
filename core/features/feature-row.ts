/** Computes the raw features of an hour that a caller gives. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { HourlyInput, ModelSpec } from '../../contracts/model.ts';
import { showValue } from '../../contracts/show-value.ts';
import { WEATHER_INPUTS, type WeatherInput } from '../../contracts/weather-columns.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { placeOfModel } from '../../contracts/former-place.ts';
import type { Place } from '../../contracts/systems.ts';
import { addBasicFeatures } from './basic-features.ts';
import { addDemandFeatures } from './demand-features.ts';
import { createFeatureSet, type FeatureSet, type FeatureTable, type ResolvedHour } from './feature-set.ts';

const FEATURE_TABLES: Readonly<Record<ModelSpec['featureSet'], FeatureTable>> = {
  seed: addBasicFeatures,
  demand: addDemandFeatures,
};

/** Returns the features that a new model is trained with at a place. */
export function featureSetOf(name: ModelSpec['featureSet'], place: Place): FeatureSet {
  const table = Object.hasOwn(FEATURE_TABLES, name) ? FEATURE_TABLES[name] : undefined;
  if (!table) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `featureSet: got ${showValue(name)}, expected one of ${Object.keys(FEATURE_TABLES).join(', ')}`,
    );
  }
  return createFeatureSet(name, table, place);
}

/**
 * Returns the features that a stored model was trained with, at its place.
 * @throws CitibikeError BAD_MODEL when this version of the code does not compute one of them.
 */
export function featuresOfModel(spec: ModelSpec): FeatureSet {
  return featureSetOf(spec.featureSet, placeOfModel(spec)).select(spec.features);
}

/**
 * Fills what the caller left out: the holiday from the calendar of the place, weather from `imputation`.
 * @returns the hour, and the weather inputs of `set` that were filled.
 * @throws CitibikeError INVALID_INPUT for a date or hour that is none.
 */
export function resolveHour(
  set: FeatureSet,
  input: HourlyInput,
  imputation: ModelSpec['imputation'],
): { resolved: ResolvedHour; imputed: readonly WeatherInput[] } {
  const day = epochDayOf(input.date);
  const { hour } = input;
  if (!Number.isInteger(hour) || hour < 0 || hour > 23) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `hour: got ${showValue(hour)}, expected an integer from 0 to 23`,
      {
        field: 'hour',
        value: hour,
      },
    );
  }
  // A model has medians of all inputs that its features read; the others are not read.
  const weather = { ...imputation } as Record<WeatherInput, number>;
  let missing = 0;
  for (let i = 0; i < WEATHER_INPUTS.length; i++) {
    const name = WEATHER_INPUTS[i]!;
    const value = input.weather[name];
    if (value !== undefined && value !== null && Number.isFinite(value)) weather[name] = value;
    else missing |= 1 << i;
  }
  const holiday = input.holiday ?? (set.dayFacts(day).isHoliday ? 1 : 0);
  return { resolved: { day, hour, holiday, weather }, imputed: imputedOf(set, missing) };
}

/** Caches lists by the bits of `missing`, because most callers omit the same inputs. */
const knownLists = new WeakMap<FeatureSet, Map<number, readonly WeatherInput[]>>();

/** @param missing has bit i set if `WEATHER_INPUTS[i]` was omitted. @returns the omitted inputs that the set reads. */
function imputedOf(set: FeatureSet, missing: number): readonly WeatherInput[] {
  let lists = knownLists.get(set);
  if (!lists) {
    lists = new Map<number, readonly WeatherInput[]>();
    knownLists.set(set, lists);
  }
  let list = lists.get(missing);
  if (!list) {
    list = WEATHER_INPUTS.filter((name, i) => missing & (1 << i) && set.weather.includes(name));
    lists.set(missing, list);
  }
  return list;
}

/** Returns the raw feature row of one hour, in the order of `set.features`. */
export function featureRow(
  set: FeatureSet,
  input: HourlyInput,
  imputation: ModelSpec['imputation'],
): Float64Array {
  const row = new Float64Array(set.features.length);
  set.write(resolveHour(set, input, imputation).resolved, row, 0);
  return row;
}
