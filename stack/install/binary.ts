/** Installs a server that is one binary: from PATH, from its release, or built by Go. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { PinnedBinary, Platform } from '../versions.ts';
import { lastWords, run } from './run.ts';

export type Report = (message: string) => void;

/** Until the server answers; a machine without a way out should not wait long to learn it. */
const CONNECT_TIMEOUT_MS = 6_000;
/** Without a single byte. */
const STALL_TIMEOUT_MS = 30_000;

/**
 * @returns the path of a binary of the pinned version.
 * @throws CitibikeError STACK that says what was tried and what to do.
 */
export async function installBinary(binary: PinnedBinary, folder: string, report: Report): Promise<string> {
  const installed = path.join(folder, binary.name);
  if (await isPinned(installed, binary)) return installed;
  const onPath = await findOnPath(binary);
  if (onPath) {
    report(`${binary.version} found at ${onPath}`);
    return onPath;
  }
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(path.join(folder, `.${binary.name}-`));
  try {
    const reasons: string[] = [];
    for (const attempt of [download, build]) {
      try {
        const made = await attempt(binary, aside, report);
        if (!(await isPinned(made, binary)))
          throw new Error(`what came does not run here as version ${binary.version}`);
        await rename(made, installed);
        report(`${binary.version} installed`);
        return installed;
      } catch (error) {
        reasons.push(messageOf(error));
      }
    }
    throw new CitibikeError(
      'STACK',
      `cannot install ${binary.name} ${binary.version}: ${reasons.join('; ')}. ` +
        `Let this machine reach github.com, or install Go (https://go.dev/dl), or put a ${binary.name} ${binary.version} on PATH; or use docker compose.`,
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Whether a file runs here and is the pinned version, by what it prints or by the module version Go built into it. */
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

async function findOnPath(binary: PinnedBinary): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, binary.name);
    if (path.isAbsolute(folder) && (await isPinned(file, binary))) return file;
  }
  return undefined;
}

export function thisPlatform(): Platform {
  const { platform: os, arch } = process;
  if ((os === 'linux' || os === 'darwin') && (arch === 'x64' || arch === 'arm64')) return { os, arch };
  throw new CitibikeError(
    'STACK',
    `the embedded stack runs on Linux and macOS, x64 and arm64; this is ${os} ${arch}. Use docker compose.`,
  );
}

async function download(binary: PinnedBinary, aside: string, report: Report): Promise<string> {
  const address = binary.archive(thisPlatform());
  report(`downloading ${address}`);
  const archive = path.join(aside, 'archive.tar.gz');
  await fetchToFile(address, archive);
  const folder = path.join(aside, 'unpacked');
  await mkdir(folder);
  const unpacking = await run('tar', ['-xzf', archive, '-C', folder]);
  if (unpacking.code !== 0) throw new Error(`${address} could not be unpacked (${lastWords(unpacking)})`);
  const found = (await readdir(folder, { recursive: true })).find(
    (name) => path.basename(name) === binary.name,
  );
  if (!found) throw new Error(`${address} holds no ${binary.name}`);
  const file = path.join(folder, found);
  await chmod(file, 0o755);
  return file;
}

async function fetchToFile(address: string, file: string): Promise<void> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), CONNECT_TIMEOUT_MS);
  try {
    const answer = await fetch(address, { signal: controller.signal });
    if (!answer.ok || !answer.body) throw new Error(`answered ${answer.status}`);
    const watched = Readable.fromWeb(answer.body).on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), STALL_TIMEOUT_MS);
    });
    await pipeline(watched, createWriteStream(file));
  } catch (error) {
    const cause = error instanceof Error && error.cause ? messageOf(error.cause) : messageOf(error);
    throw new Error(`download failed (${controller.signal.aborted ? 'no answer' : cause})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function build(binary: PinnedBinary, aside: string, report: Report): Promise<string> {
  const version = await run('go', ['version']);
  if (version.code !== 0) throw new Error('no Go to build it with');
  report('the download is out of reach; building with go install, 2 to 5 minutes');
  const made = await run('go', ['install', `${binary.goPackage}@v${binary.version}`], {
    env: { ...process.env, GOBIN: aside, GOFLAGS: '' },
  });
  if (made.code !== 0) throw new Error(`go install failed (${lastWords(made)})`);
  return path.join(aside, binary.name);
}
