import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { readYaml } from '../../../adapters/yaml/read-yaml.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'yaml-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(text: string | Uint8Array) {
  const file = path.join(folder, 'rules.yaml');
  await writeFile(file, text);
  return readYaml(file, 'rules');
}

const TEN = Array.from({ length: 10 });
/** Nine short lines that stand for a hundred million texts. */
const BOMB = TEN.map((_, i) => `a${i}: &a${i} [${TEN.map(() => (i === 0 ? 'text' : `*a${i - 1}`)).join()}]`);

it.each([
  ['text in another encoding', Buffer.from('name: Montréal', 'latin1'), /expected UTF-8/],
  ['more than 64 kB', `name: ${'x'.repeat(64_000)}`, /got 64006 bytes, expected at most 64000/],
  ['aliases that multiply the content', BOMB.join('\n'), /resource exhaustion/],
  ['a few aliases of a large value', `a: &a ${'x'.repeat(30_000)}\nb: [*a, *a]`, /aliases resolved/],
  ['an alias inside its own anchor', 'a: &a\n  b: *a\n', /alias inside its own anchor/],
  ['an unknown tag', 'name: !person Ada\n', /Unresolved tag: !person at line 1/],
  ['two values of one key', 'name: a\nname: b\n', /Map keys must be unique at line 2/],
  ['no YAML', 'name: [', /at line 1/],
])('rejects %s, and names the file', async (_what, text, reason) => {
  const reading = read(text);
  await expect(reading).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(reading).rejects.toThrow(/^rules in .*rules\.yaml cannot be read: /);
  await expect(reading).rejects.toThrow(reason);
});

test('finds the line of a field, or of the nearest one around it', async () => {
  const { content, lineOf } = await read('\uFEFFname: a # first\ntrips:\n  layouts:\n    - b\n    - c: 1\n');
  expect(content).toEqual({ name: 'a', trips: { layouts: ['b', { c: 1 }] } });
  const fields = [
    'name',
    'trips',
    'trips.layouts.1.c',
    'trips.layouts.1.missing',
    'trips.missing',
    'missing',
  ];
  expect(fields.map(lineOf)).toEqual([1, 2, 5, 5, 2, undefined]);
});
