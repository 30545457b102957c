import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AllowList } from '../../../adapters/sources/allow-list.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import {
  describeSource,
  listSourceEntries,
  readTextFromSource,
  writeToSource,
} from '../../../adapters/sources/source.ts';

const access = { objects: undefined as unknown as ObjectStore };
let dir: string;
let inside: string;
let outside: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'allowed-'));
  [inside, outside] = [path.join(dir, 'inside'), path.join(dir, 'outside')];
  mkdirSync(inside);
  mkdirSync(outside);
  writeFileSync(path.join(inside, 'own.csv'), 'own');
  writeFileSync(path.join(outside, 'secret.csv'), 'secret');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const href = (...parts: string[]) => pathToFileURL(path.join(...parts)).href;
const check = (address: string) =>
  new AllowList({ entries: () => [href(inside)], setting: 'SOURCE_ALLOW', expected: 'SOURCE_ALLOW' }).check(
    address,
    'input',
  );
const read = (address: string) => readTextFromSource(check(address), access);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
  );

describe('a file of an allowed folder', () => {
  it('is read, also by a link within the folder, and by a link to the folder', async () => {
    symlinkSync('own.csv', path.join(inside, 'link.csv'));
    symlinkSync(inside, path.join(dir, 'alias'));
    expect(await read(href(inside, 'own.csv'))).toBe('own');
    expect(await read(href(inside, 'link.csv'))).toBe('own');
    const list = new AllowList({ entries: () => [href(dir, 'alias')], setting: 's', expected: 'e' });
    expect(await readTextFromSource(list.check(href(dir, 'alias', 'own.csv'), 'input'), access)).toBe('own');
  });

  it('that does not exist is named', async () => {
    expect(await failureOf(read(href(inside, 'gone.csv')))).toMatch(
      /^SOURCE_NOT_FOUND .*gone.csv does not exist/,
    );
    expect(await describeSource(check(href(inside, 'gone.csv')), access)).toBeUndefined();
  });

  it('that is a pipe does not block', async () => {
    execFileSync('mkfifo', [path.join(inside, 'pipe.csv')]);
    expect(await failureOf(read(href(inside, 'pipe.csv')))).toMatch(/^SOURCE_NOT_FOUND .*not a regular file/);
  });

  it('is written, and replaced', async () => {
    writeFileSync(path.join(dir, 'made.csv'), 'made');
    writeFileSync(path.join(inside, 'out.csv'), 'something longer');
    await writeToSource(check(href(inside, 'out.csv')), path.join(dir, 'made.csv'), access.objects);
    expect(readFileSync(path.join(inside, 'out.csv'), 'utf8')).toBe('made');
  });
});

describe('a link out of an allowed folder', () => {
  const links: [string, () => string][] = [
    ['a file', () => (symlinkSync(path.join(outside, 'secret.csv'), path.join(inside, 'l.csv')), 'l.csv')],
    [
      'a file by a relative link',
      () => (symlinkSync('../outside/secret.csv', path.join(inside, 'l.csv')), 'l.csv'),
    ],
    ['a folder', () => (symlinkSync(outside, path.join(inside, 'l')), 'l/secret.csv')],
    [
      'what is not there',
      () => (symlinkSync(path.join(outside, 'none.csv'), path.join(inside, 'l.csv')), 'l.csv'),
    ],
    ['a folder without such a file', () => (symlinkSync(outside, path.join(inside, 'l')), 'l/none.csv')],
    ['a folder without such a folder', () => (symlinkSync(outside, path.join(inside, 'l')), 'l/no/none.csv')],
    ['itself', () => (symlinkSync('l.csv', path.join(inside, 'l.csv')), 'l.csv')],
  ];

  it.each(links)(
    'to %s is rejected in the same words, whether or not something is there',
    async (_what, make) => {
      const name = make();
      const rejected = `SOURCE_NOT_ALLOWED input: ${href(inside, name).slice(0, 80)}`;
      expect(await failureOf(read(href(inside, name)))).toContain(rejected);
      expect(await failureOf(describeSource(check(href(inside, name)), access))).toContain(rejected);
    },
  );

  it('is listed by its name only', async () => {
    symlinkSync(path.join(outside, 'secret.csv'), path.join(inside, 'l.csv'));
    const entries = await listSourceEntries(check(href(inside)), [], access);
    expect(entries.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['l.csv', null],
      ['own.csv', 3],
    ]);
  });

  it('is not listed as a folder', async () => {
    symlinkSync(outside, path.join(inside, 'below'));
    const listed = listSourceEntries(check(href(inside, 'below')), [], access);
    expect(await failureOf(listed)).toMatch(/^SOURCE_NOT_ALLOWED/);
  });

  it('is not written through', async () => {
    writeFileSync(path.join(dir, 'made.csv'), 'made');
    symlinkSync(path.join(outside, 'secret.csv'), path.join(inside, 'out.csv'));
    symlinkSync(outside, path.join(inside, 'folder'));
    for (const name of ['out.csv', 'folder/new.csv']) {
      const written = writeToSource(check(href(inside, name)), path.join(dir, 'made.csv'), access.objects);
      expect(await failureOf(written)).toMatch(/^SOURCE_NOT_ALLOWED/);
    }
    expect(readFileSync(path.join(outside, 'secret.csv'), 'utf8')).toBe('secret');
  });

  it('that appears and disappears during the opening reveals nothing', async () => {
    const target = path.join(inside, 'swapped.csv');
    let done = false;
    const swap = (async () => {
      for (let i = 0; !done; i += 1) {
        rmSync(target, { force: true });
        if (i % 2) symlinkSync(path.join(outside, 'secret.csv'), target);
        else writeFileSync(target, 'own');
        await new Promise(setImmediate);
      }
    })();
    const seen = new Set<string>();
    for (let i = 0; i < 500; i += 1)
      seen.add(await read(href(target)).catch(({ code }: { code: string }) => code));
    done = true;
    await swap;
    expect([...seen]).not.toContain('secret');
    expect(
      [...seen].every((each) => ['own', '', 'SOURCE_NOT_ALLOWED', 'SOURCE_NOT_FOUND'].includes(each)),
    ).toBe(true);
  });
});
