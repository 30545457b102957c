/**
 * Answers requests for a forecast from memory. A body is written once per selection, hour and issue; only its age changes, once per
 * second at most.
 */
import { createHash } from 'node:crypto';
import { epochDayOf } from '../contracts/calendar.ts';
import { freshUntil, type DemandForecast, type DemandForecastHour } from '../contracts/demand-forecast.ts';
import { zoneClock } from '../contracts/zone-clock.ts';
import type { ForecastSelection } from './default-forecast.ts';
import type { Forecast } from './schemas/forecast.ts';

/** Limits the number of kept bodies, half a megabyte at most. There are 504 selections, and callers use few of them. */
const MOST_BODIES = 8;
/** Limits the time in seconds for which a caller may reuse an answer without a new request. */
const MAX_AGE_SECONDS = 60;

export interface ForecastAnswer {
  readonly bytes: Buffer;
  /** Stays the same while only the age changes, so the tag is weak. */
  readonly etag: string;
  /** Seconds for which the answer stays the same, apart from its age. */
  readonly maxAge: number;
}

interface Body {
  readonly etag: string;
  readonly beforeAge: string;
  readonly afterAge: string;
  age: number;
  bytes: Buffer;
}

/** Represents an hour with the instants between which it lies, in milliseconds of UTC. */
interface TimedHour extends DemandForecastHour {
  readonly time: string;
  readonly leadDay: number;
  readonly end: number;
}

export function ageOf({ issuedAt }: DemandForecast, now: number): number {
  return Math.max(0, now - Date.parse(issuedAt));
}

export class ForecastAnswers {
  readonly #forecast: DemandForecast;
  readonly #hours: readonly TimedHour[];
  readonly #bodies = new Map<string, Body>();
  /** Instant from which the bodies are out of date, because an hour has ended or the forecast has become stale. */
  #validUntil = 0;
  #first = 0;
  #stale = false;

  constructor(forecast: DemandForecast) {
    this.#forecast = forecast;
    this.#hours = timedHours(forecast);
  }

  /** Returns the instant at which the last hour ends, in milliseconds of UTC. */
  get end(): number {
    return this.#hours.at(-1)?.end ?? 0;
  }

  /** Returns the answer, or undefined if all hours have passed. */
  answerAt(now: number, { hours, interval }: ForecastSelection): ForecastAnswer | undefined {
    if (now >= this.#validUntil) this.#moveTo(now);
    if (this.#first === this.#hours.length) return undefined;
    const key = `${hours},${interval}`;
    let body = this.#bodies.get(key);
    if (!body) {
      // A Map keeps insertion order, so the first body is the oldest.
      if (this.#bodies.size >= MOST_BODIES) this.#bodies.delete(this.#bodies.keys().next().value!);
      body = this.#write({ hours, interval });
      this.#bodies.set(key, body);
    }
    const age = Math.floor(ageOf(this.#forecast, now) / 1000);
    if (age !== body.age) {
      body.age = age;
      body.bytes = Buffer.from(`${body.beforeAge}${age}${body.afterAge}`);
    }
    const maxAge = Math.min(MAX_AGE_SECONDS, Math.ceil((this.#validUntil - now) / 1000));
    return { bytes: body.bytes, etag: body.etag, maxAge };
  }

  #moveTo(now: number): void {
    this.#bodies.clear();
    const next = this.#hours.findIndex(({ end }) => end > now);
    this.#first = next < 0 ? this.#hours.length : next;
    const last = freshUntil(this.#forecast);
    this.#stale = now > last;
    const ends = this.#hours[this.#first]?.end ?? Infinity;
    this.#validUntil = this.#stale ? ends : Math.min(ends, last + 1);
  }

  #write({ hours: count, interval }: ForecastSelection): Body {
    const { system, model, version, provider, issuedAt, level, timeZone, weather } = this.#forecast;
    const hours = this.#hours.slice(this.#first, this.#first + count);
    const days = new Set(hours.map(({ date }) => date));
    const before = { system, model, version, provider, issued_at: issuedAt };
    const after: Omit<Forecast, keyof typeof before | 'age_seconds'> = {
      stale: this.#stale,
      level: { ...level },
      interval,
      time_zone: timeZone,
      weather: weather
        .filter(({ date }) => days.has(date))
        .map(({ date, source, TMAX, TMIN, PRCP, SNOW, AWND, rainProbability, fromEarlier }) => ({
          ...{ date, source, TMAX, TMIN, PRCP, SNOW, AWND },
          rain_probability: rainProbability,
          from_earlier: [...fromEarlier],
        })),
      hours: hours.map(({ time, date, hour, prediction, intervals, weather: source, leadDay }) => ({
        ...{ time, date, hour, prediction, ...intervals[interval] },
        weather: source,
        lead_day: leadDay,
      })),
    };
    const beforeAge = `${JSON.stringify(before).slice(0, -1)},"age_seconds":`;
    const afterAge = `,${JSON.stringify(after).slice(1)}`;
    const digest = createHash('sha256').update(beforeAge).update(afterAge).digest('base64url');
    return { etag: `W/"${digest.slice(0, 27)}"`, beforeAge, afterAge, age: -1, bytes: Buffer.alloc(0) };
  }
}

/** Adds the instants of hours. An hour that the clock repeats begins with its first pass and ends with its second. */
function timedHours({ timeZone, issueDay, hours }: DemandForecast): TimedHour[] {
  const clock = zoneClock(timeZone);
  return hours.flatMap((hour): TimedHour[] => {
    const day = epochDayOf(hour.date);
    const skipped = clock.skippedIn(Number(hour.date.slice(0, 4)));
    if (skipped.some((one) => one.date === hour.date && one.hour === hour.hour)) return [];
    const time = `${hour.date}T${String(hour.hour).padStart(2, '0')}:00:00${offsetText(clock.offsetAt(day, hour.hour))}`;
    const leadDay = day - epochDayOf(issueDay);
    return [{ ...hour, time, leadDay, end: clock.instantAt(day, hour.hour + 1) }];
  });
}

/** Formats hours from UTC as RFC 3339 does: `-05:00`. */
function offsetText(hours: number): string {
  const minutes = Math.round(Math.abs(hours) * 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${hours < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
