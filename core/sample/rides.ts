/** Made-up rides as the publisher writes them, with what is wrong in real months. */
import { addMonths, daysOf, fallBackDay } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import { hoursOfMonth } from '../ingest/hours.ts';
import type { WeatherRecord } from '../ingest/weather-records.ts';
import { relativeDemand } from './demand.ts';
import { Random, seedOf } from './random.ts';
import { sampleStations, type Station } from './stations.ts';
import type { System } from '../../contracts/options.ts';

export interface Ride {
  readonly id: string;
  readonly bike: string;
  /** Milliseconds of New York wall clock, as if it were UTC. */
  readonly started: number;
  readonly ended: number;
  readonly from: Station;
  /** Null: never docked. */
  readonly to: Station | null;
  readonly member: string;
}

export interface SampleOptions {
  readonly system: System;
  readonly from: Month;
  readonly to: Month;
  /** Mean number of valid rides a month. */
  readonly ridesPerMonth: number;
  readonly seed: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** nyc is never empty: every hour has at least this many rides, early and short enough to stay in their month. */
const LEAST_RIDES_AN_HOUR: Readonly<Record<System, number>> = { nyc: 2, jc: 0 };

/** Shares of rides that the rules reject or that lack something, about as in 2024. */
export const LONG_SHARE = 0.012;
export const DAYS_LONG_SHARE = 0.0005;
const UNDOCKED_SHARE = 0.002;
/** Of the rides in the hour that happens twice. */
const NEGATIVE_SHARE = 0.2;

/**
 * Rides that start in each month from the one before `from` (of which only those matter that end later) through `to`.
 * @param weather by date, for every day of those months.
 */
export function* sampleRides(
  options: SampleOptions,
  weather: ReadonlyMap<string, WeatherRecord>,
): Generator<{ readonly month: Month; readonly rides: readonly Ride[] }> {
  const { system, from, to, ridesPerMonth, seed } = options;
  const months = monthList(addMonths(from, -1), to);
  const origin = Date.parse(`${months[0]!}-01`);
  const demandOf = (month: Month) =>
    hoursOfMonth(month).map(({ date, hour }) => {
      const day = weather.get(date);
      if (!day) throw new RangeError(`no sample weather on ${date}`);
      return { date, hour, demand: relativeDemand(date, hour, day, (Date.parse(date) - origin) / DAY) };
    });
  const wanted = months.slice(1).flatMap(demandOf);
  const total = wanted.reduce((sum, { demand }) => sum + demand, 0);
  const scale = (ridesPerMonth * (months.length - 1)) / total;
  const stations = sampleStations(system, seed);
  for (const month of months) {
    const random = new Random(seedOf(seed, `${system} ${month}`));
    let dayNoise = 0;
    const rides = demandOf(month).flatMap(({ date, hour, demand }) => {
      if (hour === 0) dayNoise = 0.04 * random.normal();
      const mean = demand * scale * Math.exp(dayNoise + 0.07 * random.normal());
      const least = LEAST_RIDES_AN_HOUR[system];
      const doubled = date === fallBackDay(Number(date.slice(0, 4))) && hour === 1;
      const count = Math.max(least, random.round(doubled ? 2 * mean : mean));
      const start = Date.parse(date) + hour * HOUR;
      return [
        ...Array.from({ length: count }, (_, i) => validRide(random, stations, start, i < least)),
        ...oddRides(random, stations, start, count, doubled),
      ];
    });
    yield { month, rides };
  }
}

/** The month whose file holds the ride: that of its start before the publisher's change, that of its end after. */
export function fileMonthOf(system: System, ride: Ride): Month {
  const startMonth = new Date(ride.started).toISOString().slice(0, 7);
  const byEndSince = system === 'nyc' ? '2024-01' : FILED_BY_END_SINCE;
  const endMonth = new Date(Math.max(ride.ended, ride.started)).toISOString().slice(0, 7);
  return endMonth >= byEndSince ? endMonth : startMonth;
}

/** Month in which jc files changed: filed by the end, milliseconds, no rides under a minute. Real: between 2024-05 and 2024-08. */
export const FILED_BY_END_SINCE = '2024-06';

/** @param hour start of the hour; `early`: soon after it and short, so that the ride ends within the next. */
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

/** Of one to six hours. */
export function longRide(random: Random, stations: readonly Station[], hour: number): Ride {
  return oddRide(random, stations, hour, () => HOUR + random.uniform() * 5 * HOUR, 0.1);
}

/** Of one to six days, and never docked. */
export function daysLongRide(random: Random, stations: readonly Station[], hour: number): Ride {
  return oddRide(random, stations, hour, () => DAY + random.uniform() * 5 * DAY, 1);
}

/** A ride from 01:50 to 02:05 on the first clock ends at 01:05 on the second, when the clocks fall back. */
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

/** First and last day for which `sampleRides` needs weather. */
export function sampleDays(from: Month, to: Month): { firstDay: string; lastDay: string } {
  return daysOf({ from: addMonths(from, -1), to });
}
