import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemFiles } from '../../../adapters/systems/system-files.ts';

const SHIPPED = path.join(import.meta.dirname, '..', '..', '..', 'systems');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'systems-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('reads every shipped system', async () => {
  const systems = await systemFiles().list();
  expect(systems.map(({ id }) => id)).toEqual(expect.arrayContaining(['jc', 'nyc']));
  expect(await systemFiles().get('nyc')).toMatchObject({
    timeZone: 'America/New_York',
    model: 'citibike-trips',
  });
});

test('reads a system of the user, and forgets it with its file', async () => {
  const text = (await readFile(path.join(SHIPPED, 'jc.yaml'), 'utf8')).replace('id: jc', 'id: columbus');
  const file = path.join(folder, 'columbus.yaml');
  await writeFile(file, text);
  const systems = systemFiles(folder);
  expect(await systems.get('columbus')).toMatchObject({ id: 'columbus' });
  expect((await systems.list()).map(({ id }) => id)).toContain('columbus');
  await rm(file);
  await expect(systems.get('columbus')).rejects.toThrow(/got "columbus", expected one of .*jc, nyc/);
});

test('names the file and every invalid field', async () => {
  await writeFile(path.join(folder, 'x.yaml'), 'id: x\nname: 3\n');
  await expect(systemFiles(folder).get('x')).rejects.toThrow(/x\.yaml are not valid: .*name: got 3/);
  await writeFile(path.join(folder, 'x.yaml'), 'id: [');
  await expect(systemFiles(folder).get('x')).rejects.toThrow(/x\.yaml cannot be read/);
});

test('rejects a file whose name differs from its id, an unknown zone or layout, and a name without months', async () => {
  await copyFile(path.join(SHIPPED, 'nyc.yaml'), path.join(folder, 'other.yaml'));
  await expect(systemFiles(folder).get('other')).rejects.toThrow(
    /id: got "nyc", expected the name of the file/,
  );
  const text = (await readFile(path.join(SHIPPED, 'nyc.yaml'), 'utf8'))
    .replace('America/New_York', 'America/Gotham')
    .replace('layouts: [modern', 'layouts: [newest')
    .replace('{YYYY}{MM}-citibike-tripdata.zip', 'rides.zip');
  await writeFile(path.join(folder, 'nyc.yaml'), text);
  await expect(systemFiles(folder).get('nyc')).rejects.toThrow(
    /America\/Gotham.*got "newest", expected a layout of .*modern.*months beside it/,
  );
});

test('reads only files of its folders', async () => {
  await expect(systemFiles(folder).get('../nyc')).rejects.toThrow(/expected one of/);
});
