import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { allowedFiles, ownFiles } from '../../../activities/predict/batch-files.ts';
import { BatchPredictionInput } from '../../../contracts/workflows/batch-prediction.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
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

test.each(['?', '#'])('an address with an unescaped %s is rejected with the correct form', (mark) => {
  const address = `file:///srv/a${mark}b.csv`;
  const files = allowedFiles({ allowed: allowing(), artifacts: {} } as unknown as ActivityDependencies);
  const why = /input: got .*starts a (query|fragment) in an address.*write %(3F|23)/;
  expect(() => files.input(address)).toThrow(why);
  expect(() => ownFiles(() => undefined as never).input(address)).toThrow(/write %(3F|23) for a/);
});

test.each(['a.csv', 'a.TSV', 'a.csv.gz', 's3://b/a.tsv.gz', 'a.parquet'])(
  '%s is accepted as a table',
  (input) => {
    expect(parseInput('test', BatchPredictionInput, { input, output: 'o.tsv' })).toMatchObject({ input });
  },
);

test.each([
  ['a.xlsx', 'o.csv', /\.csv, \.tsv, \.csv\.gz, \.tsv\.gz or \.parquet/],
  ['a.gz', 'o.csv', /input/],
  ['a.csv', 'o.csv.gz', /\.csv, \.tsv or \.parquet/],
])('%s to %s is rejected', (input, output, why) => {
  expect(() => parseInput('test', BatchPredictionInput, { input, output })).toThrow(why);
});

test('files of the command line are used in place, in any folder', () => {
  const files = ownFiles(() => {
    throw new Error('S3 is not asked');
  });
  expect(files.input('2025.csv').inPlace).toBe('2025.csv');
  expect(files.output('file:///srv/a%20b.csv').inPlace).toBe('/srv/a b.csv');
  expect(files.input('s3://any/a.csv').inPlace).toBeUndefined();
});
