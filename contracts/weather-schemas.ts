/** Schemas of the weather of one hour, shared by the prediction service and the console. */
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

/** Null and missing values are imputed and named in the answer. */
export const OptionalWeather = byColumn(OPTIONAL_WEATHER_INPUTS, (name) =>
  Type.Optional(
    Type.Union([numberOf(name), Type.Null()], { description: `${expectedWeather(name)}, or null` }),
  ),
);

/** The optional inputs as query parameters, which have no null. */
export const OptionalWeatherQuery = byColumn(OPTIONAL_WEATHER_INPUTS, (name) =>
  Type.Optional(numberOf(name, expectedWeather(name))),
);
