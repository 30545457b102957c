import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { askConsole } from '../console-api.ts';
import { lineageTree, type LineageFacts } from '../lineage-text.ts';
import { print } from '../print.ts';

/** Matches `models:/NAME@ALIAS` and `models:/NAME/VERSION`. */
const MODEL_URI = /^models:\/([^/@]+)(?:@([^/]+)|\/(\d+))$/;

interface LineageOptions {
  readonly down?: boolean;
  readonly depth: string;
  readonly json?: boolean;
}

/** `citibike lineage models:/citibike-trips@champion` */
export function lineageCommand(): Command {
  return new Command('lineage')
    .description(
      'Shows what an artifact or a model version was made from, back to the archives, or what was made from it.',
    )
    .argument('<uri>', 's3://..., models:/NAME@ALIAS or models:/NAME/VERSION')
    .option('--down', 'show what was made from it instead')
    .option('--depth <n>', 'maximum number of steps, 1 to 20', '12')
    .option('--json', 'print nodes and edges as JSON')
    .addHelpText('after', '\nExample:\n  citibike lineage models:/citibike-trips@champion')
    .action(async (uri: string, options: LineageOptions) => lineage(uri, options));
}

async function lineage(named: string, { down = false, depth, json = false }: LineageOptions): Promise<void> {
  const uri = await artifactOf(named);
  const direction = down ? 'down' : 'up';
  const facts = await askConsole<LineageFacts>('/api/artifacts/lineage', { uri, direction, depth });
  print(json ? `${JSON.stringify(facts, null, 2)}\n` : lineageTree(uri, facts, direction));
}

/** Returns the model folder that a version was registered from; returns other addresses unchanged. */
async function artifactOf(named: string): Promise<string> {
  const [, model, alias, version] = MODEL_URI.exec(named) ?? [];
  if (!model) return named;
  const [{ MlflowClient }, { loadSettings }] = await Promise.all([
    import('../../adapters/mlflow/mlflow-client.ts'),
    import('../../settings.ts'),
  ]);
  const mlflow = new MlflowClient(loadSettings().mlflow);
  const number = version ?? (await mlflow.getVersionByAlias(model, alias!)).version;
  const found = (await mlflow.searchVersions(model)).find((one) => one.version === number);
  const folder = found?.tags['citibike.model_folder'];
  if (folder) return folder;
  throw new CitibikeError(
    'MODEL_NOT_FOUND',
    `${named}: no such version, or this service did not register it; 'citibike models ${model}' lists the versions`,
  );
}
