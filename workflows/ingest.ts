import { ApplicationFailure, isCancellation, patched } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { addMonths, monthsOf } from '../contracts/calendar.ts';
import { outgoingText } from '../contracts/outgoing-text.ts';
import {
  composeDataset,
  fetchFile,
  fetchWeather,
  listSource,
  preprocessMonth,
  readArchive,
} from './activities.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { IngestInput, type IngestResult } from '../contracts/workflows/ingest.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { scorePublishedMonths } from './score-published-months.ts';
import { systemFacts } from './system-facts.ts';
import type { SourceFile } from '../contracts/activities/fetch.ts';
import { storedRuleSet } from '../contracts/stored-names.ts';

/** Represents an input of a month: the parts of an archive, or a file of processed hours. */
interface MonthInput {
  readonly kind: SourceFile['kind'];
  readonly ref: ArtifactRef;
}

/** Represents a month at the source, with the files that contain its rides. */
interface ListedMonth {
  readonly month: string;
  readonly files: readonly SourceFile[];
  readonly neighbours: readonly SourceFile[];
  readonly complete: boolean;
}

/** Summarises a finished month. S3 holds its description under the digest. */
interface MadeMonth {
  readonly month: string;
  readonly digest: string;
  readonly provisional: boolean;
  readonly cached: boolean;
}

type MonthOutcome = MadeMonth | { readonly month: string; readonly error: unknown };

/** Limits the files or months at once: enough to hide network latency, few enough for two cores and bounded memory. */
const WIDTH = 4;

/** Limits the months whose reasons a failure contains. It names the others, whose reports or quarantine have the reasons. */
const MOST_REASONS = 12;
/** Limits the bytes of all reasons together, because a failure message has at most 2 kB. */
const BYTES_OF_REASONS = 1_600;

/** Limits the months of one listing, so that an answer stays small for any span. */
export const MONTHS_A_LISTING = 12;

/** Fetches and preprocesses every month with one activity per month and stage, and composes a data set. */
export async function ingest(raw: IngestInput): Promise<IngestResult> {
  const input = parseInput('ingest', IngestInput, raw);
  const progress = new ProgressTracker(['list', 'weather', 'months', 'compose', 'scores'], ['months']);
  setSearchAttribute('system', input.system);
  setSearchAttribute('month', `${input.from}..${input.to}`);
  const spans = [{ from: input.from, to: input.to }, ...(input.also ?? [])];
  const months = [...new Set(spans.flatMap(monthsOf))].sort();
  const { system, cache, allowMissing } = input;
  const rules = storedRuleSet(input.rules);
  const tripsSource = input.source?.trips;
  const facts = await systemFacts(system);

  const listing = await progress.run('list', async () => {
    const found: ListedMonth[] = [];
    const missing: string[] = [];
    let synthetic = false;
    for (let i = 0; i < months.length; i += MONTHS_A_LISTING) {
      const part = await listSource({
        system,
        facts,
        months: months.slice(i, i + MONTHS_A_LISTING),
        allowMissing,
        source: tripsSource,
      });
      const filesAt = (places: readonly number[]) => places.map((place) => part.files[place]!);
      for (const { month, files, neighbours, complete } of part.months)
        found.push({ month, files: filesAt(files), neighbours: filesAt(neighbours), complete });
      missing.push(...part.missing);
      synthetic ||= part.synthetic;
    }
    return { found, missing, synthetic };
  });
  const { synthetic } = listing;

  const weatherSource = input.source?.weather ?? tripsSourceWithWeather(tripsSource);
  // Weather is fetched in parallel, so that an unavailable weather service does not delay the months.
  const fetchingWeather = progress.run('weather', () =>
    fetchWeather({
      facts,
      years: yearsOf(months),
      synthetic,
      required: input.requireWeather,
      cache,
      source: weatherSource,
    }),
  );

  fetchingWeather.catch(() => undefined); // The workflow awaits it, and throws its error, after the months.

  const datasets = await progress.run('months', async (step) => {
    step.expect(listing.found.length);
    // A file serves its own month and, with its strays, the neighbouring months. It is fetched and read once.
    const inputs = new Map<string, Promise<MonthInput>>();
    const inputOnce = (file: SourceFile): Promise<MonthInput> => {
      const known = inputs.get(file.url);
      if (known) return known;
      const input = inputOf(file);
      inputs.set(file.url, input);
      return input;
    };
    const inputOf = async (file: SourceFile): Promise<MonthInput> => {
      const { kind, month } = file;
      const { ref: raw } = await fetchFile({ system, facts, file, synthetic, cache });
      if (kind === 'hourly') return { kind, ref: raw };
      const { ref } = await readArchive({ system, facts, rules, month, file: raw, synthetic, cache });
      return { kind, ref };
    };
    const outcomes = await inParallel(listing.found, WIDTH, async (month): Promise<MonthOutcome> => {
      try {
        const files = await Promise.all(month.files.map(inputOnce));
        const neighbours = await readable(month.neighbours.map(inputOnce));
        const { dataset, digest, cached } = await preprocessMonth({
          system,
          facts,
          rules,
          month: month.month,
          files,
          neighbours,
          // An unreadable neighbour counts as not yet published.
          complete: month.complete && neighbours.length === month.neighbours.length,
          synthetic,
          cache,
        });
        step.itemDone();
        return { month: month.month, digest, provisional: dataset.provisional, cached };
      } catch (error) {
        if (isCancellation(error)) throw error;
        return { month: month.month, error };
      }
    });
    const made = outcomes.filter((outcome) => 'digest' in outcome);
    const failed = outcomes.filter((outcome) => 'error' in outcome);
    if (failed.length > 0) throw failureOf(failed, made.length);
    return { made, cached: made.length > 0 && made.every((result) => result.cached) };
  });

  const { weather } = await fetchingWeather;
  const { made } = datasets;
  const digests = Object.fromEntries(made.map(({ month, digest }) => [month, digest]));
  const dataset = await progress.run('compose', () =>
    composeDataset({ system, rules, synthetic, months: digests, weather, cache }),
  );
  if (patched('score-forecasts')) {
    const changed = made.filter((month) => !month.cached).map(({ month }) => month);
    await progress.run('scores', () =>
      scorePublishedMonths({ system, dataset: dataset.dataset, cache }, changed),
    );
  } else {
    progress.skip('scores', 'the run began before forecasts were scored');
  }
  return {
    dataset: dataset.dataset,
    months: made.length,
    missing: listing.missing,
    provisional: made.filter(({ provisional }) => provisional).map(({ month }) => month),
    weather: dataset.weather,
    hours: dataset.hours,
    trips: dataset.trips,
    synthetic: dataset.synthetic,
    cached: datasets.cached && dataset.cached,
  };
}

/** Returns the readable inputs. Rethrows a cancellation. */
async function readable(inputs: readonly Promise<MonthInput>[]): Promise<MonthInput[]> {
  const settled = await Promise.allSettled(inputs);
  return settled.flatMap((input) => {
    if (input.status === 'fulfilled') return [input.value];
    if (isCancellation(input.reason)) throw input.reason;
    return [];
  });
}

/** Returns a failure that names each failed month and its reason. A second start reuses the other months. */
function failureOf(
  failed: readonly { readonly month: string; readonly error: unknown }[],
  others: number,
): ApplicationFailure {
  const reasons = failed.map(({ month, error }) => ({ month, cause: rootCause(error) }));
  const shown = reasons.slice(0, MOST_REASONS);
  // All listed months share the message equally, because each reason begins with the file name.
  const share = Math.floor(BYTES_OF_REASONS / shown.length);
  const listed = shown.map(({ month, cause }) => `${month}: ${outgoingText(cause.message, share)}`);
  const further = reasons.slice(MOST_REASONS).map(({ month }) => month);
  if (further.length > 0) listed.push(`and ${further.join(', ')}`);
  return ApplicationFailure.create({
    message: `${failed.length} of ${failed.length + others} months could not be ingested, the others are in place: ${listed.join('; ')}`,
    type: reasons[0]!.cause.type,
    nonRetryable: true,
    details: [{ months: reasons.map(({ month }) => month) }],
  });
}

/** Returns the cause of an activity's failure without Temporal's wrapping. */
function rootCause(error: unknown): { message: string; type: string } {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error && !(cause instanceof ApplicationFailure)) {
    cause = cause.cause;
  }
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return { message: cause instanceof Error ? cause.message : String(cause), type: type ?? 'INGEST_FAILED' };
}

/** Returns the trips source if it can contain weather. A folder usually does; a web source never does. */
export function tripsSourceWithWeather(trips: string | undefined): string | undefined {
  return trips?.startsWith('file://') ? trips : undefined;
}

/** Returns the years whose weather is needed: those of the months, and of the day before the first month. */
function yearsOf(months: readonly string[]): number[] {
  const dayBefore = months.map((month) => addMonths(month, -1));
  return [...new Set([...months, ...dayBefore].map((month) => Number(month.slice(0, 4))))].sort();
}
