/**
 * Installs a server that is a single binary: from PATH, from its release, or built with Go. Only verified
 * files are run.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { PinnedBinary } from '../versions.ts';
import { buildBinary } from './build-binary.ts';
import { downloadBinary } from './download-binary.ts';
import { matchesStamp, writeStamp } from './install-stamp.ts';
import { run } from './run-command.ts';

export type Report = (message: string) => void;

/**
 * Installs the binary if needed.
 * @returns the path of a binary of the pinned version.
 * @throws CitibikeError STACK that says what was tried and what to do.
 */
export async function installBinary(binary: PinnedBinary, folder: string, report: Report): Promise<string> {
  const installed = path.join(folder, binary.name);
  if (await isInstalled(installed, binary)) return installed;
  if (existsSync(installed))
    report(`${installed} differs from the installed ${binary.version}; reinstalling`);
  const onPath = await findOnPath(binary);
  if (onPath) {
    report(`${binary.version} found at ${onPath}`);
    return onPath;
  }
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(path.join(folder, `.${binary.name}-`));
  try {
    const made = await make(binary, aside, report);
    await rename(made, installed);
    await writeStamp(installed, binary);
    report(`${binary.version} installed`);
    return installed;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Checks that an installed file is unchanged and runs on this machine. */
export async function isInstalled(file: string, binary: PinnedBinary): Promise<boolean> {
  return (await matchesStamp(file, binary)) && (await isPinned(file, binary));
}

async function make(binary: PinnedBinary, aside: string, report: Report): Promise<string> {
  const reasons: string[] = [];
  const attempt = async (
    how: (binary: PinnedBinary, folder: string) => Promise<string>,
  ): Promise<string | undefined> => {
    try {
      const made = await how(binary, aside);
      if (await isPinned(made, binary)) return made;
      reasons.push(`the installed file does not run on this machine as version ${binary.version}`);
    } catch (error) {
      reasons.push(messageOf(error));
    }
    return undefined;
  };
  report(`downloading ${binary.version} from ${binary.release}`);
  const downloaded = await attempt(downloadBinary);
  if (downloaded) return downloaded;
  report(`${reasons[0]}; building with go install, 2 to 5 minutes`);
  const built = await attempt(buildBinary);
  if (built) return built;
  throw new CitibikeError(
    'STACK',
    `cannot install ${binary.name} ${binary.version}: ${reasons.join('; ')}. ` +
      `Let this machine reach github.com, or install Go (https://go.dev/dl), or put a ${binary.name} ${binary.version} on PATH; or use docker compose.`,
  );
}

/**
 * Checks that a file runs on this machine and is the pinned version, by its output or by the module version
 * that Go built into it. Call it only for a verified file or one from PATH, because it runs the file.
 */
export async function isPinned(file: string, binary: PinnedBinary): Promise<boolean> {
  if (!existsSync(file)) return false;
  const { code, output } = await run(file, ['--version'], { timeoutMs: 20_000 });
  if (code !== 0) return false;
  return binary.printed.test(output) || (await holdsModuleVersion(file, binary));
}

async function holdsModuleVersion(file: string, { goPackage, version }: PinnedBinary): Promise<boolean> {
  const module = goPackage.split('/').slice(0, 3).join('/');
  const wanted = Buffer.from(`mod\t${module}\tv${version}\t`);
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 4 << 20 })) {
    const window = Buffer.concat([tail, chunk as Buffer]);
    if (window.includes(wanted)) return true;
    tail = window.subarray(-wanted.length);
  }
  return false;
}

/** A binary on PATH is the user's own choice and needs no verification. */
async function findOnPath(binary: PinnedBinary): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, binary.name);
    if (path.isAbsolute(folder) && (await isPinned(file, binary))) return file;
  }
  return undefined;
}
