/** Decides which objects stay: all that something refers to, at any distance, and all that are younger than their limit. */
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import type { RetentionCutoffs } from '../../contracts/activities/retention.ts';
import type { Manifest } from '../../contracts/artifact.ts';
import type { RetainedKind } from '../../contracts/workflows/retention.ts';
import { inGroups, listRetained, type ListedObject } from './list-retained.ts';
import { Reached } from './reached.ts';
import { addressesInObject, referencesOf } from './references.ts';

/** Limits the objects whose references are read together. */
const GROUP = 256;

/** Matches a composed data set, which the step `compose` writes. */
const DATA_SET = /\/compose\/[0-9a-f]{16}\/dataset\.json$/;

const REASONS: Readonly<Record<RetainedKind, string>> = {
  'cache-entry': 'cached result, or description of a month, that names an artifact which nothing refers to',
  artifact: 'no run, version, newest data set or younger artifact refers to it',
  report: 'older than reportDays, and nothing refers to it',
  checkpoint: 'older than artifactDays and than every open run',
  'step-log': 'older than stepLogDays and than every open run',
};

export type RetentionObjects = Pick<ObjectStore, 'list' | 'open' | 'head' | 'getJson' | 'delete' | 'buckets'>;

/** Provides the runs, registered versions and pointers that refer to objects. */
export interface Roots {
  /** Yields the addresses that they name and that an earlier call did not yield. */
  changed(): AsyncIterable<readonly string[]>;
}

export class KeptObjects {
  readonly #objects: RetentionObjects;
  readonly #roots: Roots;
  readonly #reached: Reached;

  constructor(objects: RetentionObjects, roots: Roots) {
    this.#objects = objects;
    this.#roots = roots;
    this.#reached = new Reached((uri) => referencesOf(objects, uri));
  }

  /** Counts the marked addresses. */
  get size(): number {
    return this.#reached.size;
  }

  /** Marks what runs, versions and pointers refer to by now. Called again, it reads only what changed. */
  async refresh(): Promise<void> {
    for await (const uris of this.#roots.changed()) await this.#reached.mark(uris);
  }

  /** Marks what young objects and the newest composed data sets refer to. A kept object keeps its lineage. */
  async markListed(cutoffs: RetentionCutoffs, each: () => void): Promise<void> {
    const newest = new Map<string, ListedObject>();
    for await (const group of inGroups(listRetained(this.#objects), GROUP)) {
      const lasting = group.filter(({ kind }) => kind !== 'step-log' && kind !== 'checkpoint');
      const kept = lasting.filter((object) => isYoung(object, cutoffs) || this.#reached.has(object.uri));
      // An object below a folder that something refers to is not marked itself yet.
      await this.#reached.mark(kept.map(({ uri }) => uri));
      for (const object of lasting.filter(({ uri }) => DATA_SET.test(uri)))
        await this.#choose(newest, object);
      each();
    }
    await this.#reached.mark([...newest.values()].map(({ uri }) => uri));
  }

  /** Returns why an object may be removed. Returns undefined if it stays. */
  async reasonToRemove(object: ListedObject, cutoffs: RetentionCutoffs): Promise<string | undefined> {
    if (isYoung(object, cutoffs) || this.isReached(object)) return undefined;
    if (object.kind !== 'cache-entry') return REASONS[object.kind];
    const named = await addressesInObject(this.#objects, object.uri);
    if (named.length === 0) return 'old result of a step, which a repeated step computes again';
    return named.every((uri) => this.#reached.has(uri)) ? undefined : REASONS['cache-entry'];
  }

  /** Checks whether something refers to the object. Nothing refers to logs, and the step cache finds results by their key. */
  isReached({ kind, uri }: Pick<ListedObject, 'kind' | 'uri'>): boolean {
    return kind !== 'step-log' && kind !== 'cache-entry' && this.#reached.has(uri);
  }

  /** Keeps the newest composed data set of each system and rule set. */
  async #choose(newest: Map<string, ListedObject>, object: ListedObject): Promise<void> {
    const { parameters, synthetic } = await this.#objects.getJson<Manifest>(object.info.uri);
    const key = JSON.stringify([parameters['system'], parameters['rules'], synthetic]);
    const before = newest.get(key);
    if (!before || before.info.modified < object.info.modified) newest.set(key, object);
  }
}

function isYoung({ kind, info }: ListedObject, cutoffs: RetentionCutoffs): boolean {
  return info.modified.getTime() >= Date.parse(cutoffs[kind]);
}
