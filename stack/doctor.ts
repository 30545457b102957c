/** Checks what the local stack needs on this machine, and says how to fix each problem. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { PROJECT_DIR, unreadNames, type Settings } from '../settings.ts';
import { isInstalled } from './install/binary.ts';
import { thisPlatform } from './install/download-binary.ts';
import { isMlflowInstalled } from './install/mlflow.ts';
import { findPython, hasUv } from './install/python.ts';
import { run } from './install/run-command.ts';
import { orphansOf, readState, runningSupervisor } from './instance.ts';
import { layoutOf, type Layout } from './stack-layout.ts';
import { blockedPort, holderOf, isFree } from './ports.ts';
import { packagedPostgres } from './postgres-home.ts';
import { portsOf } from './up.ts';
import { PYTHON_MINIMUM, TEMPORAL, VERSITYGW, type PinnedBinary } from './versions.ts';

export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'missing';
  /** The state found, and how to fix it if it is not sufficient. */
  readonly text: string;
}

/** Sets the space for software, the data of a first demo, and temporary files. */
const DISK_NEEDED_BYTES = 3e9;
const REACH_MS = 4_000;

export async function diagnose(settings: Settings): Promise<Finding[]> {
  const layout = layoutOf(settings);
  const checks: Promise<Finding | Finding[]>[] = [
    checkPlatform(),
    checkNode(),
    checkPackages(),
    checkPostgres(),
    checkBinary(TEMPORAL, layout),
    checkBinary(VERSITYGW, layout),
    checkMlflow(layout),
    checkDisk(layout),
    checkSettings(),
    checkPorts(settings, layout),
  ];
  return (await Promise.all(checks)).flat();
}

async function checkPlatform(): Promise<Finding> {
  const subject = 'platform';
  try {
    const { os, arch } = thisPlatform();
    return { subject, state: 'ok', text: `${os} ${arch}` };
  } catch (error) {
    return { subject, state: 'missing', text: messageOf(error) };
  }
}

/** Reports this process, because the command line has already found a suitable Node. */
async function checkNode(): Promise<Finding> {
  return { subject: 'node', state: 'ok', text: `${process.version} at ${process.execPath}` };
}

async function checkPackages(): Promise<Finding> {
  // The worker's native core is an optional package for each platform; a copied node_modules lacks the right one.
  const subject = 'packages';
  try {
    await import('@temporalio/client');
    return { subject, state: 'ok', text: 'node_modules is installed' };
  } catch (error) {
    return { subject, state: 'missing', text: `${messageOf(error).split('\n')[0]}: run 'make setup'` };
  }
}

async function checkPostgres(): Promise<Finding> {
  const subject = 'postgres';
  try {
    const { code, output } = await run(`${packagedPostgres()}/bin/postgres`, ['--version']);
    if (code === 0) return { subject, state: 'ok', text: output.trim() };
    return {
      subject,
      state: 'missing',
      text: `its binary does not run on this machine (${output.trim()}); use docker compose`,
    };
  } catch (error) {
    return { subject, state: 'missing', text: messageOf(error) };
  }
}

async function checkBinary(binary: PinnedBinary, layout: Layout): Promise<Finding> {
  const subject = binary.name;
  if (await isInstalled(`${layout.bin}/${binary.name}`, binary))
    return { subject, state: 'ok', text: `${binary.version} installed` };
  const address = `${binary.release}/${binary.archive(thisPlatform())}`;
  if (await reaches(address))
    return { subject, state: 'ok', text: `${binary.version} will be downloaded by 'citibike up'` };
  const go = await run('go', ['version']);
  if (go.code === 0)
    return {
      subject,
      state: 'ok',
      text: `${binary.version} will be built by 'citibike up' (${go.output.trim()})`,
    };
  return {
    subject,
    state: 'missing',
    text: `${new URL(address).host} does not answer, and Go is not installed to build it. Let this machine reach it, install Go (https://go.dev/dl), or put ${binary.name} ${binary.version} on PATH`,
  };
}

async function reaches(address: string): Promise<boolean> {
  try {
    return (
      await fetch(address, { method: 'HEAD', redirect: 'follow', signal: AbortSignal.timeout(REACH_MS) })
    ).ok;
  } catch {
    return false;
  }
}

async function checkMlflow(layout: Layout): Promise<Finding> {
  const subject = 'mlflow';
  if (isMlflowInstalled(layout.mlflow)) return { subject, state: 'ok', text: 'installed' };
  const [python, uv] = await Promise.all([findPython(), hasUv()]);
  const wanted = PYTHON_MINIMUM.join('.');
  if (python && (python.hasVenv || uv))
    return {
      subject,
      state: 'ok',
      text: `will be installed by 'citibike up' with Python ${python.version}`,
    };
  if (uv) return { subject, state: 'warning', text: `no Python ${wanted} or newer; uv will download one` };
  const text = python
    ? `Python ${python.version} has no venv module: apt install python3-venv, or install uv (https://docs.astral.sh/uv)`
    : `no Python ${wanted} or newer on PATH: install one, or uv (https://docs.astral.sh/uv)`;
  return { subject, state: 'missing', text };
}

async function checkDisk(layout: Layout): Promise<Finding> {
  const folder = existsSync(layout.instance) ? layout.instance : process.cwd();
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free`;
  if (free >= DISK_NEEDED_BYTES) return { subject: 'disk', state: 'ok', text };
  return {
    subject: 'disk',
    state: 'warning',
    text: `${text} in ${folder}, expected 3 GB or more; free some space`,
  };
}

/** The values were checked when they were read; this finds names that were not. */
async function checkSettings(): Promise<Finding> {
  const subject = 'settings';
  const names = unreadNames(PROJECT_DIR);
  if (names.length === 0) return { subject, state: 'ok', text: 'valid' };
  return {
    subject,
    state: 'warning',
    text: `nothing reads ${names.join(', ')} in .env; .env.example lists every setting`,
  };
}

async function checkPorts(settings: Settings, layout: Layout): Promise<Finding[]> {
  const subject = 'ports';
  if (runningSupervisor(readState(layout)))
    return [{ subject, state: 'ok', text: 'held by the running stack' }];
  if (orphansOf(layout).length > 0)
    return [
      {
        subject,
        state: 'warning',
        text: "services run without a supervisor; run 'citibike up' or 'citibike down' to fix this",
      },
    ];
  const uses = portsOf(settings);
  const blocked = uses.flatMap((use): Finding | [] => {
    const text = blockedPort(use);
    return text ? { subject: `port ${use.port}`, state: 'missing', text } : [];
  });
  const taken = await Promise.all(uses.map(async (use) => ((await isFree(use.port)) ? [] : [use])));
  const findings = taken.flat().map(({ port, setting }): Finding => ({
    subject: `port ${port}`,
    state: 'missing',
    text: `held by ${holderOf(port)}; stop it, or set ${setting} or PORT_OFFSET`,
  }));
  const numbers = uses.map(({ port }) => port).join(', ');
  const problems = [...blocked, ...findings];
  return problems.length > 0 ? problems : [{ subject, state: 'ok', text: `${numbers} are free` }];
}

/**
 * Throws if a finding is `missing`.
 * @throws CitibikeError STACK that names what is missing.
 */
export function assertHealthy(findings: readonly Finding[]): void {
  const missing = findings.filter(({ state }) => state === 'missing');
  if (missing.length > 0)
    throw new CitibikeError('STACK', `missing: ${missing.map(({ subject }) => subject).join(', ')}`);
}
