/** Generates synthetic rides with the errors of real files. */
import { addMonths, daysOf } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import { zoneClock } from '../../contracts/zone-clock.ts';
import { hoursOfMonth } from '../ingest/gate-hours.ts';
import type { WeatherRecord } from '../ingest/weather-records.ts';
import { relativeDemand } from './demand.ts';
import { Random, seedOf } from './random-numbers.ts';
import { sampleStations, type Station } from './sample-stations.ts';

export interface Ride {
  readonly id: string;
  readonly bike: string;
  /** Milliseconds of local time, as if it were UTC. */
  readonly started: number;
  readonly ended: number;
  /** Null if the bike was not at a station. */
  readonly from: Station | null;
  /** Null if the bike was never docked. */
  readonly to: Station | null;
  readonly member: string;
}

export interface SampleOptions {
  readonly facts: SystemFacts;
  readonly from: Month;
  readonly to: Month;
  /** Mean number of valid rides per month. */
  readonly ridesPerMonth: number;
  readonly seed: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Sets the minimum number of rides per hour where an empty hour means missing data. They are early and short enough to stay in their month.
 */
const LEAST_RIDES_AN_HOUR: Readonly<Record<SystemFacts['trips']['emptyHour'], number>> = {
  missing: 2,
  zero: 0,
};

/** Holds the shares of invalid or incomplete rides, about as in 2024. */
export const LONG_SHARE = 0.012;
export const DAYS_LONG_SHARE = 0.0005;
const UNDOCKED_SHARE = 0.002;
/** Is the share of the rides in the repeated hour of the autumn change. */
const NEGATIVE_SHARE = 0.2;

/**
 * Yields rides of each month from the one before `from` to `to`. The first month is needed for rides that end in the next one.
 * @param weather weather by date, for every day of those months.
 */
export function* sampleRides(
  options: SampleOptions,
  weather: ReadonlyMap<string, WeatherRecord>,
): Generator<{ readonly month: Month; readonly rides: readonly Ride[] }> {
  const { facts, from, to, ridesPerMonth, seed } = options;
  const months = monthList(addMonths(from, -1), to);
  const origin = Date.parse(`${months[0]!}-01`);
  const demandOf = (month: Month) =>
    hoursOfMonth(month, facts).map(({ date, hour }) => {
      const day = weather.get(date);
      if (!day) throw new RangeError(`no sample weather on ${date}`);
      return {
        date,
        hour,
        demand: relativeDemand(date, hour, day, (Date.parse(date) - origin) / DAY, facts),
      };
    });
  const wanted = months.slice(1).flatMap(demandOf);
  const total = wanted.reduce((sum, { demand }) => sum + demand, 0);
  const scale = (ridesPerMonth * (months.length - 1)) / total;
  const stations = sampleStations(facts, seed);
  const freeFloating = facts.sample?.freeFloating ?? 0;
  for (const month of months) {
    const random = new Random(seedOf(seed, `${facts.id} ${month}`));
    let dayNoise = 0;
    const rides = demandOf(month).flatMap(({ date, hour, demand }) => {
      if (hour === 0) dayNoise = 0.04 * random.normal();
      const mean = demand * scale * Math.exp(dayNoise + 0.07 * random.normal());
      const least = LEAST_RIDES_AN_HOUR[facts.trips.emptyHour];
      const doubled = zoneClock(facts.timeZone)
        .repeatedIn(Number(date.slice(0, 4)))
        .some((repeated) => repeated.date === date && repeated.hour === hour);
      const count = Math.max(least, random.round(doubled ? 2 * mean : mean));
      const start = Date.parse(date) + hour * HOUR;
      return [
        ...Array.from({ length: count }, (_, i) => validRide(random, stations, start, i < least)),
        ...oddRides(random, stations, start, count, doubled),
      ];
    });
    // Without such rides, no random number is drawn, so that other systems keep their files.
    yield { month, rides: freeFloating > 0 ? rides.map((ride) => freed(random, ride, freeFloating)) : rides };
  }
}

/** Returns the month whose file contains the ride: that of its start before the publisher's change, that of its end after. */
export function fileMonthOf({ trips, sample }: Pick<SystemFacts, 'trips' | 'sample'>, ride: Ride): Month {
  const startMonth = new Date(ride.started).toISOString().slice(0, 7);
  const byEndSince = sample?.filedByEndSince ?? trips.filedByEndSince;
  const endMonth = new Date(Math.max(ride.ended, ride.started)).toISOString().slice(0, 7);
  return byEndSince !== undefined && endMonth >= byEndSince ? endMonth : startMonth;
}

/** Makes an electric bike start away from stations, as bikes without docks do. */
function freed(random: Random, ride: Ride, share: number): Ride {
  return random.uniform() < share ? { ...ride, bike: 'electric_bike', from: null } : ride;
}

/** @param hour start of the hour. `early` rides start soon after it and are short, so that they end within the next hour. */
export function validRide(random: Random, stations: readonly Station[], hour: number, early: boolean): Ride {
  const started = hour + random.below(early ? HOUR / 2 : HOUR);
  const minutes = Math.min(early ? 20 : 59, Math.max(1.1, Math.exp(2.2 + 0.65 * random.normal())));
  return rideOf(random, stations, started, started + Math.round(minutes * MINUTE), UNDOCKED_SHARE);
}

function oddRides(
  random: Random,
  stations: readonly Station[],
  hour: number,
  valid: number,
  clocksFallBack: boolean,
): Ride[] {
  const times = (share: number, make: () => Ride) =>
    Array.from({ length: random.round(valid * share) }, make);
  return [
    ...times(LONG_SHARE, () => longRide(random, stations, hour)),
    ...times(DAYS_LONG_SHARE, () => daysLongRide(random, stations, hour)),
    ...(clocksFallBack ? times(NEGATIVE_SHARE, () => negativeRide(random, stations, hour)) : []),
  ];
}

/** Makes a ride of one to six hours. */
export function longRide(random: Random, stations: readonly Station[], hour: number): Ride {
  return oddRide(random, stations, hour, () => HOUR + random.uniform() * 5 * HOUR, 0.1);
}

/** Makes a ride of one to six days that is never docked. */
export function daysLongRide(random: Random, stations: readonly Station[], hour: number): Ride {
  return oddRide(random, stations, hour, () => DAY + random.uniform() * 5 * DAY, 1);
}

/** Makes a ride over the autumn change: it starts at 01:50 daylight time and ends 15 minutes later, at 01:05 standard time. */
export function negativeRide(random: Random, stations: readonly Station[], hour: number): Ride {
  return oddRide(random, stations, hour, () => -random.uniform() * 50 * MINUTE, 0);
}

function oddRide(
  random: Random,
  stations: readonly Station[],
  hour: number,
  duration: () => number,
  undockedShare: number,
): Ride {
  const started = hour + random.below(HOUR);
  return rideOf(random, stations, started, started + Math.round(duration()), undockedShare);
}

function rideOf(
  random: Random,
  stations: readonly Station[],
  started: number,
  ended: number,
  undockedShare: number,
): Ride {
  const hex = () => random.uint32().toString(16).toUpperCase().padStart(8, '0');
  return {
    id: hex() + hex(),
    bike: random.uniform() < 0.62 ? 'electric_bike' : 'classic_bike',
    started,
    ended,
    from: stations[random.below(stations.length)]!,
    to: random.uniform() < undockedShare ? null : stations[random.below(stations.length)]!,
    member: random.uniform() < 0.8 ? 'member' : 'casual',
  };
}

function monthList(from: Month, to: Month): Month[] {
  const months: Month[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** Returns the first and last day for which `sampleRides` needs weather. */
export function sampleDays(from: Month, to: Month): { firstDay: string; lastDay: string } {
  return daysOf({ from: addMonths(from, -1), to });
}
