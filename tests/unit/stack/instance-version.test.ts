import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../../settings.ts';
import {
  assertCanOpen,
  isAtMost,
  productVersion,
  recordedVersion,
  recordVersion,
  serverVersions,
} from '../../../stack/instance-version.ts';
import { writeJson } from '../../../stack/json-file.ts';
import { layoutOf, type Layout } from '../../../stack/stack-layout.ts';

let layout: Layout;
beforeEach(
  () =>
    (layout = layoutOf(loadSettings({ STACK_DIR: mkdtempSync(path.join(tmpdir(), 'citibike-version-')) }))),
);
afterEach(() => rmSync(layout.instance, { recursive: true }));

test('an empty folder has no version, and data without a record are of 0.1.0', () => {
  expect(recordedVersion(layout)).toBeUndefined();
  mkdirSync(layout.data);
  expect(recordedVersion(layout)).toBe('0.1.0');
  recordVersion(layout);
  expect(recordedVersion(layout)).toBe(productVersion());
  expect(() => assertCanOpen(layout)).not.toThrow();
});

test('data of a newer version are rejected', () => {
  writeJson(layout.version, { product: '99.1.0' });
  expect(() => assertCanOpen(layout)).toThrow(/written by version "99\.1\.0".*downgrade is not possible/);
});

test('data of another major version of Postgres are rejected', () => {
  mkdirSync(path.join(layout.data, 'postgres'), { recursive: true });
  writeFileSync(path.join(layout.data, 'postgres', 'PG_VERSION'), '12\n');
  expect(() => assertCanOpen(layout)).toThrow(/of Postgres "12", expected/);
});

test('every server has a version', () => {
  for (const version of Object.values(serverVersions())) expect(version).toMatch(/^\d+/);
});

test.each([
  ['0.1.0', '0.2.0', true],
  ['0.2.0', '0.2.0', true],
  ['0.10.0', '0.2.0', false],
  ['1.0.0', '0.9.9', false],
  ['0.2.0-beta', '0.2.0', false],
  ['latest', '0.2.0', false],
])('%s is at most %s: %s', (version, limit, expected) => {
  expect(isAtMost(version, limit)).toBe(expected);
});
