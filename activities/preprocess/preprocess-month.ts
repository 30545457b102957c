import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import { sumHourlyFiles, type HourCount } from '../../adapters/tables/hourly-files.ts';
import { writeMonthFile } from '../../adapters/parquet/month-file.ts';
import type { OwnRides } from '../../adapters/rides/compose-rides.ts';
import { readArchiveHours, type ArchiveHour } from '../../adapters/rides/archive-hours.ts';
import type { Ride } from '../../adapters/rides/ride.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { HOURLY_SCHEMA_VERSION, type MonthDataset } from '../../contracts/frame.ts';
import type { ArchiveParts } from '../../contracts/hours.ts';
import type { StationMonth } from '../../contracts/station-hours.ts';
import { addMonths, daysOf } from '../../contracts/calendar.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import { rulesFor } from '../../core/quality/rules.ts';
import { factsOf } from '../common/facts-of.ts';
import { calendarKey } from '../common/place-key.ts';
import { advancePointer, readPointer } from '../common/pointer.ts';
import { withQuarantine } from '../common/quarantine.ts';
import { withTempDir } from '../common/temp-dir.ts';
import { composeMonth } from './compose-month.ts';
import { readQualityRules } from './quality-rules.ts';
import { monthFolder, monthPointer } from './month-folders.ts';
import { describeMonth } from './month-description.ts';
import { writeMonthHours } from './month-hours.ts';
import { writeMonthQuality } from './month-quality.ts';
import type { PreprocessActivities } from '../../contracts/activities/preprocess.ts';
import type { SourceFile } from '../../contracts/activities/fetch.ts';
import { ruleSetOf, storedName } from '../../contracts/stored-names.ts';

type Input = Parameters<PreprocessActivities['preprocessMonth']>[0];
type InputFile = { readonly kind: SourceFile['kind']; readonly ref: ArtifactRef };

/** Grows with changes of the composition or the layout, so that old cache entries are ignored. */
const STAGE_VERSION = 3;

const FLOWS_SCHEMA_VERSION = 1;
const STATIONS_SCHEMA_VERSION = 1;

export function createPreprocessMonth(deps: ActivityDependencies): PreprocessActivities['preprocessMonth'] {
  const { artifacts } = deps;
  return async (input) => {
    const { system, rules, month, files, neighbours, complete, synthetic, cache } = input;
    const facts = await factsOf(deps, input);
    if (files.length === 0) {
      throw new CitibikeError('INVALID_INPUT', `${system} ${month}: got no files, expected at least one`, {
        system,
        month,
      });
    }
    const qualityRules = await readQualityRules();
    const digests = (list: readonly InputFile[]) =>
      list.map(({ kind, ref }) => `${kind}:${ref.sha256}`).sort();
    const key = {
      version: STAGE_VERSION,
      system,
      rules,
      month,
      synthetic,
      complete,
      // A month that passed earlier rules must pass the current ones too.
      quality: { known: qualityRules.known, rules: rulesFor(qualityRules, facts, synthetic) },
      emptyHour: facts.trips.emptyHour,
      ...calendarKey(facts),
      files: digests(files),
      neighbours: digests(neighbours),
    };
    const { value, cached } = await artifacts.cached('preprocess', key, cache, () =>
      withTempDir((dir) => makeMonth(deps, facts, input, dir)),
    );
    const dataset = value.provisional ? await moreComplete(artifacts, value, files) : value;
    // Cached months need this too: their run may have died before this step, or another composition may have replaced the pointer.
    const digest = await describeMonth(artifacts.objects, dataset);
    await writeMonthHours(artifacts, dataset);
    await advancePointer(artifacts.objects, monthPointer(artifacts.objects.buckets.data, dataset), dataset);
    return { dataset, digest, cached };
  };
}

/**
 * Returns the newest data set of the month if it used the same files and also the next month's. A temporarily unreadable or missing
 * next month then loses no rides.
 */
async function moreComplete(
  artifacts: ArtifactStore,
  made: MonthDataset,
  files: readonly InputFile[],
): Promise<MonthDataset> {
  const { objects } = artifacts;
  const newest = await readPointer<MonthDataset>(objects, monthPointer(objects.buckets.data, made));
  if (!newest || newest.provisional) return made;
  const { inputs } = await artifacts.manifestOf(newest.ref.uri);
  return files.every(({ ref }) => inputs.some(({ sha256 }) => sha256 === ref.sha256)) ? newest : made;
}

async function makeMonth(
  deps: ActivityDependencies,
  facts: SystemFacts,
  input: Input,
  dir: string,
): Promise<MonthDataset> {
  const { artifacts } = deps;
  const { system, rules, month, complete, synthetic } = input;
  const { cancellationSignal: signal } = Context.current();
  const own = await readParts(deps, input.files);
  const neighbours = await readParts(deps, input.neighbours);
  const before = addMonths(month, -1);
  const processed = await sumProcessed(deps, facts, input, dir, [month, before]);

  const flowsFile = path.join(dir, 'flows.parquet');
  const strays = await readStrays(deps, month, neighbours);
  const rides = await downloadOwn(deps, own, strays, dir);
  const inputs = [...input.files, ...input.neighbours].map(({ ref }) => ref);
  const { composed, rows, trips, zeroFilled, doubledHour, quality } = await composeMonth(
    {
      facts,
      month,
      own: own.map((archive, i) => ({ rides: rides[i]!, facts: archive.facts })),
      strays,
      processed: processed.get(month) ?? [],
      processedBefore: processed.get(before) ?? [],
      previous: await readHours(
        deps,
        neighbours.filter((parts) => parts.month === before),
        dir,
      ),
      flowsFile,
    },
    (current, previous) =>
      writeMonthQuality(deps, {
        facts,
        rules,
        month,
        synthetic,
        ...current,
        previous,
        provisional: !complete,
        inputs,
      }),
  );

  const folder = monthFolder(artifacts.objects.buckets.data, { system, rules, month, synthetic });
  const common = { inputs, parameters: { system, rules, month }, synthetic };
  const producer = producerOf('preprocess', deps.codeVersion);
  const flows =
    own.length === 0
      ? null
      : await artifacts.write(
          producer,
          {
            ...common,
            name: `${month}-flows.parquet`,
            content: { file: flowsFile },
            schemaVersion: FLOWS_SCHEMA_VERSION,
            rows: composed.flows.rows,
            facts: { trips },
            uri: (sha256) => `${folder}/${sha256}.flows.parquet`,
          },
          signal,
        );
  const stations =
    own.length === 0
      ? null
      : await artifacts.writeJson(
          producer,
          { schemaVersion: STATIONS_SCHEMA_VERSION, stations: composed.stations } satisfies StationMonth,
          {
            ...common,
            name: `${month}-stations.json`,
            schemaVersion: STATIONS_SCHEMA_VERSION,
            rows: composed.stations.length,
            facts: { trips },
            uri: (sha256) => `${folder}/${sha256}.stations.json`,
          },
        );
  const file = path.join(dir, 'month.parquet');
  writeMonthFile(file, rows);
  const ref = await artifacts.write(
    producer,
    {
      ...common,
      name: `${month}.parquet`,
      content: { file },
      schemaVersion: HOURLY_SCHEMA_VERSION,
      rows: rows.length,
      facts: {
        trips,
        provisional: !complete,
        zeroFilledHours: zeroFilled,
        doubledHour,
        ridesFromNeighbours: composed.strays,
        copiesInNeighbours: composed.copies,
        supersededArchives: composed.superseded,
        archives: own.map((each) => ({ name: path.posix.basename(each.archive.uri), ...each.facts })),
      },
      uri: (sha256) => `${folder}/${sha256}.parquet`,
    },
    signal,
  );
  return {
    system,
    rules,
    month,
    ref,
    flows,
    stations,
    quality,
    trips,
    hours: rows.length,
    provisional: !complete,
    synthetic,
  };
}

async function readParts(
  { artifacts }: ActivityDependencies,
  files: readonly InputFile[],
): Promise<ArchiveParts[]> {
  const refs = files.filter(({ kind }) => kind === 'archive').map(({ ref }) => ref);
  return Promise.all(refs.map((ref) => artifacts.readJson<ArchiveParts>(ref)));
}

/** Reads the rides of this month in neighbouring archives. */
async function readStrays(
  { artifacts }: ActivityDependencies,
  month: string,
  neighbours: readonly ArchiveParts[],
): Promise<Ride[]> {
  const refs = neighbours.flatMap(({ strays }) => (strays?.months[month] ? [strays.ref] : []));
  const lists = await Promise.all(refs.map((ref) => artifacts.readJson<Ride[]>(ref)));
  return lists.flat().filter(({ started_at: started }) => started.startsWith(month));
}

async function downloadOwn(
  { artifacts }: ActivityDependencies,
  own: readonly ArchiveParts[],
  strays: readonly Ride[],
  dir: string,
): Promise<OwnRides[]> {
  // Ids identify copies of strays, and of rides in a second archive of the month.
  const needIds = strays.length > 0 || own.length > 1;
  const download = async (ref: ArtifactRef) => {
    Context.current().cancellationSignal.throwIfAborted();
    const file = path.join(dir, `${ref.sha256}-${path.posix.basename(ref.uri)}`);
    await artifacts.readToFile(ref, file);
    return file;
  };
  const local: OwnRides[] = [];
  for (const { archive, own: parts } of own) {
    local.push({
      name: path.posix.basename(archive.uri),
      hours: await readArchiveHours(await download(parts.hours)),
      flows: { file: await download(parts.flows), rows: parts.flows.rows ?? 0 },
      ids: parts.ids && needIds ? await download(parts.ids) : null,
      stations: (await artifacts.readJson<StationMonth>(parts.stations)).stations,
    });
  }
  return local;
}

/** Sums the trips of hourly files by month. */
async function sumProcessed(
  { artifacts }: ActivityDependencies,
  facts: SystemFacts,
  { system, rules, month, files, neighbours, synthetic }: Input,
  dir: string,
  months: readonly string[],
): Promise<ReadonlyMap<string, HourCount[]>> {
  const sums = new Map<string, HourCount[]>();
  const refs = [...files, ...neighbours].filter(({ kind }) => kind === 'hourly').map(({ ref }) => ref);
  if (refs.length === 0) return sums;
  if (rules !== 'seed') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${system} ${month}: ${path.posix.basename(refs[0]!.uri)} was processed by the rules 'standard', expected the month's trip archive for the rules '${ruleSetOf(rules)}'`,
      { system, month, rules },
    );
  }
  const local: { name: string; file: string; origin: string }[] = [];
  for (const ref of refs) {
    const name = path.posix.basename(ref.uri);
    const file = path.join(dir, `${ref.sha256}-${name}`);
    await artifacts.readToFile(ref, file);
    local.push({ name, file, origin: ref.uri });
  }
  return withQuarantine(artifacts.objects, storedName(system, synthetic), local, async () => {
    for (const each of months) {
      const { hours } = await sumHourlyFiles(local, facts, daysOf({ from: each, to: each }));
      sums.set(each, hours);
    }
    return sums;
  });
}

/** Reads the hours of the archives of the month before. */
async function readHours(
  { artifacts }: ActivityDependencies,
  previous: readonly ArchiveParts[],
  dir: string,
): Promise<{ hours: ArchiveHour[]; facts: ArchiveParts['facts'] }[]> {
  const read: { hours: ArchiveHour[]; facts: ArchiveParts['facts'] }[] = [];
  for (const { own, facts } of previous) {
    const file = path.join(dir, `${own.hours.sha256}-before.parquet`);
    await artifacts.readToFile(own.hours, file);
    read.push({ hours: await readArchiveHours(file), facts });
  }
  return read;
}
