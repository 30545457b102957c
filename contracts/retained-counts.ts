/** Counts objects and their bytes by kind. */
import { RETAINED_KINDS, type RetainedCounts, type RetainedKind } from './workflows/retention.ts';

export function noObjects(): RetainedCounts {
  return Object.fromEntries(
    RETAINED_KINDS.map((kind) => [kind, { objects: 0, bytes: 0 }]),
  ) as unknown as RetainedCounts;
}

/** Returns the counts with one more object. */
export function plusObject(counts: RetainedCounts, kind: RetainedKind, bytes: number): RetainedCounts {
  const before = counts[kind];
  return { ...counts, [kind]: { objects: before.objects + 1, bytes: before.bytes + bytes } };
}

/** Returns the sum of two counts. */
export function sumOfCounts(a: RetainedCounts, b: RetainedCounts): RetainedCounts {
  return Object.fromEntries(
    RETAINED_KINDS.map((kind) => [
      kind,
      { objects: a[kind].objects + b[kind].objects, bytes: a[kind].bytes + b[kind].bytes },
    ]),
  ) as unknown as RetainedCounts;
}
