/** Finds and stops the processes of an instance, by its state file and by the mark that its processes carry. */
import path from 'node:path';
import type { Settings } from '../settings.ts';
import { INSTANCE_MARK } from './environment.ts';
import { readJson } from './json-file.ts';
import type { Layout } from './stack-layout.ts';
import { hasEnded, isRunning, killGroup, signal, stopProcess, type ProcessRecord } from './processes.ts';
import { processesWithEnvironment } from './process-table.ts';
import type { StackState } from './state.ts';
import { STOP_MANNER, STOP_ORDER } from './stop-order.ts';

/** Is the sum of the grace periods of all tiers, with a margin. */
const SUPERVISOR_STOP_MS = 60_000;

/** Reads the state file. A stack that an earlier version started has its services under `parts`; `down` must stop it too. */
export function readState(layout: Layout): StackState | undefined {
  const state = readJson<StackState & { readonly parts?: StackState['services'] }>(layout.state);
  return state && { ...state, services: state.services ?? state.parts ?? {} };
}

/** Returns the settings with the ports that the stack was started on, which the shell of another command may not know. */
export function asStarted(settings: Settings, state: StackState | undefined): Settings {
  if (!state) return settings;
  const ports = { ...settings.ports, ...state.ports };
  return { ...settings, ports, inference: { ...settings.inference, port: ports.inference } };
}

/** Returns the supervisor if it is alive. */
export function runningSupervisor(state: StackState | undefined): ProcessRecord | undefined {
  return isRunning(state?.supervisor) ? state.supervisor : undefined;
}

/** Returns processes of this instance that run without a supervisor. */
export function orphansOf(layout: Layout): ProcessRecord[] {
  const recorded = Object.values(readState(layout)?.services ?? {}).map((service) => service.process);
  const marked = processesWithEnvironment(INSTANCE_MARK, path.resolve(layout.instance)).filter(
    ({ pid }) => pid !== process.pid,
  );
  const byPid = new Map<number, ProcessRecord>();
  for (const record of [...recorded.filter(isRunning), ...marked])
    byPid.set(record.pid, { pid: record.pid, identity: record.identity });
  return [...byPid.values()];
}

/**
 * Stops all processes of this instance, with or without a supervisor.
 * @returns whether any process ran.
 */
export async function stopInstance(layout: Layout): Promise<boolean> {
  const supervisor = runningSupervisor(readState(layout));
  if (supervisor) {
    signal(supervisor.pid, 'SIGTERM');
    if (!(await hasEnded(supervisor, SUPERVISOR_STOP_MS))) signal(supervisor.pid, 'SIGKILL');
  }
  const hadOrphans = await stopOrphans(layout);
  return supervisor !== undefined || hadOrphans;
}

/** Stops the known services in their order, and then all other processes with the mark. */
export async function stopOrphans(layout: Layout): Promise<boolean> {
  const orphans = orphansOf(layout);
  const services = readState(layout)?.services ?? {};
  for (const tier of STOP_ORDER) {
    await Promise.all(
      tier.map(async (name) => {
        const record = services[name]?.process;
        if (record) await stopProcess(record, STOP_MANNER[name]);
      }),
    );
  }
  for (const orphan of orphans.filter(isRunning)) signal(orphan.pid, 'SIGTERM');
  for (const orphan of orphans) {
    if (await hasEnded(orphan, 5_000)) continue;
    killGroup(orphan.pid);
    signal(orphan.pid, 'SIGKILL');
  }
  return orphans.length > 0;
}
