/** Adds rides to a tally row by row. A typical ride allocates no object, string or boxed number. */
import { CategoryColumn, NEITHER, NO, TOO_MANY, YES } from './category-column.ts';
import { Digest, digestText } from './digest.ts';
import { IrregularRowCounter } from './irregular-rows.ts';
import { KeyBuckets } from './key-buckets.ts';
import { MinuteHistogram } from './minute-histogram.ts';
import { UNKNOWN_STATION } from '../../contracts/hours.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { HOURS_OF_WEEK } from '../../contracts/station-hours.ts';
import type { Ride } from './ride.ts';
import { RideClock } from './ride-clock.ts';
import type { RideColumns } from './ride-header.ts';
import type { RowSink } from './ride-scanner.ts';
import { StationPositions } from './station-positions.ts';
import { StationColumn, TOO_MANY_STATIONS } from './station-column.ts';
import { DAYS, HOURS_BITS, ID_BUCKETS, NO_HOURS, STATION_BITS, emptySums, type Tally } from './tally.ts';
import { RIDE_OUTCOMES, rideOutcomeFor, type DurationRule } from './ride-outcome.ts';
import { formatWallClock, readWallClock } from './wall-clock.ts';

export interface TallyOptions {
  /** `YYYY-MM`, the month for which the CSV is read. */
  readonly month: string;
  /** All months of the CSV. */
  readonly months: MonthSpan;
  readonly rule: DurationRule;
  /** Path of the key files, without extension. */
  readonly scratch: string;
  /** Ids (digest text) that occur in several rows. */
  readonly contested: ReadonlySet<string>;
  /** False leaves out the hours of arrivals and the positions of stations. The default is true. */
  readonly withStations?: boolean | undefined;
  /**
   * Share of the limits that this tally allows. If two tallies share the rows of a CSV and each allows half, one of them rejects its rows
   * whenever a tally of all rows does. The default is 1.
   */
  readonly limitShare?: number;
}

/** Sets the keys per block of a bucket. */
const FLOW_BLOCK = 4096;
const ID_BLOCK = 512;

/** Limits the rides of other months in a file, unless its own month has more. Beyond this, the file name is wrong. */
const MOST_STRAYS = 100_000;

const MEMBER_TYPES = { member: true, subscriber: true, casual: false, customer: false };
const BIKE_TYPES = { electric_bike: true, classic_bike: false, docked_bike: false };

/** Indexes into the times of the current row. */
const STARTED = 0;
const ENDED = 1;

const NO_DURATION = -1;

export class RideTally implements RowSink {
  readonly #month: string;
  readonly #clock: RideClock;
  readonly #withStations: boolean;
  readonly #limitShare: number;
  readonly #outcomeOf: (started: number, ended: number) => number;
  readonly #contestedIds: ReadonlySet<string>;
  readonly #contestedHigh: ReadonlySet<number>;
  /** Times of the current row, in µs. */
  readonly #times = new Float64Array(2);
  readonly #digest = new Digest();
  readonly #stations: StationColumn;
  readonly #positions = new StationPositions();
  readonly #members: CategoryColumn;
  readonly #irregular = new IrregularRowCounter();
  readonly #bikes: CategoryColumn;
  readonly #hours = emptySums();
  readonly #minutes = new MinuteHistogram();
  readonly #outcomes = new Float64Array(RIDE_OUTCOMES.length);
  readonly #flows: KeyBuckets;
  readonly #ids: KeyBuckets;
  readonly #strays: Ride[] = [];
  readonly #contested: Ride[] = [];
  #columns: RideColumns | undefined;
  #rows = 0;
  #rowsOfOtherMonths = 0;
  #own = 0;
  #missingStart = 0;
  #missingEnd = 0;
  #firstStart = Infinity;
  #lastStart = -Infinity;

  constructor({
    month,
    months,
    rule,
    scratch,
    contested,
    withStations = true,
    limitShare = 1,
  }: TallyOptions) {
    this.#limitShare = limitShare;
    this.#stations = new StationColumn(limitShare);
    this.#members = new CategoryColumn(MEMBER_TYPES, limitShare);
    this.#bikes = new CategoryColumn(BIKE_TYPES, limitShare);
    this.#withStations = withStations;
    this.#month = month;
    this.#clock = new RideClock(month, months);
    this.#outcomeOf = rideOutcomeFor(rule);
    this.#contestedIds = contested;
    this.#contestedHigh = new Set([...contested].map((id) => wordOf(id, 0)));
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
    const times = this.#times;
    readWallClock(bytes, starts[columns.started]!, ends[columns.started]!, times, STARTED);
    readWallClock(bytes, starts[columns.ended]!, ends[columns.ended]!, times, ENDED);
    if (this.#clock.isWrongStart(times[STARTED]!))
      return this.#clock.whyWrongStart(times[STARTED]!, textAt(bytes, starts, ends, columns.started));
    if (this.#clock.isWrongEnd(times[ENDED]!))
      return this.#clock.whyWrongEnd(times[ENDED]!, textAt(bytes, starts, ends, columns.ended));

    if (this.#clock.isOfOtherMonth(times[STARTED]!)) {
      this.#rowsOfOtherMonths++;
      return undefined;
    }
    this.#rows++;

    const member = this.#members.add(bytes, starts[columns.member]!, ends[columns.member]!);
    if (member === TOO_MANY) return shifted('member or user type');
    let electric = NEITHER;
    if (columns.bike !== null) {
      electric = this.#bikes.add(bytes, starts[columns.bike]!, ends[columns.bike]!);
      if (electric === TOO_MANY) return shifted('bike type');
    }
    const stations = this.#stations;
    const start = stations.read(bytes, starts, ends, columns.startStation, columns.startName);
    const startLacksId = stations.lacksId;
    const end = stations.read(bytes, starts, ends, columns.endStation, columns.endName);
    if (start === TOO_MANY_STATIONS || end === TOO_MANY_STATIONS) return shifted('station');
    this.#missingStart += stations.missing(start);
    this.#missingEnd += stations.missing(end);
    this.#irregular.add(times, startLacksId | stations.lacksId);

    const outcome = this.#outcomeOf(times[STARTED]!, times[ENDED]!);
    this.#outcomes[outcome]!++;
    if (outcome !== 0) return undefined;

    if (this.#withStations) {
      this.#positions.add(start, bytes, starts, ends, columns.startLat, columns.startLon);
      this.#positions.add(end, bytes, starts, ends, columns.endLat, columns.endLon);
    }
    if (columns.id !== null) this.#digest.ofId(bytes, starts[columns.id]!, ends[columns.id]!);
    else this.#digest.ofText(bytes, lineFrom, lineTo);
    const duration = times[ENDED]! - times[STARTED]!;
    const milliseconds = duration > 0 ? Math.round(duration / 1000) : NO_DURATION;
    if (columns.id !== null && this.#isContested()) {
      this.#contested.push(this.#ride(milliseconds, member, electric, start, end));
      return undefined;
    }
    return this.#keep(milliseconds, member, electric, start, end);
  }

  /** Adds a kept ride that was collected separately. */
  addRide(ride: Ride): void {
    const text = Buffer.from(ride.started_at);
    readWallClock(text, 0, text.length, this.#times, STARTED);
    this.#times[ENDED] = this.#times[STARTED]! + Math.round((ride.minutes ?? 0) * 60e6);
    this.#digest.high = wordOf(ride.id!, 0);
    this.#digest.low = wordOf(ride.id!, 8);
    const station = (name: string) => {
      const bytes = Buffer.from(name === UNKNOWN_STATION ? '' : name);
      return this.#stations.intern(bytes, 0, bytes.length);
    };
    this.#keep(
      ride.minutes === null ? NO_DURATION : Math.round(ride.minutes * 60_000),
      ride.member === null ? NEITHER : Number(ride.member),
      ride.electric === null ? NEITHER : Number(ride.electric),
      station(ride.start_station),
      station(ride.end_station),
    );
  }

  finish(): Tally {
    const stations = this.#stations.names();
    return {
      layout: this.#columns?.layout ?? '',
      hasIds: this.#columns?.id !== null,
      hasBikes: this.#columns?.bike !== null,
      rows: this.#rows,
      rowsOfOtherMonths: this.#rowsOfOtherMonths,
      outcomes: this.#outcomes,
      missingStartStation: this.#missingStart,
      missingEndStation: this.#missingEnd,
      irregular: this.#irregular.counts(),
      memberTypes: this.#members.counts(),
      bikeTypes: this.#bikes.counts(),
      hours: this.#hours,
      seconds: this.#minutes.counts,
      shortest: this.#minutes.least,
      longest: this.#minutes.most,
      firstStart: this.#firstStart,
      lastStart: this.#lastStart,
      stations,
      stationNames: this.#stations.namesOfIds(),
      positions: stations.map((_, station) => this.#positions.median(station)),
      flows: this.#flows.close(),
      ids: this.#ids.close(),
      strays: this.#strays,
      contested: this.#contested,
    };
  }

  /** Closes the files of a scan that failed. */
  abandon(): void {
    this.#flows.abandon();
    this.#ids.abandon();
  }

  /** Checks the first word before it builds a string, which is nearly always enough. */
  #isContested(): boolean {
    const { high, low } = this.#digest;
    return this.#contestedHigh.has(high) && this.#contestedIds.has(digestText(high, low));
  }

  /** Counts the ride whose start and digest were read last. @returns a reason to reject the file. */
  #keep(
    milliseconds: number,
    member: number,
    electric: number,
    start: number,
    end: number,
  ): string | undefined {
    const { high, low } = this.#digest;
    this.#ids.add(high >>> 24, high, low);
    const started = this.#times[STARTED]!;
    if (started < this.#firstStart) this.#firstStart = started;
    if (started > this.#lastStart) this.#lastStart = started;
    if (milliseconds !== NO_DURATION) this.#minutes.add(milliseconds);
    const hour = this.#clock.hourOfMonth(started);
    if (hour < 0) {
      this.#strays.push(this.#ride(milliseconds, member, electric, start, end));
      return this.#hasTooManyStrays()
        ? `more than half of the rides start outside ${this.#month}, the month in the file name`
        : undefined;
    }
    this.#own++;
    const sums = this.#hours;
    sums.trips[hour]!++;
    if (member === YES) sums.member[hour]!++;
    else if (member === NO) sums.casual[hour]!++;
    if (electric === YES) sums.electric[hour]!++;
    else if (electric === NO) sums.classic[hour]!++;
    let hours = NO_HOURS;
    if (milliseconds !== NO_DURATION) {
      sums.timed[hour]!++;
      sums.milliseconds[hour]! += milliseconds;
      if (this.#withStations) hours = this.#clock.hoursUntil(this.#times[ENDED]!, hour) % HOURS_OF_WEEK;
    }
    const day = (hour / 24) | 0;
    this.#flows.add(day, ((hour - day * 24) << STATION_BITS) | start, (end << HOURS_BITS) | hours);
    return undefined;
  }

  /** Half of a CSV cannot compare with the rides of the month, because the other half may have most of them. */
  #hasTooManyStrays(): boolean {
    const strays = this.#strays.length;
    return strays > MOST_STRAYS * this.#limitShare && (this.#limitShare < 1 || strays > this.#own);
  }

  /** Builds the ride whose start and digest were read last. */
  #ride(milliseconds: number, member: number, electric: number, start: number, end: number): Ride {
    return {
      id: this.#columns?.id === null ? null : digestText(this.#digest.high, this.#digest.low),
      started_at: formatWallClock(this.#times[STARTED]!),
      minutes: milliseconds === NO_DURATION ? null : milliseconds / 60_000,
      member: member === NEITHER ? null : member === YES,
      electric: electric === NEITHER ? null : electric === YES,
      start_station: this.#stations.name(start),
      end_station: this.#stations.name(end),
    };
  }
}

/** Parses eight hexadecimal digits into a signed word, as Digest holds it. */
function wordOf(id: string, at: number): number {
  return Number.parseInt(id.slice(at, at + 8), 16) | 0;
}

function textAt(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, column: number): string {
  return Buffer.from(bytes.subarray(starts[column], ends[column])).toString('utf8');
}

function shifted(column: string): string {
  return `too many different values of ${column}: the columns do not match the header`;
}
