import path from 'node:path';
import { Context } from '@temporalio/activity';
import { copyFromSource } from '../../adapters/sources/source.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FetchActivities } from '../../contracts/stages.ts';
import { parseTripFileName } from '../../core/quality/source-names.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { checkFile } from './check-file.ts';
import { heartbeatNowAndThen } from './heartbeat.ts';
import { systemFolder } from './layout.ts';
import { withQuarantine } from './quarantine.ts';
import { cachedIfPresent } from './reuse.ts';
import { withTempDir } from './temp-dir.ts';

/** Grows when what `fetchFile` checks or writes changes, so that old cache entries are passed by. */
const STAGE_VERSION = 1;

const RAW_SCHEMA_VERSION = 1;

export function createFetchFile(deps: ActivityDependencies): FetchActivities['fetchFile'] {
  const { artifacts } = deps;
  return async ({ system, file, synthetic, cache }) => {
    const known = parseTripFileName(file.name);
    if (!known || known.system !== system || path.basename(file.name) !== file.name) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `file ${JSON.stringify(file.name)} is not named as a trip file of ${system}, such as 202401-citibike-tripdata.zip or JC-202401-citibike-tripdata.csv.zip`,
        { file: file.name, system },
      );
    }
    const { url, etag, bytes } = file;
    const key = { version: STAGE_VERSION, system, synthetic, url, etag, bytes };
    // Without an ETag nothing tells a republished file from the old one.
    const use = cache && etag !== null;
    const folder = systemFolder(system, synthetic);
    const { value, cached } = await cachedIfPresent(
      artifacts,
      'fetch',
      key,
      use,
      (ref) => ref,
      () =>
        withTempDir(async (dir) => {
          const context = Context.current();
          const signal = context.cancellationSignal;
          const heartbeat = heartbeatNowAndThen(context);
          const local = path.join(dir, file.name);
          let received = 0;
          await copyFromSource(url, local, {
            objects: artifacts.objects,
            signal,
            onBytes: (count) => heartbeat({ file: file.name, bytes: (received += count), of: bytes }),
          });
          const { data } = artifacts.objects.buckets;
          return withQuarantine(
            artifacts.objects,
            folder,
            [{ name: file.name, file: local, origin: url }],
            async () => {
              await checkFile(file, local);
              return artifacts.write(
                producerOf('fetch', deps.codeVersion),
                {
                  name: file.name,
                  content: { file: local },
                  schemaVersion: RAW_SCHEMA_VERSION,
                  inputs: [],
                  parameters: { system, kind: file.kind, months: known.months },
                  facts: { source: url, etag, bytes },
                  synthetic,
                  uri: (sha256) =>
                    `s3://${data}/raw/tripdata/${folder}/${known.months[0]!.slice(0, 4)}/${sha256.slice(0, 12)}/${file.name}`,
                },
                signal,
              );
            },
          );
        }),
    );
    return { ref: value, cached };
  };
}
