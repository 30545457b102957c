import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseDemoData } from '../../../client/demo-data.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'demo-data-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const describeFolder = async () => {
  const choice = { folder, tripsSource: undefined, systems: [], model: 'm', sampleFolder: '/nowhere' };
  return (await chooseDemoData(choice)).description;
};

test('a folder of synthetic files is not called real', async () => {
  expect(await describeFolder()).toBe(`real: files in ${folder}`);
  writeFileSync(path.join(folder, 'SYNTHETIC.json'), '{}');
  expect(await describeFolder()).toBe(`SYNTHETIC: files in ${folder}`);
});
