import type { ArchiveFacts } from '../../contracts/hours.ts';
import type { ArchiveCsv } from '../sources/find-csvs.ts';
import type { ScannedCsv } from './scan-on-threads.ts';
import type { Tally } from './tally.ts';
import { RIDE_OUTCOMES } from './ride-outcome.ts';
import { formatWallClock } from './wall-clock.ts';

/** Lists the quantiles of the rides' minutes that the facts hold. */
const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/**
 * Summarises an archive for its quality report.
 * @param scanned the CSVs as they were first read: every row, in the order of `csvs`.
 * @param tallies tallies of the rides that count, with each ride_id once.
 */
export function archiveFacts(
  scanned: readonly ScannedCsv[],
  csvs: readonly ArchiveCsv[],
  tallies: readonly Tally[],
  repeated: { readonly duplicates?: number; readonly identicalLegacyRows?: number },
): ArchiveFacts {
  const all = scanned.flatMap((csv) => csv.tallies);
  const sum = (value: (tally: Tally) => number) => all.reduce((total, tally) => total + value(tally), 0);
  const outcome = (name: (typeof RIDE_OUTCOMES)[number]) =>
    sum((tally) => tally.outcomes[RIDE_OUTCOMES.indexOf(name)]!);
  const { duplicates = 0, identicalLegacyRows = 0 } = repeated;
  const firstStart = Math.min(...tallies.map((tally) => tally.firstStart));
  const lastStart = Math.max(...tallies.map((tally) => tally.lastStart));
  return {
    rows: sum((tally) => tally.rows),
    kept: outcome('kept') - duplicates,
    rejected: {
      unparsable_start: outcome('unparsable_start'),
      unparsable_end: outcome('unparsable_end'),
      not_positive: outcome('not_positive'),
      too_long: outcome('too_long'),
    },
    duplicates,
    identicalLegacyRows,
    missingStartStation: sum((tally) => tally.missingStartStation),
    missingEndStation: sum((tally) => tally.missingEndStation),
    irregular: {
      under_a_minute: sum(({ irregular }) => irregular.under_a_minute),
      ends_before_start: sum(({ irregular }) => irregular.ends_before_start),
      over_a_day: sum(({ irregular }) => irregular.over_a_day),
      name_without_id: sum(({ irregular }) => irregular.name_without_id),
      stations_with_two_names: stationsWithTwoNames(all),
    },
    memberTypes: addCounts(all.map((tally) => tally.memberTypes)),
    bikeTypes: addCounts(all.map((tally) => tally.bikeTypes)),
    schema: all[0]!.layout,
    csvs: scanned.map(({ tallies: ofCsv, header, quoted }, index) => ({
      name: csvs[index]!.name,
      rows: ofCsv.reduce((rows, tally) => rows + tally.rows, 0),
      header,
      quoted,
    })),
    minutes: minuteQuantiles(tallies),
    firstStart: Number.isFinite(firstStart) ? formatWallClock(firstStart) : null,
    lastStart: Number.isFinite(lastStart) ? formatWallClock(lastStart) : null,
  };
}

function stationsWithTwoNames(tallies: readonly Tally[]): number {
  const names = new Map<string, Set<string>>();
  for (const { stations, stationNames } of tallies) {
    for (const [i, station] of stations.entries()) {
      const known = names.get(station) ?? new Set();
      names.set(station, known);
      for (const name of stationNames[i]!.keys()) known.add(name);
    }
  }
  return [...names.values()].filter(({ size }) => size > 1).length;
}

/** Adds up counts by name, sorted by name so that the same counts give the same JSON. */
function addCounts(lists: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of lists.flatMap(Object.entries<number>))
    sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns quantiles to the second; the least and the greatest are exact. Quantiles above a day show as one day. */
function minuteQuantiles(tallies: readonly Tally[]): number[] | null {
  const counts = new Float64Array(tallies[0]!.seconds.length);
  let total = 0;
  for (const { seconds } of tallies) {
    for (let i = 0; i < counts.length; i++) {
      counts[i]! += seconds[i]!;
      total += seconds[i]!;
    }
  }
  if (total === 0) return null;
  const least = Math.min(...tallies.map((tally) => tally.shortest)) / 60_000;
  const greatest = Math.max(...tallies.map((tally) => tally.longest)) / 60_000;
  let second = -1;
  let counted = 0;
  return QUANTILES.map((share) => {
    if (share === 0) return least;
    if (share === 1) return greatest;
    while (counted <= share * (total - 1)) counted += counts[++second]!;
    return Math.min(greatest, Math.max(least, second / 60));
  });
}
