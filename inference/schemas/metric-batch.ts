/** A batch whose weather is in °C, mm and m/s. Its ranges are those of °F, inches and mph, converted. */
import type { TArray, TObject, TSchema } from 'typebox';
import { WEATHER_INPUTS, type WeatherInput } from '../../contracts/weather-columns.ts';
import { toMetric, unitOf } from '../../core/quality/weather-units.ts';
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

/** @param field a number, or a union of one and null. */
function metricField(name: WeatherInput, field: TSchema): TSchema {
  const { anyOf, description, ...rest } = field as TSchema &
    Bounded & { readonly anyOf?: readonly Bounded[] };
  const { minimum, maximum } = anyOf?.find((one) => 'minimum' in one) ?? rest;
  const bounds = {
    // Rounded inwards, so that what is accepted here is accepted after conversion.
    minimum: Math.ceil(tenths(toMetric(name, minimum!))) / 10,
    maximum: Math.floor(tenths(toMetric(name, maximum!))) / 10,
  };
  const range = `${minimum} to ${maximum} ${unitOf(name, false)}`;
  const metricRange = `${bounds.minimum} to ${bounds.maximum} ${unitOf(name, true)}`;
  return {
    ...rest,
    ...(anyOf ? { anyOf: anyOf.map((one) => ('minimum' in one ? { ...one, ...bounds } : one)) } : bounds),
    ...(description === undefined ? {} : { description: description.replace(range, metricRange) }),
  };
}

/** Without the last digits, which depend on the order of the arithmetic. */
function tenths(value: number): number {
  return Number((value * 10).toFixed(6));
}

interface Bounded {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}
