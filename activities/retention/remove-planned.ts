/** Removes planned objects in batches. It checks before each batch what refers to objects by now, and spares these. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { PlannedObject, RemovalHeartbeat } from '../../contracts/activities/retention.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import type { RetainedKind } from '../../contracts/workflows/retention.ts';
import { noObjects, plusObject } from '../../contracts/retained-counts.ts';
import { MANIFEST_SUFFIX } from '../../core/retention/retained-object.ts';
import { inGroups } from './list-retained.ts';
import type { KeptObjects, RetentionObjects } from './kept-objects.ts';

/** Limits the time between the check of what is in use and the last removal of the batch to about a second. */
const BATCH = 100;

const REMOVALS_AT_ONCE = 8;

export const NOTHING_REMOVED: RemovalHeartbeat = { line: 0, removed: noObjects(), spared: 0 };

/**
 * Removes the objects of a plan.
 * @param file the plan.
 * @param from the last state of an attempt that died; its lines are skipped.
 * @param each is called with the state after each batch.
 */
export async function removeObjects(
  objects: RetentionObjects,
  kept: KeptObjects,
  file: string,
  kinds: readonly RetainedKind[],
  from: RemovalHeartbeat,
  each: (state: RemovalHeartbeat) => void,
): Promise<RemovalHeartbeat> {
  let state = from;
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const batch of inGroups(numbered(lines, from.line), BATCH)) {
    const wanted = batch
      .map(({ text }) => JSON.parse(text) as PlannedObject)
      .filter(({ kind }) => kinds.includes(kind));
    if (wanted.length > 0) {
      await kept.refresh();
      const isRemoved = await inParallel(wanted, REMOVALS_AT_ONCE, (object) =>
        removed(objects, kept, object),
      );
      wanted.forEach(({ kind, bytes }, i) => {
        state = isRemoved[i]
          ? { ...state, removed: plusObject(state.removed, kind, bytes) }
          : { ...state, spared: state.spared + 1 };
      });
    }
    state = { ...state, line: batch.at(-1)!.line };
    each(state);
  }
  return state;
}

async function* numbered(
  lines: AsyncIterable<string>,
  skipped: number,
): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (line > skipped) yield { line, text };
  }
}

/** Removes an object and its manifest. Returns false if the object stays. A removed object counts, whoever removed it. */
async function removed(
  objects: RetentionObjects,
  kept: KeptObjects,
  object: PlannedObject,
): Promise<boolean> {
  const { uri, modified } = object;
  if (kept.isReached(object)) return false;
  const manifest = `${uri}${MANIFEST_SUFFIX}`;
  const [now, manifestNow] = await Promise.all([objects.head(uri), objects.head(manifest)]);
  // A run that makes the same content again writes it to the same address.
  const planned = Date.parse(modified);
  const isRewritten = [now, manifestNow].some((info) => info && info.modified.getTime() > planned);
  if (isRewritten) return false;
  await objects.delete(uri);
  // The manifest goes last: while it is there, another plan finds the object.
  if (manifestNow) await objects.delete(manifest);
  return true;
}
