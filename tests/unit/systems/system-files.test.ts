import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
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
  await expect(systemFiles(folder).get('x')).rejects.toThrow(/x\.yaml are not valid: line 2, name: got 3/);
  await writeFile(path.join(folder, 'x.yaml'), 'id: [');
  await expect(systemFiles(folder).get('x')).rejects.toThrow(/x\.yaml cannot be read/);
});

/** Writes `x.yaml`, which is jc.yaml with one change. */
async function writeX(change: string | RegExp, replacement: string): Promise<void> {
  const text = (await readFile(path.join(SHIPPED, 'jc.yaml'), 'utf8')).replace('id: jc', 'id: x');
  const changed = text.replace(change, replacement);
  expect(changed).not.toBe(text);
  await writeFile(path.join(folder, 'x.yaml'), changed);
}

const archive = (entry: string) => ['archives:', `archives:\n    - ${entry}`] as const;
const SOURCE = /source: .*/;

it.each([
  ['a field twice in a name', ...archive("name: '{YYYY}-{YYYY}.zip'"), /archives\.0\.name: .* once/],
  ['an unknown field', ...archive("name: '{YYYY}{DD}.zip'"), /instead of \{DD\}/],
  ['month and quarter', ...archive("name: '{YYYY}{MM}{Q}.zip'"), /\{MM\} or \{Q\}, not both/],
  ['a name without months', ...archive('name: rides.zip'), /months beside it/],
  [
    'months twice',
    ...archive("{ name: '{YYYY}.zip', months: { from: 2020-01, to: 2020-02 } }"),
    /without \{…\}/,
  ],
  [
    'a name on two lines',
    ...archive('name: "{YYYY}\\n.zip"'),
    /archives\.0\.name: .*a file name that ends in/,
  ],
  [
    'a name in another folder',
    ...archive("name: '../{YYYY}.zip'"),
    /archives\.0\.name: .*a file name that ends in/,
  ],
  [
    'a use that ends before it begins',
    ...archive("{ name: '{YYYY}.zip', from: 2020-05, to: 2019-01 }"),
    /archives\.0\.to: .*from 2020-05 on/,
  ],
  [
    'months backwards',
    ...archive('{ name: x.zip, months: { from: 2020-05, to: 2019-01 } }'),
    /1 to 120 months/,
  ],
  [
    'a thousand years',
    ...archive('{ name: x.zip, months: { from: 1000-01, to: 2000-12 } }'),
    /1 to 120 months/,
  ],
  [
    'a password',
    SOURCE,
    'source: https://me:hunter2@example.org',
    /trips\.source: got "https:\/\/\*\*\*@example\.org"/,
  ],
  ['no address', SOURCE, 'source: "https:// example"', /trips\.source: .*such as/],
  [
    'an unknown layout of the sample',
    /sample:\n/,
    'sample:\n  layouts: [{ layout: nope }]\n',
    /sample\.layouts\.0\.layout: got "nope"/,
  ],
  [
    'facts that no history can hold',
    /^quality:/m,
    `quality:\n  a: ${'x'.repeat(8_000)}`,
    /at most 8000 bytes/,
  ],
])('rejects %s', async (_what, change, replacement, reason) => {
  await writeX(change, replacement);
  await expect(systemFiles(folder).get('x')).rejects.toThrow(reason);
});

test('lists the other systems beside an invalid file, and ignores hidden files', async () => {
  await writeX('timeZone:', 'zone:');
  await writeFile(path.join(folder, '._y.yaml'), 'Mac OS X');
  const systems = systemFiles(folder);
  await expect(systems.list()).rejects.toThrow(/x\.yaml/);
  const invalid: string[] = [];
  const listed = await systems.list(({ message }) => invalid.push(message));
  expect(listed.map(({ id }) => id)).toEqual((await systemFiles().list()).map(({ id }) => id));
  expect(invalid).toEqual([expect.stringMatching(/x\.yaml.*timeZone: got nothing/)]);
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
