/** Groups the objects under a prefix into the listing of a folder. */
import type { ObjectInfo } from '../adapters/s3/object-store.ts';

export interface FolderEntry {
  readonly uri: string;
  readonly bytes: number;
  /** For a folder, the newest time of the objects under it. */
  readonly modified: Date;
  /** Number of objects under a folder; undefined for an object. */
  readonly objects?: number;
}

/**
 * Sums up objects below the prefix's own level. `objects` must come in key order.
 * @param prefix `s3://bucket/`, a folder with its slash, or the beginning of names.
 */
export async function* groupByFolder(
  objects: AsyncIterable<ObjectInfo>,
  prefix: string,
): AsyncGenerator<FolderEntry> {
  const start = prefix.length;
  let folder: (FolderEntry & { objects: number }) | undefined;
  for await (const object of objects) {
    const slash = object.uri.indexOf('/', start);
    const uri = slash === -1 ? undefined : object.uri.slice(0, slash + 1);
    if (folder && folder.uri === uri) {
      const modified = object.modified > folder.modified ? object.modified : folder.modified;
      folder = { uri, bytes: folder.bytes + object.bytes, modified, objects: folder.objects + 1 };
      continue;
    }
    if (folder) yield folder;
    folder =
      uri === undefined ? undefined : { uri, bytes: object.bytes, modified: object.modified, objects: 1 };
    if (uri === undefined) yield { uri: object.uri, bytes: object.bytes, modified: object.modified };
  }
  if (folder) yield folder;
}
