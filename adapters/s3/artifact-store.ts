/**
 * Stores artifacts in S3 as `{artifacts bucket}/{workflow id}/{step}/{digest}/{name}`, each with a manifest, and the step cache.
 * Addresses contain the digest, so that repeated writes are idempotent.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ArtifactRef, Manifest } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { canonicalJson, JSON_TYPE, jsonText, type JsonLayout } from './json-text.ts';
import type { ObjectStore } from './object-store.ts';
import { parseS3Uri } from './s3-uri.ts';

/** Identifies the writer, from the activity's context. */
export interface Producer {
  readonly workflowId: string;
  readonly runId: string;
  readonly step: string;
  readonly codeVersion: string;
}

export interface NewArtifact {
  readonly name: string;
  /** Bytes, or the path of a local file to stream. */
  readonly content: Uint8Array | { readonly file: string };
  readonly contentType?: string;
  readonly schemaVersion: number;
  readonly rows?: number;
  readonly inputs: readonly ArtifactRef[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly synthetic: boolean;
  /** Returns an address outside the artifacts bucket from the content's SHA-256. */
  readonly uri?: (sha256: string) => string;
}

/** Returns the SHA-256 of a JSON value with sorted keys, so that the same content gives the same key. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export class ArtifactStore {
  readonly objects: ObjectStore;
  readonly #onWrite: (manifest: Manifest) => void;

  /** @param onWrite called for every written artifact, to record its lineage. */
  constructor(objects: ObjectStore, onWrite: (manifest: Manifest) => void = () => undefined) {
    this.objects = objects;
    this.#onWrite = onWrite;
  }

  /** Writes an artifact and its manifest; both writes are idempotent because the key carries the digest. */
  async write(producer: Producer, artifact: NewArtifact, signal?: AbortSignal): Promise<ArtifactRef> {
    const { content } = artifact;
    const isFile = !(content instanceof Uint8Array);
    const sha256 = isFile
      ? await sha256OfFile(content.file)
      : createHash('sha256').update(content).digest('hex');
    const bytes = isFile ? (await stat(content.file)).size : content.byteLength;
    const uri =
      artifact.uri?.(sha256) ??
      `s3://${this.objects.buckets.artifacts}/${producer.workflowId}/${producer.step}/${sha256.slice(0, 16)}/${artifact.name}`;
    const ref: ArtifactRef = {
      uri,
      sha256,
      bytes,
      rows: artifact.rows,
      schemaVersion: artifact.schemaVersion,
    };
    if (isFile) await this.objects.putFile(uri, content.file, artifact.contentType, signal);
    else await this.objects.put(uri, content, contentTypeOption(artifact.contentType));
    const manifest: Manifest = {
      artifact: ref,
      step: producer.step,
      workflowId: producer.workflowId,
      runId: producer.runId,
      codeVersion: producer.codeVersion,
      createdAt: new Date().toISOString(),
      inputs: artifact.inputs,
      parameters: artifact.parameters,
      facts: artifact.facts ?? {},
      synthetic: artifact.synthetic,
    };
    await this.objects.putJson(`${uri}.manifest.json`, manifest, { layout: 2 });
    this.#onWrite(manifest);
    return ref;
  }

  /** Writes a JSON artifact. */
  async writeJson(
    producer: Producer,
    value: unknown,
    artifact: Omit<NewArtifact, 'content' | 'contentType'>,
    layout: JsonLayout = 2,
  ): Promise<ArtifactRef> {
    const content = new TextEncoder().encode(jsonText(value, layout));
    return this.write(producer, { ...artifact, content, contentType: JSON_TYPE });
  }

  /** Reads an artifact. @throws CitibikeError CORRUPT_ARTIFACT if the bytes do not match the reference. */
  async read(ref: ArtifactRef): Promise<Uint8Array> {
    const body = await this.objects.get(this.#ownRef(ref));
    verify(ref, createHash('sha256').update(body).digest('hex'));
    return body;
  }

  async readJson<T>(ref: ArtifactRef): Promise<T> {
    return JSON.parse(Buffer.from(await this.read(ref)).toString('utf8')) as T;
  }

  /** Downloads to a local file and checks the digest. */
  async readToFile(ref: ArtifactRef, file: string): Promise<void> {
    await this.objects.getToFile(this.#ownRef(ref), file);
    verify(ref, await sha256OfFile(file));
  }

  async manifestOf(uri: string): Promise<Manifest> {
    return this.objects.getJson<Manifest>(`${this.#own(uri)}.manifest.json`);
  }

  /** Checks whether an artifact still exists; retention or a reset may have deleted it. */
  async has(uri: string): Promise<boolean> {
    return (await this.objects.head(this.#own(uri))) !== undefined;
  }

  /**
   * Checks a reference. Callers name local files by the digest, so an invalid one is rejected before any byte
   * is written.
   */
  #ownRef({ uri, sha256 }: ArtifactRef): string {
    if (/^[0-9a-f]{64}$/.test(sha256)) return this.#own(uri);
    throw new CitibikeError('CORRUPT_ARTIFACT', `${uri.slice(0, 80)}: its reference has no SHA-256 in hex`);
  }

  /**
   * Returns the address if it is in a bucket of the product. References come from inputs and from files that
   * inputs name, and this process may have access to other buckets.
   * @throws CitibikeError SOURCE_NOT_ALLOWED
   */
  #own(uri: string): string {
    const { artifacts, data } = this.objects.buckets;
    const { bucket } = parseS3Uri(uri);
    if (bucket === artifacts || bucket === data) return uri;
    throw new CitibikeError(
      'SOURCE_NOT_ALLOWED',
      `artifact ${uri.slice(0, 80)} is not in a bucket of this product; expected s3://${artifacts}/ or s3://${data}/ ` +
        '(settings S3_BUCKET_ARTIFACTS and S3_BUCKET_DATA). Give a reference that a run of this product returned.',
      { setting: 'S3_BUCKET_DATA' },
    );
  }

  /**
   * Returns the cached result of a pure producer, or runs it. `key` must contain everything that the output depends on: input
   * references, parameters, the stage's version, the backend. The first writer wins, so concurrent runs agree on one result. An
   * entry counts only if all its artifacts still exist, because retention or a reset may delete them.
   */
  async cached<T extends object>(
    stage: string,
    key: unknown,
    use: boolean,
    make: () => Promise<T>,
  ): Promise<{ value: T; cached: boolean }> {
    const uri = `s3://${this.objects.buckets.artifacts}/step-cache/${stage}/${digestOf(key)}.json`;
    const entry = use && (await this.objects.head(uri)) ? await this.objects.getJson<T>(uri) : undefined;
    if (entry && (await this.#allExist(entry))) return { value: entry, cached: true };
    const value = await make();
    try {
      await this.objects.putJson(uri, value, { ifAbsent: use && !entry });
      return { value, cached: false };
    } catch (error) {
      if (!(error instanceof CitibikeError && error.code === 'CONFLICT')) throw error;
      return { value: await this.objects.getJson<T>(uri), cached: true };
    }
  }

  async #allExist(value: unknown): Promise<boolean> {
    const found = await Promise.all(urisIn(value).map((uri) => this.has(uri)));
    return found.every(Boolean);
  }
}

/** Returns the addresses of all artifacts that a value names, at any depth. */
function urisIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { uri, sha256 } = value as Partial<Record<keyof ArtifactRef, unknown>>;
  const own = typeof uri === 'string' && typeof sha256 === 'string' ? [uri] : [];
  return [...own, ...Object.values(value).flatMap(urisIn)];
}

function contentTypeOption(contentType: string | undefined): { contentType?: string } {
  return contentType ? { contentType } : {};
}

function verify(ref: ArtifactRef, sha256: string): void {
  if (sha256 === ref.sha256) return;
  throw new CitibikeError(
    'CORRUPT_ARTIFACT',
    `${ref.uri} does not match its reference: expected SHA-256 ${ref.sha256}, read ${sha256}. Run the step that made it again with {"cache": false}.`,
  );
}
