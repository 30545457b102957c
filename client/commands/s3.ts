import { Command } from 'commander';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { loadSettings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { copyObject, isInS3 } from '../copy-object.ts';
import { groupByFolder } from '../group-by-folder.ts';
import { print } from '../print.ts';

/** A server that accepts connections and answers nothing fails after three attempts. */
const IDLE_MS = 10_000;

interface ListFlags {
  readonly recursive?: boolean;
  readonly json?: boolean;
}

export function s3Command(): Command {
  const command = new Command('s3').description('Lists and copies what is in S3.');
  command
    .command('ls')
    .description(
      'Lists objects with their size and time; without an address, lists the buckets. Folders are summed up unless -r is given.',
    )
    .argument('[address]', 's3://bucket/prefix')
    .option('-r, --recursive', 'list every object under the prefix')
    .option('--json', 'print one JSON object per line')
    .action(async (address: string | undefined, flags: ListFlags) => list(address, flags));
  command
    .command('cp')
    .description('Copies one file from, to or within S3, and replaces the target.')
    .argument('<source>', 's3://bucket/key or a file')
    .argument('<target>', 's3://bucket/key, a file, or a folder with / at the end, which keeps the name')
    .action(copy);
  return command;
}

async function copy(source: string, target: string): Promise<void> {
  const settings = loadSettings();
  const objects = new ObjectStore(settings.s3, IDLE_MS);
  const work = () => copyObject(objects, source, target);
  try {
    const action = { action: 'citibike s3 cp', target, detail: { source } };
    const copied = isInS3(target) ? await auditedCommand(settings, action, work) : await work();
    print(`${copied}\n`);
  } finally {
    objects.close();
  }
}

async function list(address: string | undefined, flags: ListFlags): Promise<void> {
  const { s3 } = loadSettings();
  const objects = new ObjectStore(s3, IDLE_MS);
  try {
    const addresses =
      address === undefined ? Object.values(s3.buckets).map((bucket) => `s3://${bucket}/`) : [address];
    for (const prefix of addresses) {
      if (!/^s3:\/\/[^/]+/.test(prefix))
        throw new CitibikeError(
          'INVALID_INPUT',
          `expected an address s3://bucket/prefix, got ${showValue(prefix)}`,
        );
      const shown =
        address === undefined
          ? summedUp(objects, prefix)
          : entries(objects, prefix, flags.recursive ?? false);
      for await (const entry of shown) printEntry(entry, flags.json ?? false);
    }
  } finally {
    objects.close();
  }
}

interface Entry {
  readonly uri: string;
  readonly bytes: number;
  readonly modified: Date | undefined;
  /** Number of objects under it, for a folder or a bucket. */
  readonly objects?: number;
}

async function* entries(store: ObjectStore, prefix: string, recursive: boolean): AsyncGenerator<Entry> {
  if (recursive) yield* store.list(prefix);
  else yield* groupByFolder(store.list(prefix), prefix);
}

async function* summedUp(store: ObjectStore, bucket: string): AsyncGenerator<Entry> {
  let bytes = 0;
  let objects = 0;
  let modified: Date | undefined;
  for await (const object of store.list(bucket)) {
    bytes += object.bytes;
    objects += 1;
    if (!modified || object.modified > modified) modified = object.modified;
  }
  yield { uri: bucket, bytes, modified, objects };
}

function printEntry({ uri, bytes, modified, objects }: Entry, json: boolean): void {
  const time = modified?.toISOString().slice(0, 19).replace('T', ' ') ?? '';
  const line = json
    ? JSON.stringify({ uri, bytes, modified: modified?.toISOString(), objects })
    : `${time.padEnd(19)} ${String(bytes).padStart(12)}  ${uri}${objects === undefined ? '' : `  (${objects} object${objects === 1 ? '' : 's'})`}`;
  print(`${line}\n`);
}
