/** Generates a month of any number of rides, one at a time, like the file of a large system. */
import { zoneClock } from '../../contracts/zone-clock.ts';
import { addMonths, daysOf, HOUR_MS } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import { rideIds } from './ride-ids.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import { hoursOfMonth } from '../../core/ingest/gate-hours.ts';
import type { WeatherRecord } from '../../core/ingest/weather-records.ts';
import { relativeDemand } from '../../core/sample/demand.ts';
import { Random, seedOf } from '../../core/sample/random-numbers.ts';
import {
  DAYS_LONG_SHARE,
  LONG_SHARE,
  daysLongRide,
  fileMonthOf,
  longRide,
  negativeRide,
  validRide,
  type Ride,
} from '../../core/sample/rides.ts';
import { makeStations, type Station } from '../../core/sample/sample-stations.ts';

export interface LargeMonthOptions {
  readonly facts: SystemFacts;
  readonly month: Month;
  /** Rows of the month's file, exactly. */
  readonly rides: number;
  readonly seed: number;
}

/** Sets early and short rides in every hour, so that no hour of the month is empty. */
const LEAST_RIDES_AN_HOUR = 2;

/**
 * Sets the shares of rows that repeat stations of the row before. Published files are ordered by station, not by time (measured in
 * JC-202409: start 53 %, end 69 %, both 41 %). Half of the files' compression comes from this order.
 */
const SAME_BOTH = 0.41;
const SAME_START_ONLY = 0.12;
const SAME_END_ONLY = 0.28;

const NEGATIVE_SHARE_OF_DOUBLED_HOUR = 0.1;

interface SampleHour {
  readonly start: number;
  readonly doubled: boolean;
}

/** Fills every hour of the longest month. */
export const LEAST_RIDES_OF_LARGE_MONTH = 31 * 24 * LEAST_RIDES_AN_HOUR;

/**
 * Yields the rides in the file of the month: those that start in it, and late ones of the day before, as the
 * publisher files them.
 * @param weather by date, for every day of the month and the day before it.
 */
export function* largeMonth(
  options: LargeMonthOptions,
  weather: ReadonlyMap<string, WeatherRecord>,
): Generator<Ride> {
  const { facts, month, seed } = options;
  const random = new Random(seedOf(seed, `large ${facts.id} ${month} ${options.rides}`));
  const stations = fullSystemStations(facts, seed);
  const { hours, draw } = hoursByDemand(facts, month, weather);
  const idOf = rideIds(seed, facts.id, month);
  let made = 0;
  for (const { start } of hours) {
    for (let i = 0; i < LEAST_RIDES_AN_HOUR; i += 1, made += 1)
      yield { ...validRide(random, stations, start, true), id: idOf(made) };
  }
  let [from, to]: [Ride['from'], Station] = [stations[0]!, stations[0]!];
  while (made < options.rides) {
    const ride = drawRide(random, draw(random.uniform()), stations);
    if (fileMonthOf(facts, ride) !== month) continue;
    const same = random.uniform();
    if (same >= SAME_BOTH + SAME_START_ONLY) from = ride.from;
    if (same >= SAME_BOTH && same < 1 - SAME_END_ONLY) to = ride.to ?? to;
    yield { ...ride, id: idOf(made), from, to: ride.to && to };
    made += 1;
  }
}

function drawRide(random: Random, hour: SampleHour, stations: readonly Station[]): Ride {
  if (hour.doubled && random.uniform() < NEGATIVE_SHARE_OF_DOUBLED_HOUR)
    return negativeRide(random, stations, hour.start);
  const odd = random.uniform();
  if (odd < DAYS_LONG_SHARE) return daysLongRide(random, stations, hour.start);
  if (odd < DAYS_LONG_SHARE + LONG_SHARE) return longRide(random, stations, hour.start);
  return validRide(random, stations, hour.start, false);
}

/** Holds the numbers of stations of the real systems in 2024. */
const FULL_COUNT: Readonly<Record<string, number>> = { nyc: 2_200, jc: 85 };

/** Returns all stations. Positions have up to 14 digits as in real files, so that a row has the real length, 219 bytes. */
function fullSystemStations(facts: SystemFacts, seed: number): Station[] {
  return makeStations(facts, seed, FULL_COUNT[facts.id]!, (i) => (i % 4 === 0 ? 14 : 6));
}

/** Returns the hours of the month and a random draw of hours from it and the day before, weighted by demand. */
function hoursByDemand(
  facts: SystemFacts,
  month: Month,
  weather: ReadonlyMap<string, WeatherRecord>,
): { hours: SampleHour[]; draw: (uniform: number) => SampleHour } {
  const previous = addMonths(month, -1);
  const { lastDay } = daysOf({ from: previous, to: previous });
  const dayBefore = hoursOfMonth(previous, facts).filter(({ date }) => date === lastDay);
  const repeated = zoneClock(facts.timeZone).repeatedIn(Number(month.slice(0, 4)));
  const cumulative: number[] = [];
  let total = 0;
  const toSampleHour = ({ date, hour }: { date: string; hour: number }): SampleHour => {
    const day = weather.get(date);
    if (!day) throw new RangeError(`no sample weather on ${date}`);
    const doubled = repeated.some((each) => each.date === date && each.hour === hour);
    total += relativeDemand(date, hour, day, 0, facts) * (doubled ? 2 : 1);
    cumulative.push(total);
    return { start: Date.parse(date) + hour * HOUR_MS, doubled };
  };
  const strays = dayBefore.map(toSampleHour);
  const hours = hoursOfMonth(month, facts).map(toSampleHour);
  const all = [...strays, ...hours];
  const draw = (uniform: number) => all[indexOfSum(cumulative, uniform * total)]!;
  return { hours, draw };
}

/** Returns the first index whose cumulative sum is above `sum`. */
function indexOfSum(cumulative: readonly number[], sum: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > sum) high = middle;
    else low = middle + 1;
  }
  return low;
}
