import type { ArtifactRef } from '../contracts/artifact.ts';
import type { MonthDataset } from '../contracts/frame.ts';
import { IngestInput, parseInput } from '../contracts/inputs.ts';
import { addMonths, monthsOf } from '../contracts/months.ts';
import type { IngestResult } from '../contracts/results.ts';
import type { SourceFile, SourceMonth } from '../contracts/stages.ts';
import { composeDataset, fetchFile, fetchWeather, listSource, preprocessMonth } from './activities.ts';
import { fanOut } from './fan-out.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';

/** Files or months under way at once: enough to hide the network, few enough for two cores and bounded memory. */
const WIDTH = 4;

/** Months asked of the source in one listing, so that an answer stays small however long the span is. */
const MONTHS_A_LISTING = 12;

/** Fetches and preprocesses every month of the spans, one activity a month and stage, and composes them into a data set. */
export async function ingest(raw: IngestInput): Promise<IngestResult> {
  const input = parseInput('ingest', IngestInput, raw);
  const progress = new ProgressTracker(['list', 'weather', 'months', 'compose'], ['months']);
  setSearchAttribute('system', input.system);
  setSearchAttribute('month', `${input.from}..${input.to}`);
  const spans = [{ from: input.from, to: input.to }, ...(input.also ?? [])];
  const months = [...new Set(spans.flatMap(monthsOf))].sort();
  const { system, rules, cache, allowMissing } = input;
  const tripsSource = input.source?.trips;

  const listing = await progress.run('list', async () => {
    const found: SourceMonth[] = [];
    const missing: string[] = [];
    let synthetic = false;
    for (let i = 0; i < months.length; i += MONTHS_A_LISTING) {
      const part = await listSource({
        system,
        months: months.slice(i, i + MONTHS_A_LISTING),
        allowMissing,
        ...(tripsSource ? { source: tripsSource } : {}),
      });
      found.push(...part.months);
      missing.push(...part.missing);
      synthetic ||= part.synthetic;
    }
    return { found, missing, synthetic };
  });
  const { synthetic } = listing;

  const weatherSource = input.source?.weather ?? tripsSourceWithWeather(tripsSource);
  const weather = await progress.run('weather', () =>
    fetchWeather({
      years: yearsOf(months),
      synthetic,
      cache,
      ...(weatherSource ? { source: weatherSource } : {}),
    }),
  );

  const datasets = await progress.run('months', async (step) => {
    step.expect(listing.found.length);
    // A file serves its own month and, for the rides that strayed, its neighbours: fetched once.
    const fetched = new Map<string, Promise<ArtifactRef>>();
    const fetchOnce = (file: SourceFile): Promise<ArtifactRef> => {
      const known = fetched.get(file.url);
      if (known) return known;
      const fetching = fetchFile({ system, file, synthetic, cache }).then((produced) => produced.ref);
      fetched.set(file.url, fetching);
      return fetching;
    };
    const fetchAll = (files: readonly SourceFile[]) =>
      Promise.all(files.map(async (file) => ({ kind: file.kind, ref: await fetchOnce(file) })));
    const results = await fanOut(listing.found, WIDTH, async (month) => {
      const [files, neighbours] = await Promise.all([fetchAll(month.files), fetchAll(month.neighbours)]);
      const result = await preprocessMonth({
        system,
        rules,
        month: month.month,
        files,
        neighbours,
        complete: month.complete,
        synthetic,
        cache,
      });
      step.itemDone();
      return result;
    });
    return { results, cached: results.length > 0 && results.every((result) => result.cached) };
  });

  const monthDatasets: MonthDataset[] = datasets.results.map((result) => result.dataset);
  const dataset = await progress.run('compose', () =>
    composeDataset({ system, rules, months: monthDatasets, weather: weather.weather, cache }),
  );
  return {
    dataset: dataset.dataset,
    months: monthDatasets.length,
    missing: listing.missing,
    provisional: monthDatasets.filter((month) => month.provisional).map((month) => month.month),
    hours: dataset.hours,
    trips: dataset.trips,
    synthetic: dataset.synthetic,
    cached: datasets.cached && dataset.cached,
  };
}

/** A folder of trips usually holds its weather too; a web source never does. */
function tripsSourceWithWeather(trips: string | undefined): string | undefined {
  return trips?.startsWith('file://') ? trips : undefined;
}

/** The calendar years whose weather is needed: those of the months, and of the day before the first. */
function yearsOf(months: readonly string[]): number[] {
  const dayBefore = months.map((month) => addMonths(month, -1));
  return [...new Set([...months, ...dayBefore].map((month) => Number(month.slice(0, 4))))].sort();
}
