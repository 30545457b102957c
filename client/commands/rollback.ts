import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import type { RollbackRequest } from '../../contracts/approval.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { changeChampion } from '../change-champion.ts';
import { print } from '../print.ts';

interface RollbackOptions {
  readonly to?: string;
  readonly reason?: string;
}

/** `citibike rollback`, `citibike rollback citibike-trips --to 3 --reason "callers complain"` */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .description(
      'Ends a running canary or shadow of the model. Without one, rolls the champion back to the previous version.',
    )
    .argument('[model]', 'registered model; default: the setting MODEL_NAME')
    .option('--to <version>', 'version number to roll back to')
    .option('--reason <text>', "reason, added to the versions' descriptions")
    .action(async (model: string | undefined, options: RollbackOptions) => rollback(model, options));
}

async function rollback(named: string | undefined, { to, reason }: RollbackOptions): Promise<void> {
  const settings = loadSettings();
  const model = named ?? settings.modelName;
  const why = reason === undefined ? {} : { reason };
  const { client, connection } = await connectClient(settings.temporal);
  try {
    if (to === undefined) {
      const ended = await endCanary(client, settings, { model, ...why });
      if (ended !== undefined) {
        print(
          `ended the canary or shadow of version ${ended} of ${model}; the champion still serves. Run the command again to roll the champion back.\n`,
        );
        return;
      }
    }
    await changeChampion(client, settings, 'rollback', { model, ...why, version: to });
  } finally {
    await connection.close();
  }
}

/**
 * Ends the canary or shadow of the model.
 * @returns its version; undefined if none is running.
 */
async function endCanary(
  client: Client,
  settings: Settings,
  request: Omit<RollbackRequest, 'by'> & { readonly model: string },
): Promise<string | undefined> {
  for (const workflowId of await runsWithCanary(client, request.model)) {
    try {
      const handle = client.workflow.getHandle(workflowId);
      const { version } = await auditedCommand(
        settings,
        { action: 'citibike rollback', target: workflowId, detail: request },
        ({ name }) =>
          handle.executeUpdate<{ version: string }, [RollbackRequest]>('rollback', {
            args: [{ ...request, by: name }],
          }),
      );
      return version;
    } catch (error) {
      // The canary ended after the listing, or belongs to another model.
      if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError))
        throw error;
    }
  }
  return undefined;
}

/** Returns the promotion of the model and the deployments of any model whose canary or shadow is running. */
async function runsWithCanary(client: Client, model: string): Promise<string[]> {
  const ids: string[] = [];
  // Runs of earlier versions call the stage 'trial'.
  const query = `ExecutionStatus = 'Running' AND CitibikeStage IN ('canary', 'shadow', 'trial') AND (WorkflowId = 'promotion-${model}' OR WorkflowType = 'deployment')`;
  for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
  return ids;
}
