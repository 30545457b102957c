/** Runs work on the data of a stack that is stopped for it, and starts the same services again. */
import { CitibikeError } from '../contracts/errors.ts';
import { loadSettings } from '../settings.ts';
import { readJson } from '../stack/json-file.ts';
import { orphansOf, readState, runningSupervisor } from '../stack/instance.ts';
import { SERVICE_NAMES, type ServiceName } from '../stack/service.ts';
import { layoutOf, type Layout } from '../stack/stack-layout.ts';
import type { DesiredServices } from '../stack/state.ts';
import { up } from './commands/up.ts';
import { print, printNote } from './print.ts';

/** Returns the services that the running stack should run; undefined if it is down. */
export function runningServices(layout: Layout): readonly ServiceName[] | undefined {
  if (!runningSupervisor(readState(layout)) && orphansOf(layout).length === 0) return undefined;
  return readJson<DesiredServices>(layout.desiredServices)?.services ?? SERVICE_NAMES;
}

export const noteWaiting = ({ pid }: { readonly pid: number }): void =>
  print(`waiting for another citibike command, pid ${pid}\n`);

/**
 * Runs `work`, which stops the stack itself, and starts a stack that ran before, also after a failure. Ctrl-C aborts the work.
 * @throws what `work` throws; the failure of a start after it is printed.
 */
export async function restartedAfter<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const layout = layoutOf(loadSettings());
  const before = runningServices(layout);
  const abort = new AbortController();
  const interrupted = (): void => abort.abort(new CitibikeError('STACK', 'interrupted'));
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  let failed = true;
  try {
    const result = await work(abort.signal);
    failed = false;
    return result;
  } finally {
    process.removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted);
    // Work that was rejected or cancelled in time has not stopped anything.
    if (before && !runningSupervisor(readState(layout))) {
      const without = SERVICE_NAMES.filter((name) => !before.includes(name)).join(',');
      const start = up({ without });
      // The failure of the work is more important than that of the start.
      await (failed ? start.catch((error: unknown) => printNote(`error: ${String(error)}\n`)) : start);
    }
  }
}
