/**
 * Defines the weather columns, one entry each. Frame, features, fetch, file readers, HTTP schemas, command line and console form derive
 * from this table. It loads no library, so that the browser can read it too.
 */

export type WeatherQuantity = 'temperature' | 'rain' | 'snow' | 'wind';

/** Is the unit of each quantity in the normal form, which is NOAA's `standard`. */
const UNITS = { temperature: '°F', rain: 'inches', snow: 'inches', wind: 'mph' } as const;

export const WEATHER_QUANTITIES = Object.keys(UNITS) as readonly WeatherQuantity[];

interface ColumnFacts {
  readonly name: string;
  readonly quantity: WeatherQuantity;
  /** Accepted range in the unit of the quantity, both ends inclusive. */
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

interface InputFacts extends ColumnFacts {
  /** Label of the form field, without the unit. */
  readonly label: string;
  /** Command-line option without dashes, in camel case. */
  readonly option: string;
  /** Without it there is no prediction. Other columns are imputed from the training medians and named in the answer. */
  readonly required: boolean;
  /** Value that the command line assumes when the option is left out. */
  readonly assumed?: number;
  /** Value in examples. */
  readonly example?: number;
}

/**
 * Follows NOAA's State Climate Extremes, rounded outwards: 134 °F, 75.8 inches of snow and 49.7 of rain in a day, 451 inches on the ground.
 */
const RANGES = {
  temperature: { min: -60, max: 140 },
  rain: { min: 0, max: 60 },
  snowfall: { min: 0, max: 100 },
  snowDepth: { min: 0, max: 500 },
  wind: { min: 0, max: 200 },
} as const;

/** Lists the columns observed once per day. A frame fills a day without observations with the day before's. */
const OBSERVED = [
  {
    name: 'TMAX',
    quantity: 'temperature',
    ...RANGES.temperature,
    description: 'highest temperature of the day',
    label: 'Highest temperature',
    option: 'tmax',
    required: true,
    example: 40,
  },
  {
    name: 'TMIN',
    quantity: 'temperature',
    ...RANGES.temperature,
    description: 'lowest temperature of the day',
    label: 'Lowest temperature',
    option: 'tmin',
    required: true,
    example: 30,
  },
  {
    name: 'SNOW',
    quantity: 'snow',
    ...RANGES.snowfall,
    description: 'snowfall of the day',
    label: 'Snowfall',
    option: 'snow',
    required: true,
    assumed: 0,
    example: 0,
  },
  {
    name: 'PRCP',
    quantity: 'rain',
    ...RANGES.rain,
    description: 'rain and melted snow of the day',
    label: 'Rain',
    option: 'prcp',
    required: false,
  },
  {
    name: 'SNWD',
    quantity: 'snow',
    ...RANGES.snowDepth,
    description: 'snow on the ground',
    label: 'Snow on the ground',
    option: 'snwd',
    required: false,
  },
  {
    name: 'AWND',
    quantity: 'wind',
    ...RANGES.wind,
    description: 'mean wind of the day',
    label: 'Mean wind',
    option: 'awnd',
    required: false,
  },
] as const satisfies readonly InputFacts[];

/** Lists the columns taken from an observed column of the day before; null where that day had no observation. */
const FROM_DAY_BEFORE = [
  {
    name: 'PRCP_yesterday',
    from: 'PRCP',
    quantity: 'rain',
    ...RANGES.rain,
    description: 'rain and melted snow of the day before',
    label: 'Rain the day before',
    option: 'prcpYesterday',
    required: false,
  },
] as const satisfies readonly (InputFacts & { readonly from: WeatherColumn })[];

/** Lists the columns of weather files alone; no model reads them. */
const IN_FILES_ONLY = [
  {
    name: 'TAVG',
    quantity: 'temperature',
    ...RANGES.temperature,
    description: 'mean temperature of the day',
  },
] as const satisfies readonly ColumnFacts[];

const INPUTS = [...OBSERVED, ...FROM_DAY_BEFORE] as const;
const ALL = [...INPUTS, ...IN_FILES_ONLY] as const;

/** Represents columns of a day's weather in the frame. */
export type WeatherColumn = (typeof OBSERVED)[number]['name'];
type DayBeforeColumn = (typeof FROM_DAY_BEFORE)[number]['name'];
/** What a prediction knows of the weather. */
export type WeatherInput = (typeof INPUTS)[number]['name'];
export type RequiredWeatherInput = Extract<(typeof INPUTS)[number], { required: true }>['name'];
type OptionalWeatherInput = Exclude<WeatherInput, RequiredWeatherInput>;
export type WeatherOption = (typeof INPUTS)[number]['option'];
/** Represents columns of a file of daily weather. */
export type WeatherCsvColumn = WeatherColumn | (typeof IN_FILES_ONLY)[number]['name'];
export type AnyWeatherColumn = WeatherInput | WeatherCsvColumn;

/** Represents values of a row. Optional columns may be absent, so that data and fixtures from before a column was added stay valid. */
export type WeatherValues<Name extends WeatherInput> = Readonly<
  Record<Extract<Name, RequiredWeatherInput>, number | null> &
    Partial<Record<Exclude<Name, RequiredWeatherInput>, number | null>>
>;

export interface WeatherFacts extends Omit<ColumnFacts, 'name'> {
  readonly name: AnyWeatherColumn;
  readonly unit: (typeof UNITS)[WeatherQuantity];
}
export interface WeatherInputFacts extends Omit<InputFacts, 'name' | 'option'> {
  readonly name: WeatherInput;
  readonly option: WeatherOption;
  readonly unit: (typeof UNITS)[WeatherQuantity];
}

export const WEATHER_COLUMNS: readonly WeatherColumn[] = OBSERVED.map(({ name }) => name);
export const WEATHER_INPUTS: readonly WeatherInput[] = INPUTS.map(({ name }) => name);
/** Lists the columns in the order of the normal form: alphabetical, as NOAA writes them. */
export const WEATHER_CSV_COLUMNS: readonly WeatherCsvColumn[] = [...OBSERVED, ...IN_FILES_ONLY]
  .map(({ name }) => name)
  .sort();
/** Holds the columns taken from the day before. */
export const DAY_BEFORE_COLUMNS: readonly DayBeforeColumn[] = FROM_DAY_BEFORE.map(({ name }) => name);

/** Holds the facts of the inputs of a prediction, in the order of `WEATHER_INPUTS`. */
export const WEATHER_INPUT_FACTS: readonly WeatherInputFacts[] = INPUTS.map((facts) => ({
  ...facts,
  unit: UNITS[facts.quantity],
}));

export const REQUIRED_WEATHER_INPUTS = namesOf<RequiredWeatherInput>(({ required }) => required);
export const OPTIONAL_WEATHER_INPUTS = namesOf<OptionalWeatherInput>(({ required }) => !required);

function namesOf<Name extends WeatherInput>(isWanted: (facts: WeatherInputFacts) => boolean): Name[] {
  return WEATHER_INPUT_FACTS.filter(isWanted).map(({ name }) => name as Name);
}

const FACTS = Object.fromEntries(
  ALL.map((facts) => [facts.name, { ...facts, unit: UNITS[facts.quantity] }]),
) as Readonly<Record<AnyWeatherColumn, WeatherFacts>>;

export function weatherFacts(column: AnyWeatherColumn): WeatherFacts {
  return FACTS[column];
}

/** Returns the observed column that holds the values of a column taken from the day before. */
export function observedAs(column: DayBeforeColumn): WeatherColumn {
  return FROM_DAY_BEFORE.find(({ name }) => name === column)!.from;
}

/** Checks whether a value in the normal form's unit is within the column's range; NaN is not. */
export function isPlausible(column: AnyWeatherColumn, value: number): boolean {
  const { min, max } = FACTS[column];
  return value >= min && value <= max;
}

/** Returns an object with one entry per column. */
export function byColumn<Name extends AnyWeatherColumn, Value>(
  columns: readonly Name[],
  valueOf: (column: Name) => Value,
): Record<Name, Value> {
  const entries = {} as Record<Name, Value>;
  for (const column of columns) entries[column] = valueOf(column);
  return entries;
}
