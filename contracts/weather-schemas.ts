/** Defines schemas of one hour's weather in °F, inches and mph. */
import { Type, type TNumber } from 'typebox';
import {
  OPTIONAL_WEATHER_INPUTS,
  REQUIRED_WEATHER_INPUTS,
  byColumn,
  weatherFacts,
  type WeatherInput,
} from './weather-columns.ts';
import { expectedWeather } from './weather-ranges.ts';

function numberOf(name: WeatherInput, description?: string): TNumber {
  const { min: minimum, max: maximum } = weatherFacts(name);
  return Type.Number({ minimum, maximum, ...(description === undefined ? {} : { description }) });
}

export const RequiredWeather = byColumn(REQUIRED_WEATHER_INPUTS, (name) =>
  numberOf(name, expectedWeather(name)),
);

/** Defines the optional inputs. The model imputes null and missing values and names them in the answer. */
export const OptionalWeather = byColumn(OPTIONAL_WEATHER_INPUTS, (name) =>
  Type.Optional(
    Type.Union([numberOf(name), Type.Null()], { description: `${expectedWeather(name)}, or null` }),
  ),
);
