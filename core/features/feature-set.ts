/** Turns an hour at a place into numbers, by the same formulas in training and in serving, so that the two cannot disagree. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { ModelSpec } from '../../contracts/model.ts';
import { showValue } from '../../contracts/show-value.ts';
import { WEATHER_INPUTS, byColumn, type WeatherInput } from '../../contracts/weather-columns.ts';
import type { Place } from '../../contracts/systems.ts';
import { dayFactsAt, type DayFacts, type DayFactsOf } from './day-facts.ts';

/** Represents an hour in which no value is missing. */
export interface ResolvedHour {
  /** Days since 1970-01-01, local time. */
  readonly day: number;
  /** 0..23, wall clock. */
  readonly hour: number;
  /** 1 on a holiday of the place, or as the caller said. */
  readonly holiday: number;
  /** In the units of contracts/weather-columns.ts. */
  readonly weather: Readonly<Record<WeatherInput, number>>;
}

/** Takes the columns of a set in order, each with its name and its raw, unscaled value. */
export interface FeatureColumns {
  add(name: string, value: number): void;
  /** Adds a column that is computed from a weather input. */
  addWeather(name: string, input: WeatherInput, value: number): void;
  /** Adds one column per name: 1 at `index`, 0 elsewhere. */
  addOneHot(names: readonly string[], index: number): void;
  /** Adds one column per name. */
  addAll(names: readonly string[], values: readonly number[]): void;
}

/** Adds every column of a set. Which columns it adds must not depend on the hour. */
export type FeatureTable = (columns: FeatureColumns, hour: ResolvedHour, day: DayFacts) => void;

export interface FeatureSet {
  readonly name: ModelSpec['featureSet'];
  /** Names in the network's input order. */
  readonly features: readonly string[];
  /** Weather inputs that the features are computed from; only these count as imputed when missing. */
  readonly weather: readonly WeatherInput[];
  /** Returns the facts of days at the place of the set. */
  readonly dayFacts: DayFactsOf;
  /** Writes `features.length` raw, unscaled numbers from `offset` on. */
  write(input: ResolvedHour, out: Float64Array, offset: number): void;
  /**
   * Returns a set of these features alone, in this order, so that a version keeps loading when later features are added.
   * @throws CitibikeError BAD_MODEL for a feature that the set does not have.
   */
  select(features: readonly string[]): FeatureSet;
}

export function createFeatureSet(
  name: ModelSpec['featureSet'],
  table: FeatureTable,
  place: Place,
): FeatureSet {
  const dayFacts = dayFactsAt(place);
  const { features, inputs } = describeTable(table, dayFacts);
  const writer = new RowWriter();
  const set: FeatureSet = {
    name,
    features,
    weather: WEATHER_INPUTS.filter((input) => inputs.includes(input)),
    dayFacts,
    write(hour, out, offset) {
      out.fill(0, offset, offset + features.length);
      writer.out = out;
      writer.at = offset;
      table(writer, hour, dayFacts(hour.day));
    },
    select: (wanted) => (wanted.join() === features.join() ? set : selectFeatures(set, inputs, wanted)),
  };
  return set;
}

/** @param inputs the weather input of each feature of `set`. */
function selectFeatures(
  set: FeatureSet,
  inputs: readonly (WeatherInput | undefined)[],
  wanted: readonly string[],
): FeatureSet {
  const places = wanted.map((feature) => set.features.indexOf(feature));
  const unknown = wanted.find((_, i) => places[i]! < 0);
  if (unknown !== undefined) {
    throw new CitibikeError(
      'BAD_MODEL',
      `spec.json: features: ${showValue(unknown)} is not a feature of set '${set.name}' in this release; train the model again`,
      { feature: unknown },
    );
  }
  const row = new Float64Array(set.features.length);
  return {
    ...set,
    features: wanted,
    weather: set.weather.filter((input) => places.some((place) => inputs[place] === input)),
    write(hour, out, offset) {
      set.write(hour, row, 0);
      for (let i = 0; i < places.length; i++) out[offset + i] = row[places[i]!]!;
    },
  };
}

/** Writes into a row of zeros. */
class RowWriter implements FeatureColumns {
  out: Float64Array = new Float64Array(0);
  at = 0;

  add(_name: string, value: number): void {
    this.out[this.at++] = value;
  }

  addWeather(_name: string, _input: WeatherInput, value: number): void {
    this.out[this.at++] = value;
  }

  addOneHot(names: readonly string[], index: number): void {
    this.out[this.at + index] = 1;
    this.at += names.length;
  }

  addAll(_names: readonly string[], values: readonly number[]): void {
    for (let i = 0; i < values.length; i++) this.out[this.at++] = values[i]!;
  }
}

/** Returns the names of a table's columns and the weather input of each, by running it for any one hour. */
function describeTable(table: FeatureTable, dayFacts: DayFactsOf) {
  const features: string[] = [];
  const inputs: (WeatherInput | undefined)[] = [];
  const addWeather = (name: string, input?: WeatherInput) => {
    features.push(name);
    inputs.push(input);
  };
  const add = (name: string) => addWeather(name);
  const addAll = (names: readonly string[]) => names.forEach(add);
  const anyHour = { day: 0, hour: 0, holiday: 0, weather: byColumn(WEATHER_INPUTS, () => 0) };
  table({ add, addWeather, addOneHot: addAll, addAll }, anyHour, dayFacts(0));
  return { features, inputs };
}
