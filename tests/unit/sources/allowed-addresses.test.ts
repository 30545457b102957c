import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addedFoldersFile,
  allowedAddresses,
  readAddedFolders,
} from '../../../adapters/sources/allowed-addresses.ts';
import { loadSettings } from '../../../settings.ts';
import { addSourceFolder, removeSourceFolder } from '../../../stack/source-folders.ts';

let place: { stackDir: string; instanceDir: string };
beforeEach(() => {
  const dir = mkdtempSync(path.join(tmpdir(), 'addresses-'));
  place = { stackDir: dir, instanceDir: dir };
});
afterEach(() => rmSync(place.stackDir, { recursive: true }));

const listsOf = (env: Record<string, string>) => {
  const { sources, s3 } = loadSettings({ STACK_DIR: place.stackDir, ...env });
  const added = () => readAddedFolders(place.instanceDir);
  return allowedAddresses({ sources, dataBucket: s3.buckets.data, added });
};

describe('by default', () => {
  it.each([
    'https://www.ncei.noaa.gov/access/services/data/v1?year=2024',
    'https://api.weather.gov/points/40.78,-73.97',
    's3://citibike-data/raw/a.zip',
  ])('a source is %s', (address) => {
    expect(listsOf({}).sources.check(address, 'source').url).toBe(address);
  });

  it.each([
    // Activities add the source of their system.
    'https://s3.amazonaws.com/tripdata/a.zip',
    's3://zenml-artifacts/a',
    'file:///tmp',
    'http://127.0.0.1:4566/',
  ])('no source is %s', (address) => {
    expect(() => listsOf({}).sources.check(address, 'source')).toThrow('is not allowed');
  });

  it('only outputs are below the predictions of the data bucket', () => {
    const { outputs } = listsOf({ SOURCE_ALLOW: 'file:///srv/trips' });
    expect(outputs.check('s3://citibike-data/predictions/a.csv', 'output').scheme).toBe('s3');
    for (const address of ['s3://citibike-data/raw/a.csv', 'file:///srv/trips/weather-daily-2024.csv'])
      expect(() => outputs.check(address, 'output')).toThrow('OUTPUT_ALLOW');
  });
});

describe('SOURCE_ALLOW', () => {
  it('adds its entries', () => {
    const { sources } = listsOf({
      SOURCE_ALLOW: ' file:///srv/trips , https://mirror.example/citibike,,s3://shared/trips',
    });
    for (const address of [
      'file:///srv/trips/a.zip',
      'https://mirror.example/citibike/a.zip',
      's3://shared/trips/a.zip',
    ])
      expect(sources.check(address, 'source').url).toBe(address);
  });

  it.each([
    '/srv/trips',
    '*',
    'file://host/trips',
    'gopher://mirror.example',
    'https://alice:s3cret@mirror.example/',
  ])('with %s is rejected by name, without the value', (entry) => {
    expect(() => listsOf({ SOURCE_ALLOW: `file:///srv/trips,${entry}` })).toThrow(
      expect.objectContaining({
        code: 'BAD_SETTING',
        message: expect.stringMatching(/^setting SOURCE_ALLOW: (?!.*s3cret)/) as string,
      }) as Error,
    );
  });
});

describe('the folders added to a local stack', () => {
  it('apply from the next check, once each, until they are removed', () => {
    const { sources, outputs } = listsOf({});
    const address = 'file:///home/someone/data';
    const check = () => sources.check(`${address}/a.zip`, 'source');
    expect(check).toThrow('is not allowed');
    addSourceFolder(place, address);
    addSourceFolder(place, address);
    expect(readAddedFolders(place.instanceDir)).toEqual([address]);
    expect(check().scheme).toBe('file');
    expect(() => outputs.check(`${address}/a.csv`, 'output')).toThrow('is not allowed');
    removeSourceFolder(place, address);
    expect(check).toThrow('is not allowed');
  });

  it.each(['', '{', '{"file:///":1}', '["https://evil.example", 7, "s3://any"]'])(
    'allow nothing by %j',
    (content) => {
      writeFileSync(addedFoldersFile(place.instanceDir), content);
      expect(readAddedFolders(place.instanceDir)).toEqual([]);
    },
  );
});
