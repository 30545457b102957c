/** Sorts the keys of rides and writes them as parquet files of flows and ids. */
import { ParquetWriter } from '../parquet/writer.ts';
import { digestText } from './digest.ts';
import { FLOW_COLUMNS, FlowGroups } from './flows.ts';
import { countRides, emptyCounts, type HourOfWeekCounts } from './hour-of-week-counts.ts';
import { KeyReader, wordsOf, type KeyFile } from './key-buckets.ts';
import { sortedTexts } from './sorted-texts.ts';
import { DAYS, HOURS_BITS, ID_BUCKETS, NO_HOURS, STATION_BITS, STATION_MASK } from './tally.ts';

export interface FlowsJob {
  /** First day of the month, in days since 1970-01-01. */
  readonly firstDay: number;
  readonly sources: readonly { readonly flows: KeyFile; readonly stations: readonly string[] }[];
  readonly out: string;
  /** False leaves out the counts by station. */
  readonly withStations: boolean;
}

export interface WrittenFlows {
  readonly rows: number;
  /** Rides by station and hour of the week, in the order of the sources. */
  readonly counts: readonly HourOfWeekCounts[];
}

/** Sorts flows day by day and writes them. */
export function writeFlowKeys({ firstDay, sources, out, withStations }: FlowsJob): WrittenFlows {
  const stations = sortedTexts(sources.flatMap((source) => source.stations));
  const rank = new Map(stations.map((name, index) => [name, index]));
  const ranks = sources.map((source) => Uint32Array.from(source.stations, (name) => rank.get(name)!));
  const counts = sources.map((source) => emptyCounts(source.stations.length));
  const reader = new KeyReader(sources.map((source) => source.flows));
  const writer = new ParquetWriter(out, FLOW_COLUMNS);
  try {
    const groups = new FlowGroups(writer, stations);
    // All days share one buffer, because discarded buffers use memory until the garbage collector runs.
    const days = Array.from({ length: DAYS }, (_, day) => reader.count(day));
    const keys = new BigUint64Array(Math.max(...days));
    for (const day of days.keys()) {
      let filled = 0;
      for (const file of sources.keys()) {
        const read = reader.read(file, day, keys, filled);
        if (withStations) countRides(counts[file]!, wordsOf(read), firstDay + day);
        rankStations(wordsOf(read), ranks[file]!);
        filled += read.length;
      }
      addSorted(groups, firstDay + day, wordsOf(keys.subarray(0, filled).sort()));
    }
    groups.flush();
    writer.close();
    return { rows: groups.rows, counts };
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    reader.close();
  }
}

/** Adds the keys of one day. It is a separate function because V8 then keeps it optimised. */
function addSorted(groups: FlowGroups, day: number, words: Uint32Array): void {
  for (let i = 0; i < words.length;) {
    const station = words[i]! >>> HOURS_BITS;
    const high = words[i + 1]!;
    let end = i + 2;
    while (end < words.length && words[end]! >>> HOURS_BITS === station && words[end + 1] === high) end += 2;
    groups.add(day, high >>> STATION_BITS, high & STATION_MASK, station, (end - i) / 2);
    i = end;
  }
}

/** Replaces station numbers by their index in the sorted list of all stations. */
function rankStations(words: Uint32Array, ranks: Uint32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i]!;
    const high = words[i + 1]!;
    words[i] = (ranks[low >>> HOURS_BITS]! << HOURS_BITS) | (low & NO_HOURS);
    words[i + 1] = (high & ~STATION_MASK) | ranks[high & STATION_MASK]!;
  }
}

export interface IdsJob {
  readonly sources: readonly KeyFile[];
  /** Null: writes no file and only looks for repeated ids. */
  readonly out: string | null;
}

export interface WrittenIds {
  readonly rows: number;
  /** Repeated ids (digest text), each listed once. */
  readonly repeated: readonly string[];
  /** Rows minus distinct ids. */
  readonly surplus: number;
}

/** Buckets per row group: a few million ids make groups of some hundred thousand. */
const BUCKETS_PER_GROUP = 16;

/** Sorts ids bucket by bucket and writes them. */
export function writeIdKeys({ sources, out }: IdsJob): WrittenIds {
  const reader = new KeyReader(sources);
  const writer = out === null ? null : new ParquetWriter(out, [{ name: 'id', type: 'uint64' }]);
  const repeated: string[] = [];
  let rows = 0;
  let surplus = 0;
  try {
    const buckets = Array.from({ length: ID_BUCKETS }, (_, bucket) => reader.count(bucket));
    const groups = Array.from({ length: ID_BUCKETS / BUCKETS_PER_GROUP }, (_, group) =>
      buckets
        .slice(group * BUCKETS_PER_GROUP, (group + 1) * BUCKETS_PER_GROUP)
        .reduce((sum, keys) => sum + keys),
    );
    const keys = new BigUint64Array(Math.max(...groups));
    for (const group of groups.keys()) {
      let filled = 0;
      for (let i = 0; i < BUCKETS_PER_GROUP; i++) {
        const sorted = reader.readSorted(group * BUCKETS_PER_GROUP + i, keys, filled);
        surplus += countRepeated(wordsOf(sorted), repeated);
        filled += sorted.length;
      }
      writer?.writeRowGroup(filled, [{ kind: 'plain', values: keys.subarray(0, filled) }]);
      rows += filled;
    }
    writer?.close();
    return { rows, repeated, surplus };
  } catch (error) {
    writer?.abandon();
    throw error;
  } finally {
    reader.close();
  }
}

/** Adds repeated ids to the list. @returns keys minus distinct keys. */
function countRepeated(words: Uint32Array, repeated: string[]): number {
  let surplus = 0;
  for (let i = 2; i < words.length; i += 2) {
    if (words[i] !== words[i - 2] || words[i + 1] !== words[i - 1]) continue;
    surplus++;
    const id = digestText(words[i + 1]!, words[i]!);
    if (repeated.at(-1) !== id) repeated.push(id);
  }
  return surplus;
}
