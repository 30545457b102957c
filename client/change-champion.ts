/** Makes a version champion through the workflow `rollback`, which compares nothing, because a person has decided. */
import type { Client } from '@temporalio/client';
import { CitibikeError } from '../contracts/errors.ts';
import type { RollbackInput, RollbackResult } from '../contracts/workflows/rollback.ts';
import type { Settings } from '../settings.ts';
import { follow } from './follow.ts';
import { print } from './print.ts';
import { failureMessage, startAudited } from './start.ts';

/** @param command name of the command, which begins the id of the run and names the action in the audit. */
export async function changeChampion(
  client: Client,
  settings: Settings,
  command: 'promote' | 'rollback',
  input: RollbackInput & { readonly model: string },
): Promise<void> {
  const id = `${command}-${input.model}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  const handle = await startAudited(client, settings, `citibike ${command}`, 'rollback', input, id);
  const result = await follow<RollbackResult>(client, handle).catch((error: unknown) => {
    throw new CitibikeError('UPSTREAM_REFUSED', failureMessage(error), {}, { cause: error });
  });
  const servedBy =
    result.servedBy.length > 0 ? `served by ${result.servedBy.join(', ')}` : 'no process serves it yet';
  print(`version ${result.version} of ${input.model} is champion, ${servedBy}\n`);
}
