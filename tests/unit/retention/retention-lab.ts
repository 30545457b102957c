/** Plans and removes on objects in memory, as both activities of `retention` do. */
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { withTempDir } from '../../../activities/common/temp-dir.ts';
import { KeptObjects, type Roots } from '../../../activities/retention/kept-objects.ts';
import { writePlan } from '../../../activities/retention/plan-retention.ts';
import { NOTHING_REMOVED, removeObjects } from '../../../activities/retention/remove-planned.ts';
import type { PlannedObject, RemovalHeartbeat } from '../../../contracts/activities/retention.ts';
import { DAY_MS } from '../../../contracts/calendar.ts';
import { RETAINED_KINDS, type RetainedKind } from '../../../contracts/workflows/retention.ts';
import { cutoffsOf } from '../../../core/retention/cutoffs.ts';
import type { MemoryObjects } from './memory-objects.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
export const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

const CUTOFFS = cutoffsOf({ artifactDays: 90, reportDays: 365, stepLogDays: 30 }, NOW, undefined);

/** Refers to addresses that a test may add at any time. */
export class TestRoots implements Roots {
  readonly #uris: string[] = [];
  #yielded = 0;
  /** Is called before each look. */
  beforeLook: () => void = () => undefined;

  add(...uris: string[]): void {
    this.#uris.push(...uris);
  }

  /** Returns roots of a new activity, which has yielded nothing. */
  again(): TestRoots {
    const roots = new TestRoots();
    roots.add(...this.#uris);
    return roots;
  }

  async *changed(): AsyncGenerator<readonly string[]> {
    this.beforeLook();
    const found = this.#uris.slice(this.#yielded);
    this.#yielded = this.#uris.length;
    yield found;
  }
}

async function markedObjects(objects: MemoryObjects, roots: Roots): Promise<KeptObjects> {
  const kept = new KeptObjects(objects, roots);
  await kept.refresh();
  await kept.markListed(CUTOFFS, () => undefined);
  return kept;
}

/** Runs `work` with the file of a plan. */
export async function withPlan<T>(
  objects: MemoryObjects,
  roots: Roots,
  work: (file: string, planned: PlannedObject[]) => Promise<T>,
): Promise<T> {
  return withTempDir(async (dir) => {
    const file = path.join(dir, 'plan.jsonl');
    await writePlan(objects, await markedObjects(objects, roots), CUTOFFS, file, () => undefined);
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    return work(
      file,
      lines.map((line) => JSON.parse(line) as PlannedObject),
    );
  });
}

/** Removes planned objects with marks of their own. */
export async function remove(
  objects: MemoryObjects,
  roots: Roots,
  file: string,
  {
    kinds = RETAINED_KINDS,
    from = NOTHING_REMOVED,
    each = () => undefined,
  }: {
    kinds?: readonly RetainedKind[];
    from?: RemovalHeartbeat;
    each?: (state: RemovalHeartbeat) => void;
  } = {},
): Promise<RemovalHeartbeat> {
  return removeObjects(objects, await markedObjects(objects, roots), file, kinds, from, each);
}

export const digest = (n: number): string => n.toString(16).padStart(16, '0');

/** Writes an artifact with its manifest. @returns its address. */
export function putArtifact(
  objects: MemoryObjects,
  uri: string,
  {
    age = 200,
    inputs = [],
    content = {},
    parameters = {},
  }: { age?: number; inputs?: readonly string[]; content?: unknown; parameters?: object } = {},
): string {
  objects.put(uri, content, daysAgo(age));
  const manifest = {
    artifact: { uri, bytes: 1_000 },
    inputs: inputs.map((input) => ({ uri: input })),
    parameters,
    synthetic: false,
  };
  objects.put(`${uri}.manifest.json`, manifest, daysAgo(age));
  return uri;
}
