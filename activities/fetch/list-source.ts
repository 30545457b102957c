import { Context } from '@temporalio/activity';
import type { AllowedSource } from '../../adapters/sources/allow-list.ts';
import { listSourceEntries, readTextFromSource } from '../../adapters/sources/source.ts';
import type { SourceAccess, SourceEntry } from '../../adapters/sources/entry.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { addMonths } from '../../contracts/calendar.ts';
import { chooseFiles, type ChosenFile } from '../../core/ingest/choose-files.ts';
import {
  isPublishedList,
  parsePublishedList,
  PUBLISHED_LIST_NAME,
} from '../../core/ingest/published-list.ts';
import {
  SYNTHETIC_MARKER,
  candidateNames,
  exampleName,
  type NamingFacts,
} from '../../core/ingest/source-names.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { factsOf } from '../common/facts-of.ts';
import { tripsSource } from './trips-source.ts';
import type { FetchActivities, PublishedFile, SourceFile } from '../../contracts/activities/fetch.ts';

type Published = ReadonlyMap<string, PublishedFile>;

export function createListSource(deps: ActivityDependencies): FetchActivities['listSource'] {
  return async (input) => {
    const { months, source, allowMissing } = input;
    const facts = await factsOf(deps, input);
    const allowed = await tripsSource(deps, facts, source);
    const access = { objects: deps.artifacts.objects, signal: Context.current().cancellationSignal };
    const reach = [...new Set(months.flatMap((month) => [addMonths(month, -1), month, addMonths(month, 1)]))];
    const candidates = [...new Set(reach.flatMap((month) => candidateNames(facts, month)))];
    const extras = [SYNTHETIC_MARKER, PUBLISHED_LIST_NAME];
    const entries = await listSourceEntries(allowed, [...candidates, ...extras], access);
    const choice = chooseFiles(facts, months, entries);
    if (choice.missing.length > 0 && !allowMissing) throw missingMonths(facts, allowed.url, choice.missing);
    const published = await readPublishedList(allowed, entries, access);
    const files: SourceFile[] = [];
    const place = (chosen: ChosenFile<SourceEntry>) => placeIn(files, asSourceFile(chosen, published));
    return {
      months: choice.months.map((month) => ({
        month: month.month,
        files: month.files.map(place),
        neighbours: month.neighbours.map(place),
        complete: month.complete,
      })),
      files,
      missing: choice.missing,
      synthetic: entries.some(({ name }) => name === SYNTHETIC_MARKER),
    };
  };
}

/** Returns the index of the file in the list. Adds the file if necessary. */
function placeIn(files: SourceFile[], file: SourceFile): number {
  const known = files.findIndex(({ url }) => url === file.url);
  return known === -1 ? files.push(file) - 1 : known;
}

async function readPublishedList(
  source: AllowedSource,
  entries: readonly SourceEntry[],
  access: SourceAccess,
): Promise<Published> {
  const list = entries.find(({ name }) => isPublishedList(name));
  if (!list) return new Map();
  return parsePublishedList(await readTextFromSource(source.at(list.url), access));
}

function asSourceFile(
  { file, kind, month, ofSeveral }: ChosenFile<SourceEntry>,
  lists: Published,
): SourceFile {
  const { url, name, bytes, etag } = file;
  const published = lists.get(name);
  return {
    url: ofSeveral ? `${url}#${month}` : url,
    name,
    month,
    kind,
    bytes,
    etag,
    published,
  };
}

function missingMonths(facts: NamingFacts, address: string, months: readonly string[]): CitibikeError {
  const [month = ''] = months;
  return new CitibikeError(
    'MISSING_MONTHS',
    `the source ${address} does not have ${facts.id} ${months.join(', ')}, expected a file such as ${exampleName(facts, month)}. ` +
      'Choose other months or another source, or set allowMissing to continue without them.',
    { system: facts.id, source: address, months },
  );
}
