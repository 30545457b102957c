import path from 'node:path';
import { Context } from '@temporalio/activity';
import { readRides, type ArchiveRides } from '../../adapters/rides/read-rides.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ArchiveParts } from '../../contracts/hours.ts';
import type { StationMonth } from '../../contracts/station-hours.ts';
import { DURATION_RULES } from '../../core/ingest/ride-rules.ts';
import { readingFacts } from '../../core/ingest/source-names.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { heartbeatNowAndThen } from '../common/heartbeat.ts';
import { withQuarantine } from '../common/quarantine.ts';
import { withTempDir } from '../common/temp-dir.ts';
import type { PreprocessActivities } from '../../contracts/activities/preprocess.ts';
import { storedName } from '../../contracts/stored-names.ts';
import { archiveFolder } from './month-folders.ts';

type Input = Parameters<PreprocessActivities['readArchive']>[0];

/** Grows with changes of the rules, the reader or the layout of the parts, so that old cache entries are ignored. */
const STAGE_VERSION = 2;

const PARTS_SCHEMA_VERSION = 1;

export function createReadArchive(deps: ActivityDependencies): PreprocessActivities['readArchive'] {
  const { artifacts } = deps;
  return async (input) => {
    const { system, rules, month, file, synthetic, cache } = input;
    const name = path.posix.basename(file.uri);
    const key = { version: STAGE_VERSION, system, rules, month, synthetic, name, file: file.sha256 };
    const { value, cached } = await artifacts.cached('read', key, cache, () =>
      withTempDir((dir) => read(deps, input, name, dir)),
    );
    return { ref: value, cached };
  };
}

async function read(
  deps: ActivityDependencies,
  input: Input,
  name: string,
  dir: string,
): Promise<ArtifactRef> {
  const { artifacts } = deps;
  const { system, facts, rules, month, file, synthetic } = input;
  const context = Context.current();
  const heartbeat = heartbeatNowAndThen(context);
  const local = path.join(dir, 'archive');
  await artifacts.readToFile(file, local);
  try {
    const parts = await withQuarantine(
      artifacts.objects,
      storedName(system, synthetic),
      [{ name, file: local, origin: file.uri }],
      () =>
        readRides({
          name,
          file: local,
          month,
          ...(facts && readingFacts(facts, name)),
          rule: DURATION_RULES[rules],
          dir,
          signal: context.cancellationSignal,
          onProgress: (bytes) => heartbeat({ month, archive: name, bytes }),
        }),
    );
    return await writeParts(deps, input, parts);
  } catch (error) {
    if (!(error instanceof CitibikeError) || error.code !== 'BAD_ARCHIVE') throw error;
    const details = { ...error.details, system, month };
    throw new CitibikeError(error.code, `${system} ${month}: ${error.message}`, details, { cause: error });
  }
}

/** At addresses that depend on the content alone, so that whoever reads the archive again finds the same parts. */
async function writeParts(
  deps: ActivityDependencies,
  input: Input,
  parts: ArchiveRides,
): Promise<ArtifactRef> {
  const { artifacts } = deps;
  const { system, rules, month, file, synthetic } = input;
  const { cancellationSignal: signal } = Context.current();
  const producer = producerOf('read', deps.codeVersion);
  const folder = archiveFolder(artifacts.objects.buckets.data, { system, rules, month, synthetic });
  const artifactOf = (name: string, rows: number, facts = {}) => ({
    name,
    schemaVersion: PARTS_SCHEMA_VERSION,
    rows,
    inputs: [file],
    parameters: { system, rules, month },
    facts,
    synthetic,
    uri: (sha256: string) => `${folder}/${sha256.slice(0, 16)}/${name}`,
  });
  const write = (name: string, content: { file: string }, rows: number) =>
    artifacts.write(producer, { ...artifactOf(name, rows), content }, signal);
  const { hours, flows, ids, stations, strays } = parts;
  const stationMonth: StationMonth = { schemaVersion: 1, stations };
  const content: ArchiveParts = {
    schemaVersion: PARTS_SCHEMA_VERSION,
    archive: file,
    month,
    facts: parts.facts,
    own: {
      hours: await write('hours.parquet', { file: hours.file }, hours.rows.length),
      flows: await write('flows.parquet', { file: flows.file }, flows.rows),
      ids: ids && (await write('ids.parquet', { file: ids.file }, ids.rows)),
      stations: await artifacts.writeJson(
        producer,
        stationMonth,
        artifactOf('stations.json', stations.length),
      ),
      trips: parts.trips,
    },
    strays:
      strays.length === 0
        ? null
        : {
            ref: await artifacts.writeJson(producer, strays, artifactOf('strays.json', strays.length)),
            months: byMonth(strays),
          },
  };
  const artifact = artifactOf('parts.json', parts.facts.kept, { ...parts.facts });
  return artifacts.writeJson(producer, content, artifact);
}

function byMonth(strays: ArchiveRides['strays']): Record<string, number> {
  const months: Record<string, number> = {};
  // Strays are sorted by start, so the months are in order.
  for (const { started_at: started } of strays) {
    const month = started.slice(0, 7);
    months[month] = (months[month] ?? 0) + 1;
  }
  return months;
}
