/** Lists the objects in S3 that retention may remove. */
import type { ObjectInfo, ObjectStore } from '../../adapters/s3/object-store.ts';
import {
  CACHE_PREFIX,
  DATA_PREFIXES,
  retainedArtifact,
  retainedObject,
  type RetainedObject,
} from '../../core/retention/retained-object.ts';

export interface ListedObject extends RetainedObject {
  /** Size and last write; of an artifact those of its manifest, which is written last. */
  readonly info: ObjectInfo;
}

/** Yields cached results first, because they must be removed before the artifacts that they name. */
export async function* listRetained(
  objects: Pick<ObjectStore, 'list' | 'buckets'>,
): AsyncGenerator<ListedObject> {
  const { artifacts, data } = objects.buckets;
  yield* listed(objects, artifacts, CACHE_PREFIX, retainedObject);
  for await (const object of listed(objects, artifacts, '', retainedObject))
    if (object.kind !== 'cache-entry') yield object;
  for (const prefix of DATA_PREFIXES) yield* listed(objects, data, prefix, retainedArtifact);
}

async function* listed(
  objects: Pick<ObjectStore, 'list'>,
  bucket: string,
  prefix: string,
  objectOf: (bucket: string, key: string) => RetainedObject | undefined,
): AsyncGenerator<ListedObject> {
  const start = `s3://${bucket}/`.length;
  for await (const info of objects.list(`s3://${bucket}/${prefix}`)) {
    const object = objectOf(bucket, info.uri.slice(start));
    if (object) yield { ...object, info };
  }
}

/** Yields the items in groups, so that a caller reads a few at once. */
export async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
