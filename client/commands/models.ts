import { Command } from 'commander';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { table } from '../table-text.ts';
import { print } from '../print.ts';

/** `citibike models`, `citibike models citibike-trips --json` */
export function modelsCommand(): Command {
  return new Command('models')
    .description(
      'Lists the versions of a registered model, newest first: aliases, stage, metrics and the decision on each.',
    )
    .argument('[name]', 'registered model; default: the setting MODEL_NAME')
    .option('--json', 'print one JSON array')
    .action(async (name: string | undefined, { json }: { json?: boolean }) => models(name, json ?? false));
}

async function models(named: string | undefined, json: boolean): Promise<void> {
  const settings = loadSettings();
  const name = named ?? settings.modelName;
  const versions = (await new MlflowClient(settings.mlflow).searchVersions(name)).reverse();
  if (versions.length === 0) {
    throw new CitibikeError(
      'MODEL_NOT_FOUND',
      `${name} has no versions at ${settings.mlflow.trackingUri}; create one with 'citibike run training'`,
    );
  }
  print(json ? `${JSON.stringify(versions.map(factsOf), null, 2)}\n` : table(HEADER, versions.map(rowOf)));
}

const HEADER = ['version', 'aliases', 'stage', 'validation', 'rmse', 'mae', 'r2', 'created', 'decision'];

function factsOf({ version, aliases, tags, description, createdAt, runId }: ModelVersion) {
  return {
    version,
    aliases,
    stage: tags['stage'] ?? null,
    validation_status: tags['validation_status'] ?? null,
    rmse: numberOf(tags['rmse']),
    mae: numberOf(tags['mae']),
    r2: numberOf(tags['r2']),
    created_at: new Date(createdAt).toISOString(),
    run_id: runId,
    verdict: description.split('**Verdict**: ')[1] ?? null,
  };
}

function rowOf(version: ModelVersion): string[] {
  const facts = factsOf(version);
  return [
    facts.version,
    facts.aliases.join(', '),
    facts.stage ?? '',
    facts.validation_status ?? '',
    version.tags['rmse'] ?? '',
    version.tags['mae'] ?? '',
    version.tags['r2'] ?? '',
    facts.created_at.slice(0, 16).replace('T', ' '),
    facts.verdict ?? '',
  ];
}

/** Parses a metric; `n/a` means that the metric was not a number. */
function numberOf(text: string | undefined): number | null {
  return text === undefined || !Number.isFinite(Number(text)) ? null : Number(text);
}
