import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { asCatalogueError, SWEPT_AWAY } from './s3-errors.ts';

/** Part size of multipart uploads. Four parts at once take 32 MiB, and 10,000 parts, the limit of S3, allow 80 GB. */
const PART_BYTES = 8 * 2 ** 20;

/** Bytes per read of an uploaded file. With the default of 64 KiB, concatenating chunks would take half of the CPU time. */
const READ_BYTES = 2 ** 20;

interface FileUpload {
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
  readonly contentType: string | undefined;
  /** Tells whether the key holds an object of this size. */
  readonly isStored: (bytes: number) => Promise<boolean>;
}

/** Streams a local file to S3, in parts if it is large. */
export async function uploadFile(
  client: S3Client,
  { bucket, key, file, contentType, isStored }: FileUpload,
  signal?: AbortSignal,
): Promise<void> {
  const { size } = await stat(file);
  const body = createReadStream(file, { highWaterMark: READ_BYTES });
  const params = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
  const upload = new Upload({ client, partSize: PART_BYTES, params });
  const abort = () => void upload.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (!signal?.aborted) await upload.done();
  } catch (error) {
    // A concurrent writer of the same file may have finished and aborted this upload.
    const wasSwept = error instanceof S3ServiceException && SWEPT_AWAY.has(error.name);
    if (!(wasSwept && (await isStored(size)))) throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  if (size >= PART_BYTES && !signal?.aborted) await abortUploads(client, bucket, key);
}

/**
 * Removes parts that interrupted uploads to a key have left, which no listing shows but which cost storage. Current uploads to the
 * key have the same bytes, which are already stored, so they may be aborted too.
 */
async function abortUploads(client: S3Client, bucket: string, key: string): Promise<void> {
  try {
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }),
    );
    for (const { UploadId } of Uploads.filter((upload) => upload.Key === key))
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId }));
  } catch (error) {
    // The file is stored. The cleanup may fail, for lack of permission or because another writer cleans up too.
    if (!(error instanceof S3ServiceException)) throw asCatalogueError(error, `clean up behind ${key}`);
  }
}
