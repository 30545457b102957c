/** Installs the missing software of the local stack in parallel. Only one installer runs at a time on this machine. */
import path from 'node:path';
import type { Layout } from '../stack-layout.ts';
import { withLock } from '../lock.ts';
import type { ServiceName } from '../service.ts';
import type { Software } from '../services/context.ts';
import { TEMPORAL, VERSITYGW } from '../versions.ts';
import { installBinary } from './binary.ts';
import { installMlflow } from './mlflow.ts';

/**
 * Installs everything.
 * @param report receives the progress of a service.
 * @throws CitibikeError STACK of the first installation that failed.
 */
export async function install(
  layout: Layout,
  report: (service: ServiceName, message: string) => void,
): Promise<Software> {
  const lock = path.join(layout.bin, '.lock');
  const waiting = ({ pid }: { pid: number }) =>
    report('temporal', `waiting for another installation, pid ${pid}`);
  return withLock(lock, waiting, async () => {
    const installations = await Promise.allSettled([
      installBinary(TEMPORAL, layout.bin, (message) => report('temporal', message)),
      installBinary(VERSITYGW, layout.bin, (message) => report('s3', message)),
      installMlflow(layout.mlflow, (message) => report('mlflow', message)),
    ]);
    const [temporal, versitygw, mlflow] = installations;
    if (temporal.status === 'rejected') throw temporal.reason;
    if (versitygw.status === 'rejected') throw versitygw.reason;
    if (mlflow.status === 'rejected') throw mlflow.reason;
    return { temporal: temporal.value, versitygw: versitygw.value, mlflow: layout.mlflow };
  });
}
