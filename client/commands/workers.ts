import type { Client } from '@temporalio/client';
import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import {
  deploymentNames,
  rampVersion,
  readDeployment,
  setCurrentVersion,
} from '../../adapters/temporal/worker-deployments.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { print } from '../print.ts';
import { workerVersionsText } from '../worker-versions-text.ts';

interface WorkersOptions {
  readonly deployment?: string;
  readonly json?: boolean;
  readonly unversioned?: boolean;
}

/** `citibike workers`, `citibike workers set-current 079f26753def`, `citibike workers ramp 079f26753def 10` */
export function workersCommand(): Command {
  const command = withDeployment(new Command('workers'))
    .description('Lists the builds of the workers: which start new runs, which drain, and what runs on them.')
    .option('--json', 'print the builds as JSON')
    .action(async (options: WorkersOptions) => list(options));
  withDeployment(command.command('set-current'))
    .description('Lets new runs start on a build, and moves runs that may wait for days to it.')
    .argument('[build-id]', 'build that becomes current')
    .option('--unversioned', 'let workers without WORKER_DEPLOYMENT start new runs instead')
    .action(async (buildId: string | undefined, options: WorkersOptions) => setCurrent(buildId, options));
  withDeployment(command.command('ramp'))
    .description('Lets a share of the new runs start on a build; 0 ends the ramp.')
    .argument('<build-id>', 'build that ramps')
    .argument('<percent>', 'share of the new runs, from 0 to 100', percentOf)
    .action(async (buildId: string, percent: number, options: WorkersOptions) =>
      ramp(buildId, percent, options),
    );
  return command;
}

function withDeployment(command: Command): Command {
  return command.option(
    '--deployment <name>',
    'worker deployment; default: the setting WORKER_DEPLOYMENT, or the only one in the namespace',
  );
}

async function list({ json = false, ...options }: WorkersOptions): Promise<void> {
  await onDeployment(options, async (client, name) => {
    const deployment = await readDeployment(client, name);
    print(json ? `${JSON.stringify(deployment, null, 2)}\n` : workerVersionsText(deployment));
  });
}

async function setCurrent(given: string | undefined, options: WorkersOptions): Promise<void> {
  if ((given === undefined) !== (options.unversioned ?? false)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      'set-current: expected a build id, or --unversioned without one; citibike workers lists the builds',
    );
  }
  const buildId = given ?? null;
  await onDeployment(options, async (client, name, settings) => {
    const action = 'citibike workers set-current';
    await auditedCommand(settings, { action, target: name, detail: { buildId } }, () =>
      setCurrentVersion(client, name, buildId),
    );
    print(workerVersionsText(await readDeployment(client, name)));
  });
}

async function ramp(buildId: string, percent: number, options: WorkersOptions): Promise<void> {
  await onDeployment(options, async (client, name, settings) => {
    const action = 'citibike workers ramp';
    await auditedCommand(settings, { action, target: name, detail: { buildId, percent } }, () =>
      rampVersion(client, name, buildId, percent),
    );
    print(workerVersionsText(await readDeployment(client, name)));
  });
}

async function onDeployment(
  { deployment }: WorkersOptions,
  work: (client: Client, name: string, settings: Settings) => Promise<void>,
): Promise<void> {
  const settings = loadSettings();
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const name = deployment ?? settings.workerDeployment?.name ?? onlyOne(await deploymentNames(client));
    await work(client, name, settings);
  } finally {
    await connection.close();
  }
}

/** Returns the only deployment of the namespace. */
export function onlyOne(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first !== undefined && others.length === 0) return first;
  throw new CitibikeError(
    'INVALID_INPUT',
    first === undefined
      ? 'no worker has registered a deployment; start a worker with WORKER_DEPLOYMENT=citibike'
      : `${names.length} deployments are registered; name one with --deployment: ${names.join(', ')}`,
  );
}

export function percentOf(text: string): number {
  const percent = Number(text);
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent;
  throw new CitibikeError(
    'INVALID_INPUT',
    `percent: got ${showValue(text)}, expected a number from 0 to 100`,
  );
}
