/** Tests multipart uploads to the stack's S3: they arrive whole, and killed ones leave no parts. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { loadSettings } from '../../settings.ts';

const { s3 } = loadSettings();
const Bucket = `test-uploads-${randomBytes(4).toString('hex')}`;
const objects = new ObjectStore(s3);
const client = new S3Client({
  region: s3.region,
  ...(s3.endpoint ? { endpoint: s3.endpoint, forcePathStyle: true } : {}),
  credentials: s3.credentials,
});

/** Takes three parts of the store's size. */
const content = randomBytes(20 * 2 ** 20);
let dir: string;
let file: string;

beforeAll(async () => {
  await objects.ensureBucket(Bucket);
  dir = mkdtempSync(path.join(tmpdir(), 'uploads-'));
  file = path.join(dir, 'file');
  writeFileSync(file, content);
});

afterAll(async () => {
  for await (const { uri } of objects.list(`s3://${Bucket}/`)) await objects.delete(uri);
  await client.send(new DeleteBucketCommand({ Bucket }));
  client.destroy();
  objects.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Creates the state that a worker leaves if it is killed after a part. */
async function leaveUpload(Key: string): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Body = content.subarray(0, 8 * 2 ** 20);
  await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }));
}

async function uploadsUnderWay(): Promise<(string | undefined)[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  return Uploads.map(({ Key }) => Key).sort();
}

it('removes only the parts that killed uploads of the same file left', async () => {
  await leaveUpload('month.zip');
  await leaveUpload('month.zip');
  await leaveUpload('month.zip.other');
  await objects.putFile(`s3://${Bucket}/month.zip`, file);
  expect(await uploadsUnderWay()).toEqual(['month.zip.other']);
  expect(content.equals(await objects.get(`s3://${Bucket}/month.zip`))).toBe(true);
});

it('of one file by four callers at once succeeds for each', async () => {
  const uri = `s3://${Bucket}/at-once.zip`;
  await Promise.all(Array.from({ length: 4 }, () => objects.putFile(uri, file)));
  expect(content.equals(await objects.get(uri))).toBe(true);
  expect(await uploadsUnderWay()).not.toContain('at-once.zip');
});
