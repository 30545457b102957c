/** Downloads a binary from its project's release. The archive is verified before it is unpacked. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import type { PinnedBinary, Platform } from '../versions.ts';
import { fetchFile } from './fetch-url.ts';
import { readTarEntry } from './tar-entry.ts';

const MAX_ARCHIVE_BYTES = 256 << 20;
const MAX_CHECKSUMS_BYTES = 1 << 20;

/**
 * Downloads the binary.
 * @returns its path in `folder`.
 * @throws Error if the archive cannot be fetched or verified.
 */
export async function downloadBinary(binary: PinnedBinary, folder: string): Promise<string> {
  const archive = binary.archive(thisPlatform());
  const address = `${binary.release}/${archive}`;
  const wanted = await expectedDigest(binary, archive);
  const content = await fetchFile(address, MAX_ARCHIVE_BYTES);
  if (!content) throw new Error(`download of ${address} failed (answered 404)`);
  const digest = createHash('sha256').update(content).digest('hex');
  if (digest !== wanted)
    throw new Error(
      `${address} has SHA-256 ${digest}, expected ${wanted}: it was changed during the download`,
    );
  const file = path.join(folder, binary.name);
  await writeFile(file, await readTarEntry(content, binary.name), { mode: 0o755 });
  return file;
}

/**
 * Compares the publisher's checksum with the pinned one if both exist. Without either, the download is
 * rejected.
 */
async function expectedDigest(binary: PinnedBinary, archive: string): Promise<string> {
  const address = `${binary.release}/checksums.txt`;
  const checksums = await fetchFile(address, MAX_CHECKSUMS_BYTES);
  const published = checksums && digestOf(archive, checksums.toString('utf8'));
  const pinned = binary.sha256[archive];
  if (published && pinned && published !== pinned)
    throw new Error(`${address} says ${published} for ${archive}, but ${pinned} is pinned`);
  const digest = pinned ?? published;
  if (!digest) throw new Error(`${address} has no checksum of ${archive} and none is pinned`);
  return digest;
}

/** Parses the format of sha256sum: digest, a space, a space or an asterisk, name. */
function digestOf(archive: string, checksums: string): string | undefined {
  for (const line of checksums.split('\n')) {
    const [, digest, name] = /^([0-9a-f]{64}) [ *](.+?)\r?$/i.exec(line) ?? [];
    if (name === archive) return digest!.toLowerCase();
  }
  return undefined;
}

export function thisPlatform(): Platform {
  const { platform: os, arch } = process;
  if ((os === 'linux' || os === 'darwin') && (arch === 'x64' || arch === 'arm64')) return { os, arch };
  throw new CitibikeError(
    'STACK',
    `the local stack runs on Linux and macOS, x64 and arm64; this is ${os} ${arch}. Use docker compose.`,
  );
}
