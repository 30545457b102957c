import { Command } from 'commander';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { changeChampion } from '../change-champion.ts';
import { confirm } from '../confirm.ts';
import { print } from '../print.ts';

interface PromoteOptions {
  readonly model?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

/** `citibike promote 4`, `citibike promote 4 --model citibike-trips --reason "fewer false alarms" --yes` */
export function promoteCommand(): Command {
  return new Command('promote')
    .description(
      'Makes a version champion by your decision, without a comparison: proves it on every live process, moves the alias and serves it.',
    )
    .argument('<version>', 'version number')
    .option('--model <name>', 'registered model; default: the setting MODEL_NAME')
    .option('--reason <text>', "reason, added to the versions' descriptions")
    .option('--yes', 'promote without asking')
    .action(async (version: string, options: PromoteOptions) => promote(version, options));
}

async function promote(
  version: string,
  { model: named, reason, yes = false }: PromoteOptions,
): Promise<void> {
  const settings = loadSettings();
  const model = named ?? settings.modelName;
  const versions = await new MlflowClient(settings.mlflow).searchVersions(model);
  const chosen = versions.find((one) => one.version === version);
  if (!chosen) {
    const known = versions.map((one) => one.version).join(', ');
    throw new CitibikeError(
      'MODEL_NOT_FOUND',
      `${model} has no version ${version}, expected one of ${known || 'none'}; 'citibike models ${model}' lists them`,
    );
  }
  const champion = versions.find(({ aliases }) => aliases.includes('champion'));
  if (champion?.version === version) {
    print(`version ${version} of ${model} is champion already\n`);
    return;
  }
  if (!yes) await confirm(questionOf(model, chosen, champion), `'citibike promote ${version} --yes'`);
  const { client, connection } = await connectClient(settings.temporal);
  try {
    await changeChampion(client, settings, 'promote', {
      model,
      version,
      ...(reason === undefined ? {} : { reason }),
    });
  } finally {
    await connection.close();
  }
}

function questionOf(model: string, chosen: ModelVersion, champion: ModelVersion | undefined): string {
  const place = champion ? ` in place of ${factsOf(champion)}` : '';
  return `Promote ${factsOf(chosen)} of ${model}${place}?`;
}

/** Names a version with what a person decides by. */
function factsOf({ version, tags }: ModelVersion): string {
  const facts = [tags['rmse'] && `RMSE ${tags['rmse']}`, tags['validation_status']].filter(Boolean);
  return `version ${version}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}
