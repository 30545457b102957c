/** What is kept of the rides of one CSV: sums by hour, keys of flows and ids on disk, and the few rides of other months. */
import { HOUR_US, IMPOSSIBLE, SECOND_US, formatWallClock, parseWallClock, wallClock } from './wall-clock.ts';
import { Digest, digestText } from './digest.ts';
import { KeyBuckets, type KeyFile } from './key-buckets.ts';
import { MinuteHistogram } from './minute-histogram.ts';
import type { RideColumns } from './ride-header.ts';
import type { RowSink } from './ride-scanner.ts';
import { TextTable } from './text-table.ts';

/** A ride counts when both times parse and `above < ended − started < below`, in seconds, both exclusive; null: whenever its start parses. */
export type DurationRule = { readonly above: number; readonly below: number } | null;

/** A ride that counts, as it is handed on alone. */
export interface Ride {
  /** Digest of its ride_id, 16 hexadecimal digits; null in legacy files. */
  readonly id: string | null;
  /** `YYYY-MM-DD HH:MM:SS[.fraction]`, New York wall clock. */
  readonly started_at: string;
  /** Null where the rule set lets rides count that do not end after they start. */
  readonly minutes: number | null;
  /** Null where the type is neither `member`/`Subscriber` nor `casual`/`Customer`. */
  readonly member: boolean | null;
  /** Null in legacy files, and where the type is none known. */
  readonly electric: boolean | null;
  readonly start_station: string;
  readonly end_station: string;
}

/** Sums of each hour of the month, an array a column, 24 hours a day from the 1st. */
export interface HourSums {
  readonly trips: Float64Array;
  readonly member: Float64Array;
  readonly casual: Float64Array;
  readonly electric: Float64Array;
  readonly classic: Float64Array;
  /** Rides with a duration, and their milliseconds: whole numbers, so that no order of summing matters. */
  readonly timed: Float64Array;
  readonly milliseconds: Float64Array;
}
export const HOUR_SUMS = [
  'trips',
  'member',
  'casual',
  'electric',
  'classic',
  'timed',
  'milliseconds',
] as const;

export function emptySums(hours: number): HourSums {
  return Object.fromEntries(HOUR_SUMS.map((name) => [name, new Float64Array(hours)])) as unknown as HourSums;
}

export const VERDICTS = ['kept', 'unparsable_start', 'unparsable_end', 'not_positive', 'too_long'] as const;

/** Plain data, to be handed from one thread to another. */
export interface Tally {
  readonly schema: RideColumns['schema'];
  readonly rows: number;
  /** Rows by verdict, in the order of VERDICTS. */
  readonly verdicts: Float64Array;
  readonly missingStartStation: number;
  readonly missingEndStation: number;
  readonly memberTypes: Readonly<Record<string, number>>;
  readonly bikeTypes: Readonly<Record<string, number>>;
  readonly hours: HourSums;
  /** Rides by duration in seconds, from 0; the last place holds all longer ones. */
  readonly seconds: Uint32Array;
  /** µs; Infinity and -Infinity where no ride was kept. */
  readonly firstStart: number;
  readonly lastStart: number;
  readonly shortest: number;
  readonly longest: number;
  readonly stations: readonly string[];
  /** A bucket a day; high word: hour of the day and number of the start station, low word: number of the end station. */
  readonly flows: KeyFile;
  /** A bucket for each first byte; modern: ids of kept rides; legacy: whole kept rows. */
  readonly ids: KeyFile;
  readonly strays: readonly Ride[];
  /** Kept rides whose id was given as contested; in nothing else but rows, verdicts and counts by value. */
  readonly contested: readonly Ride[];
}

export interface TallyOptions {
  /** `YYYY-MM`, the month the archive is named for. */
  readonly month: string;
  readonly rule: DurationRule;
  /** Path without ending of the key files. */
  readonly scratch: string;
  /** Ids (digest text) that several rows have. */
  readonly contested: ReadonlySet<string>;
}

/** The hour of the day goes above the station in the high word of a flow's key. */
export const STATION_BITS = 24;
export const DAYS = 31;
export const ID_BUCKETS = 256;
const FLOW_BLOCK = 4096;
const ID_BLOCK = 512;

/** A column of categories has a handful; more than this, and the columns have shifted. */
const MOST_CATEGORIES = 100;
const MOST_STATIONS = 100_000;
/** A file may hold rides of its neighbours; more than this, and it is not the month it is named for. */
const MOST_STRAYS = 100_000;

/** Months before and after the archive's own in which a ride may start: beyond, a clock was wrong. */
const REACH_MONTHS = 2;
/** The system opened in 2013. */
const FIRST_YEAR = 2013;

const MEMBER_OF: Readonly<Record<string, boolean>> = {
  member: true,
  subscriber: true,
  casual: false,
  customer: false,
};
const ELECTRIC_OF: Readonly<Record<string, boolean>> = {
  electric_bike: true,
  classic_bike: false,
  docked_bike: false,
};

/** Texts that stand for a missing station. */
const MISSING = new Set(['', 'NULL', '\\N']);
const UNKNOWN = 'unknown';

export class RideTally implements RowSink {
  readonly #options: TallyOptions;
  readonly #above: number;
  readonly #below: number;
  readonly #contestedHigh: Set<number>;
  readonly #monthStart: number;
  readonly #monthHours: number;
  readonly #earliest: number;
  readonly #latest: number;
  readonly #earliestEnd: number;
  readonly #latestEnd: number;
  readonly #digest = new Digest();
  readonly #stations = new TextTable();
  readonly #members = new TextTable();
  readonly #bikes = new TextTable();
  readonly #memberCounts: number[] = [];
  readonly #bikeCounts: number[] = [];
  /** By number of the text: 1 true, 0 false, -1 neither. */
  readonly #memberIs: number[] = [];
  readonly #bikeIs: number[] = [];
  readonly #stationMissing: boolean[] = [];
  readonly #hours = emptySums(DAYS * 24);
  readonly #minutes = new MinuteHistogram();
  readonly #verdicts = new Float64Array(VERDICTS.length);
  readonly #flows: KeyBuckets;
  readonly #ids: KeyBuckets;
  readonly #strays: Ride[] = [];
  readonly #contested: Ride[] = [];
  #columns: RideColumns | undefined;
  #rows = 0;
  #own = 0;
  #missingStart = 0;
  #missingEnd = 0;
  #firstStart = Infinity;
  #lastStart = -Infinity;

  constructor(options: TallyOptions) {
    this.#options = options;
    const { rule, month, scratch, contested } = options;
    this.#above = rule === null ? -Infinity : rule.above * SECOND_US;
    this.#below = rule === null ? Infinity : rule.below * SECOND_US;
    this.#contestedHigh = new Set([...contested].map((id) => Number.parseInt(id.slice(0, 8), 16)));
    const [year = 0, number = 0] = month.split('-').map(Number);
    this.#monthStart = startOfMonth(year, number);
    this.#monthHours = (startOfMonth(year, number + 1) - this.#monthStart) / HOUR_US;
    this.#earliest = startOfMonth(year, number - REACH_MONTHS);
    this.#latest = startOfMonth(year, number + 1 + REACH_MONTHS);
    this.#earliestEnd = startOfMonth(FIRST_YEAR, 1);
    this.#latestEnd = startOfMonth(year + 2, 1);
    this.#flows = new KeyBuckets(`${scratch}.flows`, DAYS, FLOW_BLOCK);
    this.#ids = new KeyBuckets(`${scratch}.ids`, ID_BUCKETS, ID_BLOCK);
  }

  begin(columns: RideColumns): void {
    this.#columns = columns;
  }

  row(
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    lineFrom: number,
    lineTo: number,
  ): string | undefined {
    const columns = this.#columns!;
    this.#rows++;

    const member = this.#members.intern(bytes, starts[columns.member]!, ends[columns.member]!);
    if (member === this.#memberCounts.length) {
      if (member >= MOST_CATEGORIES) return shifted('member or user type');
      this.#memberCounts.push(0);
      this.#memberIs.push(flag(MEMBER_OF, this.#members.text(member)));
    }
    this.#memberCounts[member]!++;

    let isElectric = -1;
    if (columns.bike !== null) {
      const bike = this.#bikes.intern(bytes, starts[columns.bike]!, ends[columns.bike]!);
      if (bike === this.#bikeCounts.length) {
        if (bike >= MOST_CATEGORIES) return shifted('bike type');
        this.#bikeCounts.push(0);
        this.#bikeIs.push(flag(ELECTRIC_OF, this.#bikes.text(bike)));
      }
      this.#bikeCounts[bike]!++;
      isElectric = this.#bikeIs[bike]!;
    }

    const start = this.#station(bytes, starts[columns.startStation]!, ends[columns.startStation]!);
    const end = this.#station(bytes, starts[columns.endStation]!, ends[columns.endStation]!);
    if (start < 0 || end < 0) return shifted('station');
    if (this.#stationMissing[start]) this.#missingStart++;
    if (this.#stationMissing[end]) this.#missingEnd++;

    const started = parseWallClock(bytes, starts[columns.started]!, ends[columns.started]!);
    const ended = parseWallClock(bytes, starts[columns.ended]!, ends[columns.ended]!);
    // NaN compares false: an unreadable time is a verdict, not a wrong clock.
    if (started < this.#earliest || started >= this.#latest)
      return this.#wrongClock('start', started, bytes, starts[columns.started]!, ends[columns.started]!);
    if (ended < this.#earliestEnd || ended >= this.#latestEnd)
      return this.#wrongClock('end', ended, bytes, starts[columns.ended]!, ends[columns.ended]!);

    const duration = ended - started;
    const verdict = this.#verdictOf(started, ended, duration);
    this.#verdicts[verdict]!++;
    if (verdict !== 0) return undefined;

    if (columns.id !== null) this.#digest.ofId(bytes, starts[columns.id]!, ends[columns.id]!);
    else this.#digest.ofText(bytes, lineFrom, lineTo);
    const { high, low } = this.#digest;
    const milliseconds = duration > 0 ? Math.round(duration / 1000) : -1;
    if (this.#contestedHigh.size > 0 && this.#contestedHigh.has(high) && columns.id !== null) {
      if (this.#options.contested.has(digestText(high, low))) {
        this.#contested.push(this.#ride(started, milliseconds, member, isElectric, start, end));
        return undefined;
      }
    }
    this.#ids.add(high >>> 24, high, low);
    return this.#add(started, milliseconds, member, isElectric, start, end);
  }

  /** A kept ride that was handed on alone. */
  addRide(ride: Ride): void {
    const text = Buffer.from(ride.started_at);
    const started = parseWallClock(text, 0, text.length);
    const [high, low] = [0, 8].map((at) => Number.parseInt(ride.id!.slice(at, at + 8), 16));
    this.#digest.high = high!;
    this.#digest.low = low!;
    this.#ids.add(high! >>> 24, high!, low!);
    const station = (name: string) => {
      const bytes = Buffer.from(name === UNKNOWN ? '' : name);
      return this.#station(bytes, 0, bytes.length);
    };
    const member = Buffer.from(ride.member === null ? '' : ride.member ? 'member' : 'casual');
    const type = this.#members.intern(member, 0, member.length);
    if (type === this.#memberIs.length) this.#memberIs.push(ride.member === null ? -1 : Number(ride.member));
    this.#add(
      started,
      ride.minutes === null ? -1 : Math.round(ride.minutes * 60_000),
      type,
      ride.electric === null ? -1 : Number(ride.electric),
      station(ride.start_station),
      station(ride.end_station),
    );
  }

  finish(): Tally {
    return {
      schema: this.#columns?.schema ?? 'modern',
      rows: this.#rows,
      verdicts: this.#verdicts,
      missingStartStation: this.#missingStart,
      missingEndStation: this.#missingEnd,
      memberTypes: counts(this.#members, this.#memberCounts),
      bikeTypes: counts(this.#bikes, this.#bikeCounts),
      hours: this.#hours,
      seconds: this.#minutes.counts,
      shortest: this.#minutes.least,
      longest: this.#minutes.most,
      firstStart: this.#firstStart,
      lastStart: this.#lastStart,
      stations: this.#stations.texts().map((name) => (MISSING.has(name) ? UNKNOWN : name)),
      flows: this.#flows.close(),
      ids: this.#ids.close(),
      strays: this.#strays,
      contested: this.#contested,
    };
  }

  #verdictOf(started: number, ended: number, duration: number): number {
    if (started !== started) return 1;
    if (this.#options.rule === null) return 0;
    if (ended !== ended) return 2;
    if (duration <= this.#above) return 3;
    return duration >= this.#below ? 4 : 0;
  }

  #add(
    started: number,
    milliseconds: number,
    member: number,
    isElectric: number,
    start: number,
    end: number,
  ): string | undefined {
    if (started < this.#firstStart) this.#firstStart = started;
    if (started > this.#lastStart) this.#lastStart = started;
    if (milliseconds >= 0) this.#minutes.add(milliseconds);
    const hour = Math.floor((started - this.#monthStart) / HOUR_US);
    if (hour < 0 || hour >= this.#monthHours) {
      this.#strays.push(this.#ride(started, milliseconds, member, isElectric, start, end));
      return this.#strays.length > MOST_STRAYS && this.#strays.length > this.#own
        ? `more than half of the rides start in other months than ${this.#options.month}: the file is not what its name says`
        : undefined;
    }
    this.#own++;
    const { trips, casual, electric, classic, timed, milliseconds: sum, member: members } = this.#hours;
    trips[hour]!++;
    const isMember = this.#memberIs[member]!;
    if (isMember === 1) members[hour]!++;
    else if (isMember === 0) casual[hour]!++;
    if (isElectric === 1) electric[hour]!++;
    else if (isElectric === 0) classic[hour]!++;
    if (milliseconds >= 0) {
      timed[hour]!++;
      sum[hour]! += milliseconds;
    }
    const day = (hour / 24) | 0;
    this.#flows.add(day, ((hour - day * 24) << STATION_BITS) | start, end);
    return undefined;
  }

  /** @returns its number, or -1 when there are more than there can be. */
  #station(bytes: Uint8Array, from: number, to: number): number {
    const station = this.#stations.intern(bytes, from, to);
    if (station === this.#stationMissing.length) {
      if (station >= MOST_STATIONS) return -1;
      const name = Buffer.from(bytes.subarray(from, to)).toString('utf8');
      this.#stationMissing.push(MISSING.has(name));
    }
    return station;
  }

  /** Of the row whose digest was taken last. */
  #ride(
    started: number,
    milliseconds: number,
    member: number,
    isElectric: number,
    start: number,
    end: number,
  ): Ride {
    const isMember = this.#memberIs[member]!;
    const station = (index: number) => (this.#stationMissing[index] ? UNKNOWN : this.#stations.text(index));
    return {
      id: this.#columns?.id === null ? null : digestText(this.#digest.high, this.#digest.low),
      started_at: formatWallClock(started),
      minutes: milliseconds < 0 ? null : milliseconds / 60_000,
      member: isMember < 0 ? null : isMember === 1,
      electric: isElectric < 0 ? null : isElectric === 1,
      start_station: station(start),
      end_station: station(end),
    };
  }

  #wrongClock(which: string, time: number, bytes: Uint8Array, from: number, to: number): string {
    const text = JSON.stringify(Buffer.from(bytes.subarray(from, to)).toString('utf8'));
    if (time === IMPOSSIBLE) return `${which} time ${text} is none that a clock shows`;
    return which === 'start'
      ? `start time ${text} is more than ${REACH_MONTHS} months away from ${this.#options.month}, which the file is named for`
      : `end time ${text} is before ${FIRST_YEAR}, or years after ${this.#options.month}`;
  }
}

function startOfMonth(year: number, month: number): number {
  const months = year * 12 + month - 1;
  return wallClock(Math.floor(months / 12), (months % 12) + 1, 1, 0, 0, 0);
}

function flag(known: Readonly<Record<string, boolean>>, text: string): number {
  const value = known[text.toLowerCase()];
  return value === undefined ? -1 : Number(value);
}

function counts(table: TextTable, numbers: readonly number[]): Record<string, number> {
  const texts = table.texts();
  return Object.fromEntries(numbers.map((count, index) => [texts[index]!, count]));
}

function shifted(column: string): string {
  return `too many different values of ${column}: the columns do not hold what the header says`;
}
