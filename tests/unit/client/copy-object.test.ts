import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyObject } from '../../../client/copy-object.ts';

function store(objects: Record<string, string> = {}) {
  return {
    objects,
    getToFile: (uri: string, file: string) => writeFile(file, objects[uri]!),
    putFile: async (uri: string, file: string) => {
      objects[uri] = await readFile(file, 'utf8');
    },
  };
}

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'citibike-cp-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  writeFileSync(path.join(dir, 'a.csv'), 'here');
  return dir;
}

test('copies from a file, to a file and within S3; a folder keeps the name', async () => {
  const s3 = store();
  const dir = folder();
  expect(await copyObject(s3, path.join(dir, 'a.csv'), 's3://b/in/')).toBe('s3://b/in/a.csv');
  expect(await copyObject(s3, 's3://b/in/a.csv', 's3://c/d.csv')).toBe('s3://c/d.csv');
  const back = await copyObject(s3, 's3://c/d.csv', dir);
  expect(back).toBe(path.join(dir, 'd.csv'));
  expect(readFileSync(back, 'utf8')).toBe('here');
  expect(s3.objects).toEqual({ 's3://b/in/a.csv': 'here', 's3://c/d.csv': 'here' });
});

test.each([
  ['a.csv', 'b.csv', 'expected an address s3://bucket/key'],
  ['missing.csv', 's3://b/x', 'expected one file to copy, got "missing.csv"'],
  ['s3://b/in/', 'x', 'expected one file to copy'],
  [tmpdir(), 's3://b/x', 'expected one file to copy'],
])('rejects %s to %s', async (source, target, message) => {
  await expect(copyObject(store(), source, target)).rejects.toThrow(message);
});
