import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { allowedFiles, ownFiles } from '../../../activities/predict/batch-files.ts';
import { allowing } from '../../fixtures/allow.ts';

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'batch-files-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

test('files of allowed folders are copied, by path and by address', async () => {
  const dir = folder();
  const files = allowedFiles({ allowed: allowing(), artifacts: {} } as unknown as ActivityDependencies);
  const [input, local, output] = ['in 1.csv', 'local.csv', 'out.csv'].map((name) => path.join(dir, name));
  writeFileSync(input!, 'rows');
  await files.input(pathToFileURL(input!).href).copy(local!);
  await files.output(output!).copy(local!);
  expect([readFileSync(local!, 'utf8'), readFileSync(output!, 'utf8')]).toEqual(['rows', 'rows']);
  expect(files.input(input!).inPlace).toBeUndefined();
});

test('files of the command line are used in place, wherever they lie', () => {
  const files = ownFiles(() => {
    throw new Error('S3 is not asked');
  });
  expect(files.input('2025.csv').inPlace).toBe('2025.csv');
  expect(files.output('file:///srv/a%20b.csv').inPlace).toBe('/srv/a b.csv');
  expect(files.input('s3://any/a.csv').inPlace).toBeUndefined();
});
