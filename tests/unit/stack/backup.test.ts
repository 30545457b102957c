import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { extract, pack, type Headers } from 'tar-stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadSettings } from '../../../settings.ts';
import { newBackupFacts } from '../../../stack/backup/backup-facts.ts';
import { isSafeName } from '../../../stack/backup/entry-names.ts';
import { recoverData, replaceData } from '../../../stack/backup/replace-data.ts';
import { restoreData } from '../../../stack/backup/restore-data.ts';
import { assertBackupTarget, writeBackup } from '../../../stack/backup/write-backup.ts';
import { productVersion } from '../../../stack/instance-version.ts';
import { outsideFolder, postgresData } from '../../../stack/postgres-home.ts';
import { layoutOf } from '../../../stack/stack-layout.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-backup-'))));
afterEach(() => {
  // For root, Postgres' data are there, because its account cannot reach the folder.
  rmSync(outsideFolder(layoutIn('to')), { recursive: true, force: true });
  rmSync(folder, { recursive: true });
});

const layoutIn = (name: string) => layoutOf(loadSettings({ STACK_DIR: path.join(folder, name) }));
const archive = (): string => path.join(folder, 'backup.tar.zst');

/** Is bigger than one chunk of a stream. */
const OBJECT = Buffer.concat([randomBytes(300_000), Buffer.from('tripstrips'), randomBytes(1_000)]);
const MODIFIED = new Date('2025-03-01T12:00:00Z');

/** Writes data of the form that a stack has, with a folder that must stay although it is empty. */
function someData(name: string) {
  const layout = layoutIn(name);
  mkdirSync(path.join(layout.data, 's3', 'bucket'), { recursive: true });
  mkdirSync(path.join(layout.data, 'postgres', 'pg_notify'), { recursive: true });
  writeFileSync(path.join(layout.data, 's3', 'bucket', 'naïve object'), OBJECT);
  utimesSync(path.join(layout.data, 's3', 'bucket', 'naïve object'), MODIFIED, MODIFIED);
  writeFileSync(path.join(layout.data, 'temporal.db'), '');
  writeFileSync(layout.credentials, '{"postgresPassword":"p"}');
  mkdirSync(layout.logs);
  writeFileSync(path.join(layout.logs, 'worker.log'), 'not saved');
  return layout;
}

const restoreTo = (name: string, file = archive(), confirm = vi.fn(async () => undefined)) =>
  restoreData(layoutIn(name), file, { onWait: () => undefined, confirm });

test('a backup restores files, times and empty folders, and only its owner can read it', async () => {
  const from = someData('from');
  await writeBackup(from, archive());
  expect(statSync(archive()).mode & 0o777).toBe(0o600);
  const confirm = vi.fn(async () => undefined);
  await restoreTo('to', archive(), confirm);
  const to = layoutIn('to');
  const object = path.join(to.data, 's3', 'bucket', 'naïve object');
  expect(readFileSync(object).equals(OBJECT)).toBe(true);
  expect(statSync(object).mtime).toEqual(MODIFIED);
  expect(statSync(object).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(postgresData(to), 'pg_notify')).isDirectory()).toBe(true);
  expect(readFileSync(to.credentials, 'utf8')).toBe('{"postgresPassword":"p"}');
  expect(existsSync(to.logs)).toBe(false);
  expect(confirm).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ product: productVersion() }));
});

test('a restore replaces all data, and what was cancelled changes nothing', async () => {
  await writeBackup(someData('from'), archive());
  const to = someData('to');
  writeFileSync(path.join(to.data, 'newer'), 'newer');
  const cancel = vi.fn(async () => Promise.reject(new Error('no')));
  await expect(restoreTo('to', archive(), cancel)).rejects.toThrow('no');
  expect(existsSync(path.join(to.data, 'newer'))).toBe(true);
  await restoreTo('to');
  expect(existsSync(path.join(to.data, 'newer'))).toBe(false);
  expect(existsSync(path.join(to.instance, 'restoring'))).toBe(false);
  expect(existsSync(to.beforeRestore)).toBe(false);
});

test.each([
  ['truncated', (bytes: Buffer) => bytes.subarray(0, bytes.length - 200)],
  ['cut to a few bytes', (bytes: Buffer) => bytes.subarray(0, 40)],
  ['damaged', (bytes: Buffer) => flipped(bytes, bytes.length >> 1)],
  [
    'changed in one file',
    (bytes: Buffer) => recompressed(bytes, (tar) => flipped(tar, tar.indexOf('tripstrips'))),
  ],
  [
    'without its end',
    (bytes: Buffer) => recompressed(bytes, (tar) => tar.subarray(0, tar.indexOf('SHA256SUMS'))),
  ],
])('a file that is %s is rejected before anything is touched', async (_how, change) => {
  await writeBackup(someData('from'), archive());
  writeFileSync(archive(), change(readFileSync(archive())));
  const to = someData('to');
  writeFileSync(path.join(to.data, 'newer'), 'newer');
  const confirm = vi.fn(async () => undefined);
  await expect(restoreTo('to', archive(), confirm)).rejects.toThrow(/truncated|damaged/);
  expect(confirm).not.toHaveBeenCalled();
  expect(existsSync(path.join(to.data, 'newer'))).toBe(true);
  expect(existsSync(path.join(to.instance, 'restoring'))).toBe(false);
});

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
};
const recompressed = (bytes: Buffer, change: (tar: Buffer) => Buffer): Buffer =>
  zstdCompressSync(change(zstdDecompressSync(bytes)));

test('a file of another kind is rejected', async () => {
  writeFileSync(archive(), 'PK\u0003\u0004 a zip');
  await expect(restoreTo('to')).rejects.toThrow(/is not a backup/);
  await expect(restoreTo('to', path.join(folder, 'none'))).rejects.toThrow(/cannot be read.*ENOENT/);
  await expect(restoreTo('to', folder)).rejects.toThrow(/cannot be read.*EISDIR/);
});

/** Packs entries after facts that fit, as somebody who wants to write elsewhere would. */
async function forged(entries: readonly Headers[], facts: object = {}): Promise<void> {
  const tar = pack();
  tar.entry({ name: 'backup.json' }, JSON.stringify({ ...newBackupFacts(10, 1_000), ...facts }));
  tar.entry({ name: 'data', type: 'directory' });
  for (const header of entries)
    tar.entry(header, header.type === undefined || header.type === 'file' ? 'text' : '');
  tar.finalize();
  writeFileSync(archive(), zstdCompressSync(await buffer(tar)));
}

test.each<[string, Headers]>([
  ['a parent folder', { name: '../escaped' }],
  ['a parent folder further in', { name: 'data/../../escaped' }],
  ['an absolute path', { name: '/tmp/escaped' }],
  ['a path of Windows', { name: 'data\\..\\escaped' }],
  ['a file that no backup has', { name: 'bin/temporal' }],
  ['a symbolic link', { name: 'data/link', type: 'symlink', linkname: '/etc' }],
  ['a hard link', { name: 'data/link', type: 'link', linkname: '/etc/passwd' }],
  ['a device', { name: 'data/device', type: 'character-device' }],
])('an archive with %s is rejected', async (_what, header) => {
  await forged([header]);
  await expect(restoreTo('to')).rejects.toThrow(
    /outside the folder of the stack|expected only files and folders/,
  );
  expect(existsSync(path.join(folder, 'escaped'))).toBe(false);
  expect(existsSync(layoutIn('to').data)).toBe(false);
});

test.each([
  ['a newer version', { product: '99.0.0' }, /written by version "99\.0\.0".*downgrade/],
  ['a version that is none', { product: 'latest' }, /written by version "latest"/],
  ['another platform', { platform: 'plan9-mips' }, /written on "plan9-mips"/],
  [
    'another Postgres',
    { servers: { postgres: '9', temporal: '', versitygw: '', mlflow: '' } },
    /of Postgres "9"/,
  ],
  ['another format', { format: 'citibike-backup-7' }, /has the format "citibike-backup-7"/],
  ['more data than the disk holds', { bytes: 1e18 }, /free some space/],
  ['fewer entries than it has', { entries: 1 }, /more than the 1 entries/],
])('an archive of %s is rejected', async (_what, facts, message) => {
  await forged([{ name: 'data/file' }], facts);
  await expect(restoreTo('to')).rejects.toThrow(message);
});

test('an archive of another program is rejected', async () => {
  const tar = pack();
  tar.entry({ name: 'README' }, 'text');
  tar.finalize();
  writeFileSync(archive(), zstdCompressSync(await buffer(tar)));
  await expect(restoreTo('to')).rejects.toThrow(/begins with "README", expected backup\.json/);
});

test('the digests are in the form of sha256sum', async () => {
  await writeBackup(someData('from'), archive());
  const tar = extract();
  tar.end(zstdDecompressSync(readFileSync(archive())));
  const texts = new Map<string, string>();
  for await (const entry of tar) texts.set(entry.header.name, (await buffer(entry)).toString('utf8'));
  expect([...texts.keys()].at(0)).toBe('backup.json');
  expect([...texts.keys()].at(-1)).toBe('SHA256SUMS');
  expect(texts.get('SHA256SUMS')).toMatch(/^(?:[0-9a-f]{64} {2}[^\n]+\n)+$/);
});

test('a target that exists, has no folder, or lies in the data is rejected', () => {
  const layout = someData('from');
  writeFileSync(archive(), '');
  expect(() => assertBackupTarget(layout, archive())).toThrow(/exists already/);
  expect(() => assertBackupTarget(layout, path.join(folder, 'none', 'b'))).toThrow(/does not exist/);
  expect(() => assertBackupTarget(layout, path.join(layout.data, 's3', 'b'))).toThrow(/lies in the data/);
});

test('a backup that was aborted leaves no file', async () => {
  const layout = someData('from');
  await expect(writeBackup(layout, archive(), AbortSignal.abort())).rejects.toThrow(/abort/i);
  expect(existsSync(archive())).toBe(false);
  expect(existsSync(`${archive()}.${process.pid}.partial`)).toBe(false);
});

test('a backup deletes what a killed one left of the same file, and nothing else', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const others = ['.1.partial', '.2024', '.old.partial'].map((end) => `${archive()}${end}`);
  const left = `${archive()}.${pid}.partial`;
  for (const file of [left, ...others]) writeFileSync(file, 'half');
  await writeBackup(someData('from'), archive());
  expect(existsSync(left)).toBe(false);
  // Process 1 runs, and may be another backup.
  for (const file of others) expect(existsSync(file), file).toBe(true);
});

test('after an interrupted replacement the old data are back', () => {
  const layout = someData('to');
  const unpacked = path.join(layout.instance, 'restoring');
  // A file below a file cannot be moved into place.
  mkdirSync(path.join(unpacked, 'data'), { recursive: true });
  writeFileSync(path.join(unpacked, 'lock'), '');
  mkdirSync(path.join(layout.lock, 'occupied'), { recursive: true });
  expect(() => replaceData(layout, unpacked)).toThrow();
  expect(readFileSync(path.join(layout.data, 'temporal.db'), 'utf8')).toBe('');
  expect(existsSync(layout.credentials)).toBe(true);
  expect(recoverData(layout)).toBe(false);
});

test.each(['data/a', 'data/a b/naïve..x', 'a'])('the name %j is safe', (name) =>
  expect(isSafeName(name)).toBe(true),
);
test.each(['', '/a', 'a/', 'a//b', './a', 'a/..', 'a\\b', 'a\0b', 'a\nb'])(
  'the name %j is not safe',
  (name) => expect(isSafeName(name)).toBe(false),
);
