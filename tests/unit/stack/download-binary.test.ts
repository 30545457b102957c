import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installBinary } from '../../../stack/install/binary.ts';
import { verifyingEnvironment } from '../../../stack/install/build-binary.ts';
import { fetchFile } from '../../../stack/install/fetch-url.ts';
import { readTarEntry } from '../../../stack/install/tar-entry.ts';
import { TEMPORAL, VERSITYGW } from '../../../stack/versions.ts';
import {
  releasedBy,
  sha256Of,
  startReleaseServer,
  tarOf,
  type ReleaseServer,
} from '../../fixtures/release-server.ts';

let folder: string;
let bin: string;
let server: ReleaseServer;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'citibike-download-'));
  bin = path.join(folder, 'bin');
  server = await startReleaseServer();
  // Hides Go, so that only the download can install the binary.
  vi.stubEnv('PATH', path.join(folder, 'empty'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Creates a binary that reports the pinned version and leaves a file behind when it runs. */
function binaryThatMarks(marker: string): string {
  return `#!/bin/sh\n: > '${marker}'\necho 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)'\n`;
}

const marker = (): string => path.join(folder, 'it-ran');
const publish = (archive: Buffer, digest = sha256Of(archive)): void => {
  server.files.set('/archive.tar.gz', archive);
  server.files.set('/checksums.txt', `${'0'.repeat(64)}  other.tar.gz\n${digest}  archive.tar.gz\n`);
};
const released = () => tarOf([{ name: 'temporal', content: binaryThatMarks(marker()) }]);
const installTemporal = (sha256: Record<string, string> = {}) =>
  installBinary({ ...releasedBy(server, TEMPORAL), sha256 }, bin, () => undefined);

test('every pinned release is fetched over https', () => {
  for (const { release } of [TEMPORAL, VERSITYGW]) expect(release).toMatch(/^https:\/\/github\.com\//);
});

test('an archive that matches its published checksum is installed, and recorded', async () => {
  publish(released());
  await expect(installTemporal()).resolves.toBe(path.join(bin, 'temporal'));
  expect(existsSync(marker())).toBe(true);
  expect(JSON.parse(readFileSync(path.join(bin, 'temporal.json'), 'utf8'))).toEqual({
    version: '1.5.1',
    sha256: sha256Of(Buffer.from(binaryThatMarks(marker()))),
  });
});

test('a tampered archive is neither unpacked nor run', async () => {
  publish(released(), sha256Of(tarOf([{ name: 'temporal', content: 'as published' }])));
  await expect(installTemporal()).rejects.toThrow(
    /archive\.tar\.gz has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}/,
  );
  expect(existsSync(marker())).toBe(false);
  expect(readdirSync(bin)).toEqual([]);
});

test('an archive and a checksum file that were both replaced do not pass a pinned hash', async () => {
  publish(released());
  await expect(installTemporal({ 'archive.tar.gz': 'a'.repeat(64) })).rejects.toThrow(/is pinned/);
  expect(existsSync(marker())).toBe(false);
});

test('a pinned hash is enough where the publisher has no checksum file', async () => {
  const archive = released();
  server.files.set('/archive.tar.gz', archive);
  await installTemporal({ 'archive.tar.gz': sha256Of(archive) });
  expect(existsSync(marker())).toBe(true);
});

test('without any checksum the archive is not even downloaded', async () => {
  server.files.set('/archive.tar.gz', released());
  await expect(installTemporal()).rejects.toThrow(/has no checksum of archive\.tar\.gz and none is pinned/);
  expect(server.requests).toEqual(['/checksums.txt']);
});

test('an installed binary that changed since is not run, and is installed again', async () => {
  publish(released());
  const installed = await installTemporal();
  rmSync(marker());
  const tampered = path.join(folder, 'tampered-ran');
  writeFileSync(installed, binaryThatMarks(tampered), { mode: 0o755 });
  await expect(installTemporal()).resolves.toBe(installed);
  expect(existsSync(tampered)).toBe(false);
  expect(readFileSync(installed, 'utf8')).toBe(binaryThatMarks(marker()));
});

test('a binary in place without a record is not run', async () => {
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'temporal'), binaryThatMarks(marker()), { mode: 0o755 });
  await expect(installTemporal()).rejects.toThrow(/cannot install temporal/);
  expect(existsSync(marker())).toBe(false);
});

test('a redirect to plain http is not followed, and a file is bounded', async () => {
  server.files.set('/moved', `${server.address}/checksums.txt`);
  server.files.set('/checksums.txt', 'x'.repeat(100));
  await expect(fetchFile(`${server.address}/moved`, 1000)).rejects.toThrow(/only https is followed/);
  await expect(fetchFile(`${server.address}/checksums.txt`, 99)).rejects.toThrow(/larger than the 99 bytes/);
  expect((await fetchFile(`${server.address}/checksums.txt`, 100))?.length).toBe(100);
});

test('one regular file is taken out of an archive, by its base name', async () => {
  const archive = tarOf([
    { name: '../../temporal', type: '2', linkTo: '/etc/passwd' },
    { name: 'temporal', type: '5' },
    { name: 'notes/LICENSE', content: 'x'.repeat(600) },
    { name: '../../etc/temporal', content: 'the binary' },
  ]);
  expect((await readTarEntry(archive, 'temporal')).toString()).toBe('the binary');
  await expect(readTarEntry(archive, 'versitygw')).rejects.toThrow('contains no file versitygw');
  await expect(readTarEntry(archive.subarray(0, 60), 'temporal')).rejects.toThrow();
});

test('Go verifies modules whatever the machine sets, and reaches them as it says', () => {
  const env = verifyingEnvironment({ GOPROXY: 'https://mirror.example', GOSUMDB: 'off' });
  expect(env).toMatchObject({
    GOPROXY: 'https://mirror.example',
    GOSUMDB: 'sum.golang.org',
    GOENV: 'off',
    GOFLAGS: '',
    GONOSUMDB: '',
    GOPRIVATE: '',
    GOINSECURE: '',
  });
  expect(verifyingEnvironment({ GOSUMDB: 'sum.golang.google.cn' })['GOSUMDB']).toBe('sum.golang.google.cn');
});
