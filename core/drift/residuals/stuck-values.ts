/** Detects exact repetition: sensors with constant values over days, and copied trips. */
import {
  WEATHER_COLUMNS,
  byColumn,
  weatherFacts,
  type WeatherColumn,
  type WeatherQuantity,
} from '../../../contracts/weather-columns.ts';
import type { ResidualRules } from '../decision/drift-rules.ts';
import type { HourResidual } from './hour-residual.ts';
import { weatherDays } from './weather-days.ts';
import type { WeekFinding } from './week-finding.ts';

/** Quantities that are 0 on most days, so that runs of 0 are ignored. */
const MOSTLY_ZERO: readonly WeatherQuantity[] = ['rain', 'snow'];

/** Holds the columns whose values may be constant for days, such as snow depth. */
const SLOW: readonly WeatherColumn[] = ['SNWD'];
const SLOWER = 3;

/** Sets the minimum number of equal hours of two days for a copy. The others may be late corrections. */
const COPIED_HOURS = 20;

interface Run {
  readonly length: number;
  readonly value: number;
}

export class StuckValues {
  readonly #rules: ResidualRules['stuck'];
  readonly #longest: Readonly<Record<WeatherColumn, number>>;
  readonly #longestTrips: number;
  readonly #days: readonly Day[];

  constructor(reference: readonly HourResidual[], rules: ResidualRules['stuck']) {
    this.#rules = rules;
    this.#longest = byColumn(WEATHER_COLUMNS, (name) => weatherRun(reference, name).length);
    this.#longestTrips = tripsRun(reference).length;
    this.#days = daysOf(reference);
  }

  findings(current: readonly HourResidual[]): WeekFinding[] {
    const findings: WeekFinding[] = [];
    for (const name of WEATHER_COLUMNS) {
      const { length, value } = weatherRun(current, name);
      const slower = SLOW.includes(name) ? SLOWER : 1;
      if (!this.#isStuck(length / slower, this.#longest[name] / slower)) continue;
      const text = `is ${value} on ${length} days in a row, in reference on at most ${this.#longest[name]}: the sensor is stuck`;
      findings.push({ kind: 'stuck_sensor', column: name, text });
    }
    const { length, value } = tripsRun(current);
    if (this.#isStuck(length, this.#longestTrips)) {
      const text = `are ${value} in ${length} hours in a row, in reference in at most ${this.#longestTrips}: the count is stuck`;
      findings.push({ kind: 'repeated_trips', column: 'trips', text });
    }
    const copies = this.#copies(daysOf(current));
    if (copies.length > 0) {
      const text = `of ${copies.map(({ day, of }) => `${day} repeat those of ${of}`).join(', ')}: the data were copied`;
      findings.push({ kind: 'repeated_trips', column: 'trips', text });
    }
    return findings;
  }

  #isStuck(length: number, inReference: number): boolean {
    return length >= Math.max(this.#rules.fewest, inReference + this.#rules.beyond);
  }

  #copies(days: readonly Day[]): { day: string; of: string }[] {
    const earlier = [...this.#days];
    const copies: { day: string; of: string }[] = [];
    for (const day of days) {
      const original = earlier.find((other) => other.date !== day.date && equalHours(other, day));
      if (original) copies.push({ day: day.date, of: original.date });
      earlier.push(day);
    }
    return copies;
  }
}

function weatherRun(hours: readonly HourResidual[], name: WeatherColumn): Run {
  const days = weatherDays(hours, name);
  const isMostlyZero = MOSTLY_ZERO.includes(weatherFacts(name).quantity);
  return longestRun(
    days.map(({ value }) => (value === 0 && isMostlyZero ? null : value)),
    (i) => days[i]!.day === days[i - 1]!.day + 1,
  );
}

/** Skips hours without trips, because nights without a ride are not a run. */
function tripsRun(hours: readonly HourResidual[]): Run {
  return longestRun(
    hours.map(({ actual }) => (actual === 0 ? null : actual)),
    (i) => hours[i]!.date === hours[i - 1]!.date || hours[i]!.hour === 0,
  );
}

/** @param follows tells whether value i directly follows value i − 1. */
function longestRun(values: readonly (number | null)[], follows: (i: number) => boolean): Run {
  let longest: Run = { length: 0, value: NaN };
  let length = 0;
  for (const [i, value] of values.entries()) {
    if (value === null) length = 0;
    else length = length > 0 && value === values[i - 1] && follows(i) ? length + 1 : 1;
    if (value !== null && length > longest.length) longest = { length, value };
  }
  return longest;
}

interface Day {
  readonly date: string;
  /** Trips by hour of the day. Unknown hours are missing. */
  readonly trips: readonly (number | undefined)[];
}

function daysOf(hours: readonly HourResidual[]): Day[] {
  const byDate = new Map<string, { trips: (number | undefined)[] }>();
  for (const { date, hour, actual } of hours) {
    if (actual === null) continue;
    let day = byDate.get(date);
    if (!day) byDate.set(date, (day = { trips: [] }));
    day.trips[hour] = actual;
  }
  return [...byDate].map(([date, day]) => ({ date, ...day }));
}

/** Ignores hours without a ride, which are equal on many days. */
function equalHours(a: Day, b: Day): boolean {
  let equal = 0;
  for (let hour = 0; hour < 24; hour++) {
    const trips = a.trips[hour];
    if (trips !== undefined && trips > 0 && trips === b.trips[hour]) equal += 1;
    else if (hour - equal >= 24 - COPIED_HOURS) return false;
  }
  return equal >= COPIED_HOURS;
}
