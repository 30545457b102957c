import path from 'node:path';
import { Context } from '@temporalio/activity';
import { countRides } from '../../adapters/duckdb/count-rides.ts';
import { sumHourlyFiles, writeHoursFile, type HourCount } from '../../adapters/duckdb/hours.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { HOURLY_SCHEMA_VERSION, type MonthDataset } from '../../contracts/frame.ts';
import { daysOf } from '../../contracts/months.ts';
import type { PreprocessActivities, SourceFile } from '../../contracts/stages.ts';
import { isFederalHoliday } from '../../core/features/holidays.ts';
import { gateHours } from '../../core/quality/hours.ts';
import { DURATION_RULES } from '../../core/quality/ride-rules.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { heartbeatNowAndThen } from '../fetch/heartbeat.ts';
import { systemFolder } from '../fetch/layout.ts';
import { advancePointer } from '../fetch/pointer.ts';
import { withQuarantine } from '../fetch/quarantine.ts';
import { cachedIfPresent } from '../fetch/reuse.ts';
import { withTempDir } from '../fetch/temp-dir.ts';
import { monthFolder, monthPointer } from './layout.ts';

type Input = Parameters<PreprocessActivities['preprocessMonth']>[0];
type RawFile = { readonly kind: SourceFile['kind']; readonly ref: ArtifactRef };

/** Grows when the rules, the counting or the layout change, so that old cache entries are passed by. */
const STAGE_VERSION = 1;

export function createPreprocessMonth(deps: ActivityDependencies): PreprocessActivities['preprocessMonth'] {
  const { artifacts } = deps;
  return async (input) => {
    const { system, rules, month, files, neighbours, complete, synthetic, cache } = input;
    if (files.length === 0) {
      throw new CitibikeError('INVALID_INPUT', `${system} ${month}: no files to preprocess`, {
        system,
        month,
      });
    }
    const digests = (list: readonly RawFile[]) => list.map(({ kind, ref }) => `${kind}:${ref.sha256}`).sort();
    const key = {
      version: STAGE_VERSION,
      system,
      rules,
      month,
      synthetic,
      complete,
      files: digests(files),
      neighbours: digests(neighbours),
    };
    const { value, cached } = await cachedIfPresent(
      artifacts,
      'preprocess',
      key,
      cache,
      (dataset) => dataset.ref,
      () => withTempDir((dir) => makeMonth(deps, input, dir)),
    );
    // Also when found: the run that made it may have died before this, or another composition came between.
    await advancePointer(artifacts.objects, monthPointer(artifacts.objects.buckets.data, value), value);
    return { dataset: value, cached };
  };
}

async function makeMonth(deps: ActivityDependencies, input: Input, dir: string): Promise<MonthDataset> {
  const { artifacts } = deps;
  const { system, rules, month, complete, synthetic } = input;
  const { cancellationSignal: signal } = Context.current();
  const own = await download(deps, input.files, dir);
  const neighbours = await download(deps, input.neighbours, dir);
  const { counted, facts } = await withQuarantine(
    artifacts.objects,
    systemFolder(system, synthetic),
    [...own, ...neighbours],
    () => countHours(input, own, neighbours, dir),
  );
  const gated = gateHours(system, month, counted);
  const rows = gated.hours.map((hour) => ({ ...hour, holiday: isFederalHoliday(hour.date) ? 1 : 0 }));
  const file = path.join(dir, 'hours.parquet');
  await writeHoursFile(file, rows);
  const trips = rows.reduce((total, row) => total + row.trips, 0);
  const folder = monthFolder(artifacts.objects.buckets.data, { system, rules, month, synthetic });
  const ref = await artifacts.write(
    producerOf('preprocess', deps.codeVersion),
    {
      name: `${month}.parquet`,
      content: { file },
      schemaVersion: HOURLY_SCHEMA_VERSION,
      rows: rows.length,
      inputs: [...input.files, ...input.neighbours].map((each) => each.ref),
      parameters: { system, rules, month },
      facts: {
        ...facts,
        trips,
        provisional: !complete,
        zeroFilledHours: gated.zeroFilled,
        doubledHour: gated.doubledHour,
      },
      synthetic,
      uri: (sha256) => `${folder}/${sha256}.parquet`,
    },
    signal,
  );
  return { system, rules, month, ref, trips, hours: rows.length, provisional: !complete, synthetic };
}

interface LocalFile {
  readonly kind: SourceFile['kind'];
  readonly name: string;
  readonly file: string;
  readonly origin: string;
}

async function download(
  deps: ActivityDependencies,
  files: readonly RawFile[],
  dir: string,
): Promise<LocalFile[]> {
  const local: LocalFile[] = [];
  for (const { kind, ref } of files) {
    Context.current().cancellationSignal.throwIfAborted();
    const name = path.posix.basename(ref.uri);
    const file = path.join(dir, `${ref.sha256}-${name}`);
    await deps.artifacts.readToFile(ref, file);
    local.push({ kind, name, file, origin: ref.uri });
  }
  return local;
}

async function countHours(
  { system, rules, month }: Input,
  own: readonly LocalFile[],
  neighbours: readonly LocalFile[],
  dir: string,
): Promise<{ counted: HourCount[]; facts: Record<string, unknown> }> {
  const context = Context.current();
  const heartbeat = heartbeatNowAndThen(context);
  const days = daysOf({ from: month, to: month });
  const archives = (files: readonly LocalFile[]) => files.filter(({ kind }) => kind === 'archive');
  const processed = [...own, ...neighbours].filter(({ kind }) => kind === 'hourly');
  if (processed.length > 0 && rules !== 'seed') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${system} ${month}: ${processed[0]!.name} was processed by the rules 'seed'; rules '${rules}' need the month's trip archive`,
      { system, month, rules },
    );
  }
  const summed = await sumHourlyFiles(processed, days);
  if ([...archives(own), ...archives(neighbours)].length === 0)
    return { counted: summed, facts: { hourlyFiles: processed.map(({ name }) => name) } };
  const rides = await countRides({
    archives: archives(own),
    neighbours: archives(neighbours),
    duration: DURATION_RULES[rules],
    days,
    workDir: dir,
    signal: context.cancellationSignal,
    onProgress: (progress) => heartbeat({ month, ...progress }),
  });
  return {
    counted: addHours(rides.hours, summed),
    facts: { ...rides.facts, hourlyFiles: processed.map(({ name }) => name) },
  };
}

function addHours(...lists: readonly (readonly HourCount[])[]): HourCount[] {
  const sums = new Map<string, HourCount>();
  for (const row of lists.flat()) {
    const key = `${row.date}T${String(row.hour).padStart(2, '0')}`;
    sums.set(key, { ...row, trips: row.trips + (sums.get(key)?.trips ?? 0) });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
