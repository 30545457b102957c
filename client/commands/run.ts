import { Command, Option } from 'commander';
import { readYaml } from '../../adapters/yaml/read-yaml.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { StartableContract } from '../../contracts/workflow-contract.ts';
import type { ForecastResult } from '../../contracts/workflows/forecast.ts';
import { STARTABLE_WORKFLOWS } from '../../contracts/workflows/index.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { loadSettings } from '../../settings.ts';
import { assertSourceRead } from '../assert-source-read.ts';
import { consoleUrl, askConsole } from '../console-api.ts';
import { follow } from '../follow.ts';
import { inputHelp } from '../input-help.ts';
import { labelledLines, type LabelledText } from '../labelled-lines.ts';
import { outcomeRows } from '../outcome-rows.ts';
import { print, printNote } from '../print.ts';
import { failureMessage, startAudited } from '../start.ts';
import type { MonthSpan } from '../../contracts/months.ts';

interface RunOptions {
  readonly input?: string;
  /** Texts of --json; an empty one asks for the result as JSON. */
  readonly json?: readonly string[];
  readonly id?: string;
  readonly detach?: boolean;
  readonly fromSearch?: string;
}

interface TrainingFromSearch {
  readonly trial: number;
  readonly rmse: number | null;
  readonly input: { readonly train: MonthSpan; readonly test: MonthSpan };
}

/** `citibike run training --input inputs/nyc.yaml` */
export function runCommand(): Command {
  const command = new Command('run')
    .description('start a workflow and follow it to its end')
    .addHelpText(
      'after',
      '\nExample:\n  citibike run lifecycle --input inputs/nyc.yaml --json \'{"seed": 7}\'',
    );
  for (const workflow of STARTABLE_WORKFLOWS.values()) command.addCommand(workflowCommand(workflow));
  return command;
}

function workflowCommand(workflow: StartableContract): Command {
  const command = new Command(workflow.name)
    .description(workflow.description)
    // The preset of --json is no value that people type.
    .configureHelp({ optionDescription: ({ description }) => description })
    .option('--input <file>', 'input as YAML or JSON; a file may have one section per workflow')
    .addOption(
      new Option(
        '--json [text]',
        'with a text: input as JSON, whose fields replace those of --input; without: print the result as JSON',
      )
        .preset('')
        .argParser((text, before: readonly string[] = []) => [...before, text]),
    )
    .option('--id <id>', 'workflow id; default: the workflow and the time')
    .option('--detach', 'start the workflow and return at once')
    .addHelpText('after', () => inputHelp(workflow))
    .action((options: RunOptions) => run(workflow.name, options));
  if (workflow.name === 'training')
    command.option(
      '--from-search <id>',
      "months, features and best hyper-parameters of a search, by workflow id or MLflow run; or a trial's by its MLflow run",
    );
  return command;
}

async function run(type: string, { json = [], ...options }: RunOptions): Promise<void> {
  const texts = json.filter((text) => text !== '').map(inputFromText);
  const input: Input = {
    ...(await inputFromSearch(options.fromSearch)),
    ...(await inputFromFile(type, options.input)),
    ...(Object.assign({}, ...texts) as Input),
  };
  const isJson = json.includes('');
  const settings = loadSettings();
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const startedAt = Date.now();
    const handle = await startAudited(client, settings, 'citibike run', type, input, options.id);
    const { workflowId } = handle;
    const page = consoleUrl(settings, `/runs/${encodeURIComponent(workflowId)}`).href;
    // The output is one JSON document, so everything else goes to stderr.
    (isJson ? printNote : print)(`${type} started: workflow id ${workflowId}\n`);
    if (options.detach) {
      print(isJson ? `${JSON.stringify({ workflowId }, null, 2)}\n` : `look at ${page}\n`);
      return;
    }
    const result = await follow<unknown>(client, handle, isJson ? process.stderr : process.stdout).catch(
      (error: unknown) => {
        throw new CitibikeError(
          'UPSTREAM_REFUSED',
          `${type} ${workflowId} failed: ${failureMessage(error)}. Its steps: ${page}`,
          {},
          { cause: error },
        );
      },
    );
    const rows: LabelledText[] = [
      ...outcomeRows(type, result, input),
      ['console', page],
      ['time', `${((Date.now() - startedAt) / 1000).toFixed(0)} s`],
    ];
    print(isJson ? `${JSON.stringify(result, null, 2)}\n` : `\n${labelledLines(rows).join('\n')}\n`);
    if (type === 'forecast') assertSourceRead(input['source'], result as ForecastResult);
  } finally {
    await connection.close();
  }
}

type Input = Record<string, unknown>;

/** Returns the input of a training. Its fields come before those of --input and --json, which replace them. */
async function inputFromSearch(id: string | undefined): Promise<Input> {
  if (id === undefined) return {};
  const { trial, rmse, input } = await askConsole<TrainingFromSearch>(
    `/api/searches/${encodeURIComponent(id)}/training-input`,
  );
  const { train, test } = input;
  printNote(
    `hyper-parameters of trial ${trial}${rmse === null ? '' : `, RMSE ${rmse.toFixed(1)} on hidden weeks`}; ` +
      `train ${train.from}..${train.to}, test ${test.from}..${test.to} unless --json replaces them\n`,
  );
  return { ...input };
}

async function inputFromFile(type: string, file: string | undefined): Promise<Input> {
  if (file === undefined) return {};
  const { content } = await readYaml(file, 'the input');
  if (!isRecord(content)) throw new CitibikeError('INVALID_INPUT', `the input ${file} holds no fields`);
  const section = content[type];
  const sectioned = Object.keys(content).every((key) => STARTABLE_WORKFLOWS.has(key));
  if (!sectioned) return content;
  if (!isRecord(section))
    throw new CitibikeError('INVALID_INPUT', `the input ${file} has no section ${type}`);
  return section;
}

function inputFromText(text: string): Input {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (error) {
    throw new CitibikeError('INVALID_INPUT', `--json is not JSON: ${messageOf(error)}`);
  }
  throw new CitibikeError('INVALID_INPUT', '--json must be one JSON object');
}

function isRecord(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
