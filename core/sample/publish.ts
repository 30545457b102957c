/** Publishes synthetic rides as a publisher does: names of archives, months of an archive, and layouts of CSVs by period. */
import { addMonths } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { Month } from '../../contracts/months.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import { candidateNames } from '../ingest/source-names.ts';
import { csvFormat, type CsvFormat } from './csv-formats.ts';
import type { Ride } from './rides.ts';

/** Is the first month of the layout `modern` in the sample of a system whose facts name no layouts. */
const FIRST_MODERN_MONTH = '2021-02';

/** Represents the facts that decide how rides are published. */
export type PublishingFacts = Pick<SystemFacts, 'id' | 'trips' | 'sample'>;

export interface MonthOfRides {
  readonly month: Month;
  readonly rides: readonly Ride[];
}

export interface PublishedArchive {
  readonly archive: string;
  /** Date of publication as `YYYY-MM-DD`. */
  readonly published: string;
  readonly csvs: readonly { readonly name: string; readonly text: string }[];
}

/** @param months of one archive, in order. Each layout has CSVs of its own. */
export function publishArchive(
  facts: PublishingFacts,
  archive: string,
  months: readonly MonthOfRides[],
): PublishedArchive {
  const stem = archive.replace(/(\.csv)?(\.zip|\.gz)?$/, '');
  const formats = [...Map.groupBy(months, ({ month }) => formatOf(facts, month).header).values()];
  const parts = formats.flatMap((same) => {
    const { header, line } = formatOf(facts, same[0]!.month);
    const rides = same.flatMap((each) => each.rides);
    const size = facts.sample?.ridesPerFile ?? Math.max(1, rides.length);
    const count = Math.max(1, Math.ceil(rides.length / size));
    return Array.from({ length: count }, (_, part) =>
      // Real files have CRLF line ends.
      [header, ...rides.slice(part * size, (part + 1) * size).map(line), ''].join('\r\n'),
    );
  });
  return {
    archive,
    published: `${addMonths(months.at(-1)!.month, 1)}-04`,
    csvs: parts.map((text, i) => ({
      name: parts.length === 1 ? `${stem}.csv` : `${stem}_${i + 1}.csv`,
      text,
    })),
  };
}

/** Returns the name of the archive that holds a month. @throws CitibikeError INVALID_INPUT if the publisher had none. */
export function archiveName({ id, trips, sample }: PublishingFacts, month: Month): string {
  const archives = sample?.archives ?? trips.archives;
  const [name] = candidateNames({ id, trips: { ...trips, archives } }, month);
  if (name !== undefined && month >= trips.firstMonth) return name;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${month}: system ${id} has no archive of this month, expected a month from ${trips.firstMonth} with a name in trips.archives; begin the sample later`,
    { month },
  );
}

/** Returns the format of a month's CSV. @throws CitibikeError INVALID_INPUT for a month or layout that cannot be written. */
export function formatOf({ id, sample, trips }: PublishingFacts, month: Month): CsvFormat {
  const layouts = sample?.layouts ?? [
    trips.layouts.includes('modern')
      ? { layout: 'modern', from: FIRST_MODERN_MONTH }
      : { layout: trips.layouts[0]! },
  ];
  const found = layouts.find(({ from = month, to = month }) => from <= month && month <= to);
  const format = found && csvFormat(found.layout, month);
  if (format) return format;
  const periods = layouts.map(({ layout, from = '', to = '' }) => `${layout} ${from} to ${to}`).join(', ');
  throw new CitibikeError(
    'INVALID_INPUT',
    `${month}: sample months of ${id} have the layouts ${periods}, expected one that a sample can have for this month`,
    { month },
  );
}
