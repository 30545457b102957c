import type { HourCount } from '../../adapters/tables/hourly-files.ts';
import { composeRides, type ComposedRides, type OwnRides } from '../../adapters/rides/compose-rides.ts';
import type { ArchiveHour } from '../../adapters/rides/archive-hours.ts';
import type { Ride } from '../../adapters/rides/ride.ts';
import type { ArchiveFacts } from '../../contracts/hours.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import type { Month } from '../../contracts/months.ts';
import type { MeasuredSources } from './judge-month.ts';
import { countedRows, monthRows, type MonthRows } from './month-rows.ts';

export interface MonthSources {
  readonly facts: SystemFacts;
  readonly month: Month;
  /** Archives named for the month. */
  readonly own: readonly { readonly rides: OwnRides; readonly facts: ArchiveFacts }[];
  /** Rides of neighbouring archives. */
  readonly strays: readonly Ride[];
  /** Processed hours of the month, and of the month before, from hourly files. */
  readonly processed?: readonly HourCount[];
  readonly processedBefore?: readonly HourCount[];
  /** Archives of the month before. */
  readonly previous: readonly { readonly hours: readonly ArchiveHour[]; readonly facts: ArchiveFacts }[];
  /** File that the flows are written to. */
  readonly flowsFile: string;
}

export interface ComposedMonth<Quality> extends MonthRows {
  readonly composed: ComposedRides;
  readonly quality: Quality;
}

/**
 * Composes a month and checks its quality, for `ingest` and `citibike preprocess`.
 * @param judge keeps the quality report, and throws if the month fails its gate.
 * @throws CitibikeError QUALITY_GATE by `composeRides`, `monthRows` and `judge`.
 */
export async function composeMonth<Quality>(
  { facts, month, own, strays, processed = [], processedBefore = [], previous, flowsFile }: MonthSources,
  judge: (current: MeasuredSources, previous: MeasuredSources) => Promise<Quality>,
): Promise<ComposedMonth<Quality>> {
  const rides = own.map((each) => each.rides);
  const composed = await composeRides(month, rides, strays, flowsFile);
  const rows = monthRows(facts, month, composed.hours, processed);
  const hoursBefore = previous.flatMap(({ hours }) => hours);
  const quality = await judge(
    { hours: rows.rows, archives: own.map((archive) => archive.facts) },
    {
      hours: countedRows(facts, hoursBefore, processedBefore),
      archives: previous.map((archive) => archive.facts),
    },
  );
  return { ...rows, composed, quality };
}
