/** A batch whose weather is in °C, mm and m/s. Its ranges are those of °F, inches and mph, converted. */
import { Type, type TArray, type TObject, type TSchema } from 'typebox';
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
  const { anyOf, description } = field as { anyOf?: TSchema[]; description?: string };
  const number = (anyOf?.find((one) => 'minimum' in one) ?? field) as unknown as Bounds;
  // Rounded inwards, so that what is accepted here is accepted after conversion.
  const minimum = Math.ceil(toMetric(name, number.minimum) * 10) / 10;
  const maximum = Math.floor(toMetric(name, number.maximum) * 10) / 10;
  const range = `${number.minimum} to ${number.maximum} ${unitOf(name, false)}`;
  const said = description?.replace(range, `${minimum} to ${maximum} ${unitOf(name, true)}`);
  const metric = Type.Number({ minimum, maximum });
  const options = said === undefined ? {} : { description: said };
  const isOptional = '~optional' in field;
  const schema = anyOf
    ? Type.Union([metric, Type.Null()], options)
    : Type.Number({ minimum, maximum, ...options });
  return isOptional ? Type.Optional(schema) : schema;
}

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}
