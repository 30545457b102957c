/** Back to before the first start; what was installed stays. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stopInstance } from './instance.ts';
import type { Layout } from './stack-layout.ts';
import { withLock } from './lock.ts';
import { isOwnFolder, outsideFolder } from './postgres-home.ts';

/** @returns what was wiped. */
export async function resetInstance(layout: Layout): Promise<string[]> {
  return withLock(
    layout.lock,
    () => undefined,
    async () => {
      await stopInstance(layout);
      const outside = outsideFolder(layout);
      const targets = [
        ...[layout.data, layout.logs, path.join(layout.instance, 'inference')],
        ...[
          layout.state,
          layout.desiredServices,
          layout.environment,
          layout.sourceFolders,
          layout.credentials,
        ],
        ...(isOwnFolder(outside) ? [outside] : []),
      ].filter((target) => existsSync(target));
      // Passwords last: while there are data, they are needed.
      for (const target of targets) rmSync(target, { recursive: true, force: true });
      return targets;
    },
  ).finally(() => removeIfEmpty(layout.instance));
}

/** The folder of an offset holds nothing but what was wiped. */
function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
