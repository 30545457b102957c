import path from 'node:path';
import { Context } from '@temporalio/activity';
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { AllowedSource } from '../../adapters/sources/allow-list.ts';
import type { Downloaded } from '../../adapters/sources/download.ts';
import { describeSource, downloadFromSource } from '../../adapters/sources/source.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { SystemId } from '../../contracts/systems.ts';
import type { FetchActivities, SourceFile } from '../../contracts/activities/fetch.ts';
import { showValue } from '../../contracts/show-value.ts';
import { compareWithList } from '../../core/ingest/published-list.ts';
import { exampleName, tripFileNames, type TripFileName } from '../../core/ingest/source-names.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { factsOf } from '../common/facts-of.ts';
import { whileHeartbeating } from '../common/heartbeat.ts';
import { storedName } from '../../contracts/stored-names.ts';
import { withQuarantine } from '../common/quarantine.ts';
import { checkFile } from './check-file.ts';
import { InFlight } from './in-flight.ts';
import { sourcesOf } from './trips-source.ts';
import { claimPartial, type PartialFile } from './partial-file.ts';

/** Grows when a code change changes what `fetchFile` checks or writes, so that old cache entries are ignored. */
const STAGE_VERSION = 2;

const RAW_SCHEMA_VERSION = 1;

/** Limits how often a file may change at the source during its download. */
const MOST_CHANGES = 3;

interface Progress {
  /** Bytes received so far. */
  bytes: number;
  /** Size of the file in bytes. It is null while unknown. */
  total: number | null;
}

/** Represents one file to fetch. All months of an archive share one file. */
interface Wanted {
  readonly system: SystemId;
  readonly file: SourceFile;
  readonly source: AllowedSource;
  readonly name: TripFileName;
  readonly synthetic: boolean;
  readonly cache: boolean;
}

/**
 * Downloads a file to the worker's disk and uploads it from there. The key contains the digest, which is known only at the end.
 * The file is checked before it is stored. A broken download resumes across attempts, which a multipart upload cannot, because
 * its digest cannot resume.
 */
export function createFetchFile(deps: ActivityDependencies): FetchActivities['fetchFile'] {
  const inFlight = new InFlight<{ value: ArtifactRef; cached: boolean }, Progress>();
  return async (input) => {
    const { system, file, synthetic, cache } = input;
    const facts = await factsOf(deps, input);
    const name = tripFileNames(facts)(file.name);
    if (!name || path.basename(file.name) !== file.name) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `file ${showValue(file.name)} does not have the name of a trip file of ${system}, such as ${exampleName(facts)}`,
        { file: file.name, system },
      );
    }
    const whole = { ...file, url: withoutMonth(file.url) };
    const source = (await sourcesOf(deps, facts)).check(whole.url, 'file.url');
    const wanted: Wanted = { system, file: whole, source, name, synthetic, cache };
    const context = Context.current();
    let progress: Progress = { bytes: 0, total: file.bytes };
    return whileHeartbeating(
      context,
      () => ({ file: file.name, ...progress }),
      async () => {
        const { value, cached } = await inFlight.join(
          digestOf({ key: keyOf(wanted), cache }),
          context.cancellationSignal,
          (signal) => {
            const shared: Progress = { bytes: 0, total: file.bytes };
            return { progress: shared, result: fetchNewest(deps, wanted, shared, signal) };
          },
          (shared) => (progress = shared),
        );
        return { ref: value, cached };
      },
    );
  };
}

/** Removes the month of `…/2019-trips.zip#2019-05`. The archive is fetched as a whole. */
function withoutMonth(url: string): string {
  return url.replace(/#\d{4}-\d{2}$/, '');
}

function keyOf({ system, synthetic, file: { url, etag, bytes } }: Wanted): object {
  return { version: STAGE_VERSION, system, synthetic, url, etag, bytes };
}

/** Fetches the listed file, or its replacement if the source has replaced it since. */
async function fetchNewest(
  deps: ActivityDependencies,
  listed: Wanted,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ value: ArtifactRef; cached: boolean }> {
  let wanted = listed;
  for (let changes = 1; ; changes += 1) {
    try {
      return await deps.artifacts.cached(
        'fetch',
        keyOf(wanted),
        // Without an ETag a republished file looks like the old one.
        wanted.cache && wanted.file.etag !== null,
        () => fetchAndStore(deps, wanted, progress, signal),
      );
    } catch (error) {
      if (!isChangedAtSource(error) || changes === MOST_CHANGES) throw error;
      Context.current().log.warn(`${error.message}: fetching the current file`);
      wanted = { ...wanted, file: await describeAgain(deps, wanted, signal) };
    }
  }
}

function isChangedAtSource(error: unknown): error is CitibikeError {
  return error instanceof CitibikeError && error.code === 'CONFLICT' && 'changed' in error.details;
}

async function describeAgain(
  { artifacts }: ActivityDependencies,
  { file, source }: Wanted,
  signal: AbortSignal,
): Promise<SourceFile> {
  const now = await describeSource(source, { objects: artifacts.objects, signal });
  if (!now)
    throw new CitibikeError('SOURCE_NOT_FOUND', `${file.url} was removed after it was listed. Start again`);
  return { ...file, etag: now.etag, bytes: now.bytes };
}

async function fetchAndStore(
  deps: ActivityDependencies,
  wanted: Wanted,
  progress: Progress,
  signal: AbortSignal,
): Promise<ArtifactRef> {
  const partial = await claimPartial(digestOf(keyOf(wanted)).slice(0, 32));
  let keep = false;
  try {
    return await store(deps, wanted, partial, progress, signal);
  } catch (error) {
    // Retryable and cancelled downloads may resume. Without an ETag the file could have changed.
    const mayPass = !(error instanceof CitibikeError) || error.retryable;
    keep = mayPass && !isChangedAtSource(error) && wanted.file.etag !== null;
    throw error;
  } finally {
    await partial.release(keep);
  }
}

async function store(
  deps: ActivityDependencies,
  wanted: Wanted,
  { file: local }: PartialFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<ArtifactRef> {
  const { artifacts } = deps;
  const { system, file, source, name, synthetic } = wanted;
  const { url, etag, bytes } = file;
  const folder = storedName(system, synthetic);
  const get = (fresh: boolean) =>
    downloadFromSource(
      source,
      local,
      { objects: artifacts.objects, signal },
      {
        etag,
        bytes,
        fresh,
        onBytes: (received, total) => Object.assign(progress, { bytes: received, total }),
      },
    );
  const first = await get(false);
  const kept = [{ name: file.name, file: local, origin: url }];
  return withQuarantine(artifacts.objects, folder, kept, async () => {
    const got = await checked(file, local, first, () => get(true));
    const { data } = artifacts.objects.buckets;
    const comparison = compareWithList(file.published, { md5: got.md5, bytes: got.bytes });
    if (comparison === 'republished') {
      Context.current().log.warn(
        `${file.name}: ${got.bytes} bytes, but the source's list of MD5s has ${file.published?.bytes}: treated as republished`,
      );
    }
    return artifacts.write(
      producerOf('fetch', deps.codeVersion),
      {
        name: file.name,
        content: { file: local },
        schemaVersion: RAW_SCHEMA_VERSION,
        inputs: [],
        parameters: { system, kind: file.kind, months: name.months },
        facts: { source: url, etag, bytes: got.bytes, md5: got.md5, publishedList: comparison },
        synthetic,
        uri: (sha256) =>
          `s3://${data}/raw/tripdata/${folder}/${name.months[0]!.slice(0, 4)}/${sha256.slice(0, 12)}/${file.name}`,
      },
      signal,
    );
  });
}

/** Checks the file. A damaged file, or one assembled from several answers, is downloaded once more in one piece. */
async function checked(
  file: SourceFile,
  local: string,
  first: Downloaded,
  again: () => Promise<Downloaded>,
): Promise<Downloaded> {
  try {
    await checkFile(file, local, first);
    return first;
  } catch (error) {
    const { md5, bytes, expectedMd5 } = first;
    const damaged =
      expectedMd5 === null
        ? compareWithList(file.published, { md5, bytes }) === 'damaged'
        : md5 !== expectedMd5;
    if (!(error instanceof CitibikeError && error.code === 'BAD_ARCHIVE') || !(first.resumed || damaged))
      throw error;
    const second = await again();
    await checkFile(file, local, second);
    return second;
  }
}
