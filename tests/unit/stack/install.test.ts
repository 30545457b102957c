import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installBinary, isPinned } from '../../../stack/install/binary.ts';
import { isNewEnough } from '../../../stack/install/python.ts';
import { run } from '../../../stack/install/run-command.ts';
import { TEMPORAL, VERSITYGW } from '../../../stack/versions.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-install-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

function fakeBinary(file: string, prints: string, exitCode = 0): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\ncat <<'TEXT'\n${prints}\nTEXT\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
  return file;
}

// These are the outputs of --version of the two releases.
const TEMPORAL_RELEASE = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';
const VERSITYGW_RELEASE = 'Version  : v1.8.0\nBuild    : 0123abc\nBuildTime: 2026-01-01';

test('binaries of the pinned version are accepted, also one that Go built', async () => {
  const temporal = path.join(folder, 'temporal');
  expect(await isPinned(fakeBinary(temporal, TEMPORAL_RELEASE), TEMPORAL)).toBe(true);
  const built = 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)';
  expect(await isPinned(fakeBinary(temporal, built), TEMPORAL)).toBe(true);
  expect(await isPinned(fakeBinary(path.join(folder, 'versitygw'), VERSITYGW_RELEASE), VERSITYGW)).toBe(true);
});

test('a binary of another version, or that does not run, is rejected', async () => {
  const file = path.join(folder, 'temporal');
  expect(await isPinned(file, TEMPORAL)).toBe(false);
  expect(await isPinned(fakeBinary(file, TEMPORAL_RELEASE.replace('1.29.1', '1.30.0')), TEMPORAL)).toBe(
    false,
  );
  expect(await isPinned(fakeBinary(file, TEMPORAL_RELEASE, 1), TEMPORAL)).toBe(false);
});

test('a binary on PATH of the right version is used', async () => {
  const onPath = fakeBinary(path.join(folder, 'path', 'temporal'), TEMPORAL_RELEASE);
  vi.stubEnv('PATH', `${path.dirname(onPath)}:${process.env['PATH']}`);
  await expect(installBinary(TEMPORAL, path.join(folder, 'bin'), () => undefined)).resolves.toBe(onPath);
});

test('an impossible installation fails with the attempts and what to do, and leaves no files', async () => {
  vi.stubEnv('PATH', folder);
  vi.stubGlobal('fetch', () =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('no route') })),
  );
  const bin = path.join(folder, 'bin');
  await expect(installBinary(VERSITYGW, bin, () => undefined)).rejects.toThrow(
    /cannot install versitygw 1\.8\.0: download of \S+\/checksums\.txt failed \(no route\); Go is not installed to build it\. Let this machine reach/,
  );
  expect(readdirSync(bin)).toEqual([]);
});

test('MLflow needs Python 3.11', () => {
  expect(['3.9.2', '3.10.14', '3.11.0', '3.14.1', '4.0.0', ''].map(isNewEnough)).toEqual([
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});

test('a command that hangs is ended after its time-out', async () => {
  const { code } = await run('/bin/sh', ['-c', 'exec sleep 60'], { timeoutMs: 100 });
  expect(code).toBeUndefined();
});
