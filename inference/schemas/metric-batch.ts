/** Builds the schema of a batch with weather in °C, mm and m/s. Its ranges are converted from those of °F, inches and mph. */
import type { TArray, TObject, TSchema } from 'typebox';
import { WEATHER_INPUTS, type WeatherInput } from '../../contracts/weather-columns.ts';
import { expectedWeather, rangeOf } from '../../contracts/weather-ranges.ts';
import { ROWS_FIELD } from './body-limits.ts';

type Rows = TArray<TObject>;

export function metricBatch(batch: TObject): TObject {
  const list = batch.properties[ROWS_FIELD] as Rows;
  const properties = { ...list.items.properties };
  for (const name of WEATHER_INPUTS) {
    const field = properties[name];
    if (field) properties[name] = metricField(name, field);
  }
  const items = { ...list.items, properties };
  return { ...batch, properties: { [ROWS_FIELD]: { ...list, items } } };
}

/**
 * Converts the range of a field.
 * @param field a number, or a union of one and null.
 */
function metricField(name: WeatherInput, field: TSchema): TSchema {
  const { anyOf, description, ...rest } = field as TSchema &
    Described & { readonly anyOf?: readonly TSchema[] };
  const { min: minimum, max: maximum } = rangeOf(name, true);
  const bounds = { minimum, maximum };
  return {
    ...rest,
    ...(anyOf ? { anyOf: anyOf.map((one) => ('minimum' in one ? { ...one, ...bounds } : one)) } : bounds),
    ...(description === undefined
      ? {}
      : { description: description.replace(expectedWeather(name), expectedWeather(name, true)) }),
  };
}

interface Described {
  readonly description?: string;
}
