/** Reads and writes S3 objects by `s3://bucket/key`, whole or streamed, and maps errors to the catalogue. */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type _Object as ListedObject,
} from '@aws-sdk/client-s3';
import { JSON_TYPE, jsonText, type JsonLayout } from './json-text.ts';
import { asCatalogueError, isMissing } from './s3-errors.ts';
import { parseS3Uri } from './s3-uri.ts';
import { uploadFile } from './upload-file.ts';

export interface S3Settings {
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly buckets: { readonly artifacts: string; readonly mlflow: string; readonly data: string };
}

export interface ObjectInfo {
  readonly uri: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modified: Date;
}

/** An opened object, which streams its bytes from the requested position. */
export interface OpenedObject {
  readonly body: Readable;
  readonly etag: string | null;
  /** Size of the whole object. */
  readonly bytes: number | null;
  /** `AES256`, `aws:kms`, ...; null if it is not encrypted. */
  readonly encryption: string | null;
}

export interface PutOptions {
  readonly contentType?: string;
  /** Writes only if no object exists yet; CONFLICT otherwise. */
  readonly ifAbsent?: boolean;
  /** Overwrites only the object with this ETag; CONFLICT otherwise. */
  readonly ifMatch?: string;
}

export class ObjectStore {
  readonly buckets: S3Settings['buckets'];
  readonly #client: S3Client;

  /** @param idleMs after which a connection without traffic fails; by default never, because readers of streams may pause. */
  constructor(settings: S3Settings, idleMs?: number) {
    this.buckets = settings.buckets;
    this.#client = new S3Client({
      region: settings.region,
      ...(settings.endpoint ? { endpoint: settings.endpoint, forcePathStyle: true } : {}),
      credentials: settings.credentials,
      ...(idleMs === undefined ? {} : { requestHandler: { socketTimeout: idleMs } }),
    });
  }

  close(): void {
    this.#client.destroy();
  }

  async ensureBucket(bucket: string): Promise<void> {
    try {
      await this.#client.send(new CreateBucketCommand({ Bucket: bucket }));
    } catch (error) {
      if (error instanceof S3ServiceException && /BucketAlready/.test(error.name)) return;
      throw asCatalogueError(error, `create bucket ${bucket}`);
    }
  }

  /** Sets the policy of a bucket, which says what each key may do there. */
  async setPolicy(bucket: string, policy: object): Promise<void> {
    const command = new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) });
    await this.#attempt(`set the policy of bucket ${bucket}`, () => this.#client.send(command));
  }

  /** Writes an object. @returns its ETag. */
  async put(uri: string, body: Uint8Array | string, options: PutOptions = {}): Promise<string> {
    const { bucket, key } = parseS3Uri(uri);
    return this.#attempt(`write ${uri}`, async () => {
      const answer = await this.#client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: options.contentType,
          IfNoneMatch: options.ifAbsent ? '*' : undefined,
          IfMatch: options.ifMatch,
        }),
      );
      return answer.ETag ?? '';
    });
  }

  /** Writes a value as JSON. @returns the ETag. */
  async putJson(
    uri: string,
    value: unknown,
    {
      layout = 'compact',
      ...options
    }: Pick<PutOptions, 'ifAbsent' | 'ifMatch'> & { layout?: JsonLayout } = {},
  ): Promise<string> {
    return this.put(uri, jsonText(value, layout), { ...options, contentType: JSON_TYPE });
  }

  /**
   * Streams a local file to S3, in parts if it is large. Concurrent writers of a key must write the same bytes, because the first to
   * finish wins.
   */
  async putFile(uri: string, file: string, contentType?: string, signal?: AbortSignal): Promise<void> {
    const isStored = async (bytes: number) => (await this.head(uri))?.bytes === bytes;
    await this.#attempt(`upload ${file} to ${uri}`, () =>
      uploadFile(this.#client, { ...parseS3Uri(uri), file, contentType, isStored }, signal),
    ).catch((error: unknown) => {
      // A cancelled upload is not an error of S3.
      throw signal?.aborted ? signal.reason : error;
    });
    signal?.throwIfAborted();
  }

  async get(uri: string): Promise<Uint8Array> {
    return (await this.getWithEtag(uri)).body;
  }

  async getWithEtag(uri: string): Promise<{ body: Uint8Array; etag: string }> {
    const { bucket, key } = parseS3Uri(uri);
    return this.#attempt(`read ${uri}`, async () => {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { body: await answer.Body!.transformToByteArray(), etag: answer.ETag ?? '' };
    });
  }

  async getJson<T>(uri: string): Promise<T> {
    return JSON.parse(Buffer.from(await this.get(uri)).toString('utf8')) as T;
  }

  async getToFile(uri: string, file: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    await this.#attempt(`read ${uri}`, async () => {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      await pipeline(answer.Body as Readable, createWriteStream(file));
    });
  }

  /**
   * Opens an object for reading from byte `from` on.
   * @param ifMatch ETag of the expected version; CONFLICT if the object has another.
   */
  async open(
    uri: string,
    { from = 0, ifMatch, signal }: { from?: number; ifMatch?: string | undefined; signal?: AbortSignal } = {},
  ): Promise<OpenedObject> {
    const { bucket, key } = parseS3Uri(uri);
    return this.#attempt(`read ${uri}`, async () => {
      const answer = await this.#client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          IfMatch: ifMatch,
          ...(from > 0 ? { Range: `bytes=${from}-` } : {}),
        }),
        signal ? { abortSignal: signal } : {},
      );
      const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? answer.ContentLength;
      return {
        body: answer.Body as Readable,
        etag: answer.ETag ?? null,
        bytes: whole === undefined ? null : Number(whole),
        encryption: answer.SSECustomerAlgorithm ?? answer.ServerSideEncryption ?? null,
      };
    });
  }

  /** Reads the bytes from `from` up to and without `to`. */
  async range(uri: string, from: number, to: number): Promise<Uint8Array> {
    const { bucket, key } = parseS3Uri(uri);
    return this.#attempt(`read ${uri}`, async () => {
      const answer = await this.#client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${from}-${to - 1}` }),
      );
      return answer.Body!.transformToByteArray();
    });
  }

  /** Describes an object; undefined if it does not exist. */
  async head(uri: string): Promise<ObjectInfo | undefined> {
    const { bucket, key } = parseS3Uri(uri);
    return this.#attempt(`look at ${uri}`, async () => {
      try {
        const answer = await this.#client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return {
          uri,
          bytes: answer.ContentLength ?? 0,
          etag: answer.ETag ?? '',
          modified: answer.LastModified ?? new Date(0),
        };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  /** Deletes an object, if it exists. */
  async delete(uri: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    await this.#attempt(`delete ${uri}`, () =>
      this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
    );
  }

  /** Lists all objects under a prefix (`s3://bucket/` or `s3://bucket/some/prefix`), in key order. */
  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    const { bucket, key } = parseS3Uri(prefix);
    let token: string | undefined;
    do {
      const page = await this.#attempt(`list ${prefix}`, () =>
        this.#client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token }),
        ),
      );
      for (const object of page.Contents ?? []) yield infoOf(bucket, object);
      token = page.NextContinuationToken;
    } while (token);
  }

  /** Lists one page of a folder: its objects, and its subfolders as `s3://` prefixes with a trailing slash. */
  async folder(
    prefix: string,
    token?: string,
  ): Promise<{ folders: string[]; objects: ObjectInfo[]; next: string | undefined }> {
    const { bucket, key } = parseS3Uri(prefix);
    const page = await this.#attempt(`list ${prefix}`, () =>
      this.#client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: key, Delimiter: '/', ContinuationToken: token }),
      ),
    );
    return {
      folders: (page.CommonPrefixes ?? []).map(({ Prefix }) => `s3://${bucket}/${Prefix ?? ''}`),
      objects: (page.Contents ?? []).map((object) => infoOf(bucket, object)),
      next: page.NextContinuationToken,
    };
  }

  async #attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw asCatalogueError(error, what);
    }
  }
}

function infoOf(bucket: string, { Key = '', Size, ETag, LastModified }: ListedObject): ObjectInfo {
  return {
    uri: `s3://${bucket}/${Key}`,
    bytes: Size ?? 0,
    etag: ETag ?? '',
    modified: LastModified ?? new Date(0),
  };
}
