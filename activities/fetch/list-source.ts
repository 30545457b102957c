import { Context } from '@temporalio/activity';
import { listSourceEntries } from '../../adapters/sources/source.ts';
import type { SourceEntry } from '../../adapters/sources/entry.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { addMonths } from '../../contracts/months.ts';
import type { FetchActivities, SourceFile } from '../../contracts/stages.ts';
import { chooseFiles, type FileChoice } from '../../core/quality/choose-files.ts';
import { SYNTHETIC_MARKER, candidateNames, parseTripFileName } from '../../core/quality/source-names.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export function createListSource(deps: ActivityDependencies): FetchActivities['listSource'] {
  return async ({ system, months, source, allowMissing }) => {
    const address = source ?? deps.sources.trips;
    const reach = [...new Set(months.flatMap((month) => [addMonths(month, -1), month, addMonths(month, 1)]))];
    const candidates = [...new Set(reach.flatMap((month) => candidateNames(system, month)))];
    const entries = await listSourceEntries(address, [...candidates, SYNTHETIC_MARKER], {
      objects: deps.artifacts.objects,
      signal: Context.current().cancellationSignal,
    });
    const choice = chooseFiles(system, months, entries);
    if (choice.missing.length > 0 && !allowMissing) throw missingMonths(system, address, choice);
    return {
      months: choice.months.map((month) => ({
        month: month.month,
        files: month.files.map(asSourceFile),
        neighbours: month.neighbours.map(asSourceFile),
        complete: month.complete,
      })),
      missing: [...choice.missing],
      synthetic: entries.some(({ name }) => name === SYNTHETIC_MARKER),
    };
  };
}

function asSourceFile({ url, name, bytes, etag }: SourceEntry): SourceFile {
  return { url, name, kind: parseTripFileName(name)?.kind === 'hourly' ? 'hourly' : 'archive', bytes, etag };
}

function missingMonths(system: string, address: string, choice: FileChoice<SourceEntry>): CitibikeError {
  const years = [...new Set(choice.insideYearArchive.values())];
  const advice =
    years.length > 0
      ? `${years.join(', ')} holds some of them as an archive of archives, which is not read: unpack it and give that folder as a file:// source.`
      : 'Ask for fewer months, give another source, or set allowMissing to go on without them.';
  return new CitibikeError(
    'MISSING_MONTHS',
    `the source ${address} does not have ${system} ${choice.missing.join(', ')}. ${advice}`,
    { system, source: address, months: choice.missing },
  );
}
