/** Lists the objects that may be removed, as one line of JSON each, in a file whose size does not matter to the memory. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PlannedObject, RetentionCutoffs } from '../../contracts/activities/retention.ts';
import type { Manifest } from '../../contracts/artifact.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import type { RetainedCounts } from '../../contracts/workflows/retention.ts';
import { noObjects, plusObject } from '../../contracts/retained-counts.ts';
import { inGroups, listRetained, type ListedObject } from './list-retained.ts';
import type { KeptObjects, RetentionObjects } from './kept-objects.ts';

const READS_AT_ONCE = 16;
const GROUP = 256;

/**
 * Writes the plan to a local file.
 * @param kept after `markListed` with the same cutoffs.
 */
export async function writePlan(
  objects: RetentionObjects,
  kept: KeptObjects,
  cutoffs: RetentionCutoffs,
  file: string,
  each: (planned: RetainedCounts) => void,
): Promise<RetainedCounts> {
  let counts = noObjects();
  const out = createWriteStream(file);
  for await (const group of inGroups(listRetained(objects), GROUP)) {
    const planned = await inParallel(group, READS_AT_ONCE, (object) =>
      plannedOf(objects, kept, cutoffs, object),
    );
    for (const object of planned) {
      if (!object) continue;
      counts = plusObject(counts, object.kind, object.bytes);
      if (!out.write(`${JSON.stringify(object)}\n`)) await once(out, 'drain');
    }
    each(counts);
  }
  out.end();
  await finished(out);
  return counts;
}

async function plannedOf(
  objects: RetentionObjects,
  kept: KeptObjects,
  cutoffs: RetentionCutoffs,
  object: ListedObject,
): Promise<PlannedObject | undefined> {
  const reason = await kept.reasonToRemove(object, cutoffs);
  if (reason === undefined) return undefined;
  const { kind, uri, info } = object;
  const bytes = info.bytes + (await artifactBytes(objects, object));
  return { kind, uri, bytes, modified: info.modified.toISOString(), reason };
}

/** Returns the size of the artifact that a manifest describes. */
async function artifactBytes(objects: RetentionObjects, { uri, info }: ListedObject): Promise<number> {
  if (info.uri === uri) return 0;
  return (await objects.getJson<Manifest>(info.uri)).artifact.bytes;
}
