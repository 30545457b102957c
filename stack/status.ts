/** Reports which services run, from the state file and the process table. */
import type { Settings } from '../settings.ts';
import { UNKNOWN_CREDENTIALS } from './environment.ts';
import { asStarted, orphansOf, readState, runningSupervisor } from './instance.ts';
import { readJson } from './json-file.ts';
import { layoutOf } from './stack-layout.ts';
import { SERVICE_NAMES, type ServiceName } from './service.ts';
import { createService } from './services/all.ts';
import { allProcesses, memoryOf, withDescendants, type ProcessInfo } from './process-table.ts';
import { isRunning } from './processes.ts';
import type { DesiredServices, ServicePhase, ServiceState } from './state.ts';

export interface ServiceStatus {
  readonly name: ServiceName;
  /** `lost`: the process is gone and no supervisor restarts it. `off`: the service is not wanted. */
  readonly state: ServicePhase | 'lost' | 'off';
  readonly pid: number | null;
  readonly ports: readonly number[];
  readonly address: string | null;
  readonly uptimeSeconds: number | null;
  /** Memory of the process and its descendants. */
  readonly memoryBytes: number | null;
  readonly restarts: number;
  readonly note: string | null;
}

export interface StackStatus {
  /** True if every wanted service is ready and supervised. */
  readonly ok: boolean;
  readonly summary: string;
  readonly supervisorPid: number | null;
  readonly logs: string;
  readonly services: readonly ServiceStatus[];
}

export function stackStatus(settings: Settings): StackStatus {
  const layout = layoutOf(settings);
  const state = readState(layout);
  const supervisor = runningSupervisor(state);
  const isDown = !supervisor && orphansOf(layout).length === 0;
  const desired = isDown ? undefined : readJson<DesiredServices>(layout.desiredServices);
  const processes = isDown ? [] : allProcesses();
  const services = SERVICE_NAMES.map((name): ServiceStatus => {
    const service =
      desired &&
      createService(name, {
        settings: asStarted(settings, state),
        layout,
        software: desired.software,
        credentials: UNKNOWN_CREDENTIALS,
      });
    const known = isDown ? undefined : state?.services[name];
    return {
      name,
      ...liveness(known, supervisor !== undefined, processes),
      ports: service?.ports.map(({ port }) => port) ?? [],
      address: known ? (service?.address ?? null) : null,
      restarts: known?.restarts ?? 0,
      note: known?.note ?? null,
    };
  });
  const ok = supervisor !== undefined && services.every(({ state: is }) => is === 'ready' || is === 'off');
  return { ok, summary: summarise(), supervisorPid: supervisor?.pid ?? null, logs: layout.logs, services };

  function summarise(): string {
    if (isDown) return "The stack is down. Start it with 'citibike up'.";
    if (!supervisor) return "The supervisor is gone and nothing is restarted. Run 'citibike up' to fix this.";
    const total = Math.round(memoryOf(withDescendants([supervisor.pid], processes)) / 1e6);
    return `Supervisor ${supervisor.pid}, ${total} MB with all services. Logs: ${layout.logs}`;
  }
}

function liveness(
  known: ServiceState | undefined,
  supervised: boolean,
  processes: readonly ProcessInfo[],
): Pick<ServiceStatus, 'state' | 'pid' | 'uptimeSeconds' | 'memoryBytes'> {
  const nothing = { pid: null, uptimeSeconds: null, memoryBytes: null };
  if (!known) return { state: 'off', ...nothing };
  if (!isRunning(known.process)) {
    // This also covers the time between the end of a process and the supervisor's report of it.
    const isLost = known.phase === 'ready' || !supervised;
    return { state: isLost ? 'lost' : known.phase, ...nothing };
  }
  const { pid } = known.process;
  return {
    state: known.phase,
    pid,
    uptimeSeconds: known.since ? Math.round((Date.now() - Date.parse(known.since)) / 1000) : null,
    memoryBytes: memoryOf(withDescendants([pid], processes)),
  };
}
