/** Starts the stack: checks, installs, starts the supervisor and waits until everything is ready. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError } from '../contracts/errors.ts';
import { PROJECT_DIR, type Settings } from '../settings.ts';
import { recoverData } from './backup/replace-data.ts';
import { credentialsOf, INSTANCE_MARK, stackEnvironment, UNKNOWN_CREDENTIALS } from './environment.ts';
import { install } from './install/install.ts';
import { assertCanOpen, recordVersion } from './instance-version.ts';
import { orphansOf, readState, runningSupervisor, stopInstance, stopOrphans } from './instance.ts';
import { readJson, writeJson } from './json-file.ts';
import { layoutOf, type Layout } from './stack-layout.ts';
import { withLock } from './lock.ts';
import { lastLines, logFile, openLog } from './service-logs.ts';
import { SERVICE_NAMES, type Service, type ServiceName } from './service.ts';
import { createService } from './services/all.ts';
import type { Software } from './services/context.ts';
import { blockedPort, heldPorts, isFree, type UsedPort } from './ports.ts';
import { outsideFolder } from './postgres-home.ts';
import { keepFilesPrivate, repairPermissions } from './private-files.ts';
import { isRunning, recordOf, signal, type ProcessRecord } from './processes.ts';
import type { DesiredServices, ServiceState, StackState } from './state.ts';

export interface UpOptions {
  readonly without?: readonly ServiceName[];
  /** Called with progress of an installation. */
  readonly onInstall: (service: ServiceName, message: string) => void;
  readonly onState: (services: Readonly<Partial<Record<ServiceName, ServiceState>>>) => void;
  /** Called with a line for the user. */
  readonly onNote: (line: string) => void;
}

export interface UpResult {
  /** False if every wanted service already ran. */
  readonly started: boolean;
  readonly services: readonly Service[];
}

const POLL_MS = 100;
/** Runs the supervisor with the same entry as the command line. */
const SUPERVISOR_COMMAND = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), 'supervise'];

/**
 * Starts the stack, or adds missing services to a running one.
 * @throws CitibikeError STACK with the service, its last lines and what to do. Everything that was started is stopped.
 */
export async function startStack(settings: Settings, options: UpOptions): Promise<UpResult> {
  keepFilesPrivate();
  const layout = layoutOf(settings);
  const wanted = wantedServices(options.without ?? []);
  const waiting = ({ pid }: ProcessRecord) =>
    options.onNote(`waiting for another citibike command, pid ${pid}`);
  return withLock(layout.lock, waiting, async () => {
    const state = readState(layout);
    const supervisor = runningSupervisor(state);
    if (state && supervisor) return addToRunning(settings, layout, state, supervisor, wanted, options);
    if (orphansOf(layout).length > 0) {
      options.onNote('the supervisor is gone but services of the stack still run; stopping them first');
      await stopOrphans(layout);
    }
    if (recoverData(layout)) options.onNote('a restore was interrupted; the data from before it are back');
    assertCanOpen(layout);
    await checkPorts(servicesOf(settings, layout, wanted, UNKNOWN_SOFTWARE));
    repairPermissions(layout);
    const software = await install(layout, options.onInstall);
    const services = servicesOf(settings, layout, wanted, software);
    writeJson(layout.environment, stackEnvironment(settings, credentialsOf(layout)));
    writeJson(layout.desiredServices, { services: wanted, software } satisfies DesiredServices);
    recordVersion(layout);
    await launchSupervisor(layout, options);
    if (existsSync(outsideFolder(layout)))
      options.onNote(
        `Postgres runs as another user, who cannot reach this folder; its data are in ${outsideFolder(layout)}`,
      );
    return { started: true, services };
  });
}

function wantedServices(without: readonly ServiceName[]): ServiceName[] {
  return SERVICE_NAMES.filter((name) => !without.includes(name));
}

/** Suffices to ask services for their ports before anything is installed. */
const UNKNOWN_SOFTWARE: Software = { temporal: '', versitygw: '', mlflow: '' };

function servicesOf(
  settings: Settings,
  layout: Layout,
  names: readonly ServiceName[],
  software: Software,
): Service[] {
  const credentials = credentialsOf(layout);
  const services = names.map((name) => createService(name, { settings, layout, software, credentials }));
  for (const service of services) {
    const missing = service.needs.filter((need) => !names.includes(need));
    if (missing.length > 0)
      throw new CitibikeError(
        'INVALID_INPUT',
        `${service.name} needs ${missing.join(' and ')}; leave out both or neither`,
      );
  }
  return services;
}

/** Lists every port of the whole stack, with the service and the setting that changes it. */
export function portsOf(settings: Settings): { title: string; port: number; setting: string }[] {
  const layout = layoutOf(settings);
  const context = { settings, layout, software: UNKNOWN_SOFTWARE, credentials: UNKNOWN_CREDENTIALS };
  return portsOfServices(SERVICE_NAMES.map((name) => createService(name, context)));
}

function portsOfServices(services: readonly Service[]): UsedPort[] {
  return services.flatMap(({ title, ports }) => ports.map((use) => ({ title, ...use })));
}

async function checkPorts(services: readonly Service[]): Promise<void> {
  const ports = portsOfServices(services);
  const blocked = ports.flatMap((use) => blockedPort(use) ?? []);
  if (blocked.length > 0) throw new CitibikeError('BAD_SETTING', blocked.join('; '));
  const taken = await Promise.all(ports.map(async (use) => ((await isFree(use.port)) ? [] : [use])));
  if (taken.flat().length > 0) throw heldPorts(taken.flat());
}

async function launchSupervisor(layout: Layout, options: UpOptions): Promise<void> {
  const file = logFile(layout.logs, 'supervisor');
  const { descriptor, offset } = openLog(file);
  const child = spawn(process.execPath, SUPERVISOR_COMMAND, {
    cwd: PROJECT_DIR,
    env: { ...process.env, [INSTANCE_MARK]: path.resolve(layout.instance) },
    // The child has its own session, so that closing the terminal does not end it.
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
  });
  closeSync(descriptor);
  child.unref();
  const record = child.pid === undefined ? undefined : recordOf(child.pid);
  if (!record) throw new CitibikeError('STACK', `the supervisor could not be started, see ${file}`);
  const interrupted = (): void => {
    options.onNote('interrupted: stopping what was started');
    void stopInstance(layout).then(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    await untilUp(layout, record, options, () => {
      const words = lastLines(file, offset, 5).join('\n    ');
      return `the supervisor ended before the stack was up. Its last lines:\n    ${words}\n  Full log: ${file}`;
    });
  } catch (error) {
    await stopInstance(layout);
    throw error;
  } finally {
    process.removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted);
  }
}

async function untilUp(
  layout: Layout,
  supervisor: ProcessRecord,
  options: UpOptions,
  whyItEnded: () => string,
): Promise<void> {
  for (;;) {
    const alive = isRunning(supervisor);
    const state = readState(layout);
    // Until the supervisor writes the file, it describes an earlier stack.
    const current = state?.supervisor.identity === supervisor.identity ? state : undefined;
    if (current) options.onState(current.services);
    if (current?.phase === 'up') return;
    if (current?.phase === 'failed') throw new CitibikeError('STACK', current.failure ?? whyItEnded());
    if (!alive) throw new CitibikeError('STACK', whyItEnded());
    await sleep(POLL_MS);
  }
}

/** Starts missing services of a running stack. */
async function addToRunning(
  settings: Settings,
  layout: Layout,
  state: StackState,
  supervisor: ProcessRecord,
  wanted: readonly ServiceName[],
  options: UpOptions,
): Promise<UpResult> {
  if (!readJson<Record<string, string>>(layout.environment)?.['DATABASE_OWNER_URL'])
    throw new CitibikeError(
      'STACK',
      "the running stack was started by an earlier version, whose database has one role; run 'citibike down', then 'citibike up'",
    );
  const moved = Object.entries(settings.ports).filter(
    ([service, port]) => (state.ports[service] ?? port) !== port,
  );
  if (moved.length > 0) {
    const changes = moved.map(([service, port]) => `${service} from ${state.ports[service]} to ${port}`);
    throw new CitibikeError(
      'STACK',
      `the stack runs on other ports than the settings say (${changes.join(', ')}); stop it first with 'citibike down'`,
    );
  }
  const desired = readJson<DesiredServices>(layout.desiredServices);
  if (!desired)
    throw new CitibikeError(
      'STACK',
      `${layout.desiredServices} is missing; run 'citibike down', then 'citibike up'`,
    );
  const all = SERVICE_NAMES.filter((name) => wanted.includes(name) || desired.services.includes(name));
  const isUp = (name: ServiceName, now: StackState | undefined): boolean =>
    now?.services[name]?.phase === 'ready';
  const services = servicesOf(settings, layout, all, desired.software);
  if (state.phase === 'up' && all.every((name) => isUp(name, state))) return { started: false, services };
  const missing = services.filter(({ name }) => !state.services[name]?.process);
  if (state.phase === 'up') {
    await checkPorts(missing);
    writeJson(layout.desiredServices, { ...desired, services: all } satisfies DesiredServices);
    signal(supervisor.pid, 'SIGHUP');
  }
  for (let asked = false; ; asked = true) {
    await sleep(POLL_MS * 3);
    const now = readState(layout);
    if (now) options.onState(now.services);
    if (all.every((name) => isUp(name, now))) return { started: true, services };
    const failed = asked && all.find((name) => now?.services[name]?.phase === 'failed');
    if (failed)
      throw new CitibikeError('STACK', now?.services[failed]?.note ?? `${failed} could not be started`);
    if (!isRunning(supervisor))
      throw new CitibikeError('STACK', now?.failure ?? 'the supervisor ended meanwhile; try again');
  }
}
