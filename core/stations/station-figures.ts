/** Computes departures, arrivals and net flow of the stations of a month at one hour, on some weekdays. */
import { daysBetween, daysOf, epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import { UNKNOWN_STATION } from '../../contracts/hours.ts';
import { WEEKDAY_CLASSES, type StationHours, type WeekdayClass } from '../../contracts/station-hours.ts';

export interface StationView {
  /** `YYYY-MM` */
  readonly month: string;
  /** 0 to 23; null adds up the whole day. */
  readonly hour: number | null;
  readonly weekdays: WeekdayClass;
}

interface RideCounts {
  readonly departures: number;
  readonly arrivals: number;
}

export interface StationFlow extends RideCounts {
  readonly id: string;
  readonly name: string | null;
  readonly position: StationHours['position'];
  /** Arrivals minus departures: negative for a station that loses bikes. */
  readonly net: number;
}

export interface StationFigures {
  /** Days of the month with these weekdays. */
  readonly days: number;
  /** Stations with a ride at the hour, sorted by net flow, the greatest loss first. */
  readonly stations: readonly StationFlow[];
  readonly total: RideCounts;
  /** Rides that name no station at this end. */
  readonly withoutStation: RideCounts;
  /** Rides of the month that have no arrival, because their duration is unknown. */
  readonly withoutEnd: number;
  /** Sums of all stations for each hour of the day. */
  readonly byHour: readonly RideCounts[];
}

export function stationFigures(
  stations: readonly StationHours[],
  { month, hour, weekdays }: StationView,
): StationFigures {
  const { days } = WEEKDAY_CLASSES[weekdays];
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  const counted = stations.map((station) => ({ station, hours: hoursOfDay(station, days) }));
  const at = (hours: readonly RideCounts[]) => (hour === null ? sumOf(hours) : hours[hour]!);
  const flows = counted.map(({ station: { id, name, position }, hours }): StationFlow => {
    const { departures, arrivals } = at(hours);
    return { id, name, position, departures, arrivals, net: arrivals - departures };
  });
  const unknown = flows.find(({ id }) => id === UNKNOWN_STATION);
  const whole = stations.map((station) => sumOf(hoursOfDay(station, WEEKDAY_CLASSES.all.days)));
  return {
    days: daysBetween(firstDay, lastDay).filter((day) => isOneOf(days, weekdayOf(epochDayOf(day)))).length,
    stations: flows
      .filter(({ id, departures, arrivals }) => id !== UNKNOWN_STATION && departures + arrivals > 0)
      .sort((a, b) => a.net - b.net || (a.id < b.id ? -1 : 1)),
    total: sumOf(flows),
    withoutStation: { departures: unknown?.departures ?? 0, arrivals: unknown?.arrivals ?? 0 },
    withoutEnd: sumOf(whole).departures - sumOf(whole).arrivals,
    byHour: Array.from({ length: 24 }, (_, h) => sumOf(counted.map(({ hours }) => hours[h]!))),
  };
}

/** Returns the rides of a station for each hour of the day. @param days weekdays, 0 is Monday. */
export function hoursOfDay(
  { departures, arrivals }: Pick<StationHours, 'departures' | 'arrivals'>,
  days: readonly number[],
): RideCounts[] {
  const sum = (counts: readonly number[], hour: number) =>
    days.reduce((total, day) => total + counts[day * 24 + hour]!, 0);
  return Array.from({ length: 24 }, (_, hour) => ({
    departures: sum(departures, hour),
    arrivals: sum(arrivals, hour),
  }));
}

/** Returns the stations that lose most and gain most, each list with the greatest first. */
export function greatestFlows(
  stations: readonly StationFlow[],
  most: number,
): { losing: StationFlow[]; gaining: StationFlow[] } {
  const byGain = stations.toSorted((a, b) => b.net - a.net || (a.id < b.id ? -1 : 1));
  return {
    losing: stations.filter(({ net }) => net < 0).slice(0, most),
    gaining: byGain.filter(({ net }) => net > 0).slice(0, most),
  };
}

function sumOf(counts: readonly RideCounts[]): RideCounts {
  return counts.reduce<RideCounts>(
    (sum, { departures, arrivals }) => ({
      departures: sum.departures + departures,
      arrivals: sum.arrivals + arrivals,
    }),
    { departures: 0, arrivals: 0 },
  );
}

function isOneOf(days: readonly number[], day: number): boolean {
  return days.includes(day);
}
