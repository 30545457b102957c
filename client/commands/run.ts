import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { StartableContract } from '../../contracts/workflow-contract.ts';
import type { BacktestResult } from '../../contracts/workflows/backtest.ts';
import { STARTABLE_WORKFLOWS } from '../../contracts/workflows/index.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { loadSettings } from '../../settings.ts';
import { backtestTable } from '../backtest-table.ts';
import { follow } from '../follow.ts';
import { inputHelp } from '../input-help.ts';
import { print } from '../print.ts';
import { failureMessage, startAudited } from '../start.ts';

interface RunOptions {
  readonly input?: string;
  readonly json?: string;
  readonly id?: string;
  readonly detach?: boolean;
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
  return new Command(workflow.name)
    .description(workflow.description)
    .option('--input <file>', 'input as YAML or JSON; a file may have one section per workflow')
    .option('--json <text>', 'input as JSON text; its fields replace those of --input')
    .option('--id <id>', 'workflow id; default: the workflow and the time')
    .option('--detach', 'start the workflow and return at once')
    .addHelpText('after', () => inputHelp(workflow))
    .action((options: RunOptions) => run(workflow.name, options));
}

async function run(type: string, options: RunOptions): Promise<void> {
  const input = { ...(await inputFromFile(type, options.input)), ...inputFromText(options.json) };
  const settings = loadSettings();
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const handle = await startAudited(client, settings, 'citibike run', type, input, options.id);
    print(`${type} started: workflow id ${handle.workflowId}\n`);
    if (options.detach) return;
    try {
      const result = await follow<unknown>(client, handle);
      if (type === 'backtest') print(`${backtestTable(result as BacktestResult)}\n`);
      print(`${JSON.stringify(result, null, 2)}\n`);
    } catch (error) {
      throw new CitibikeError(
        'UPSTREAM_REFUSED',
        `${type} ${handle.workflowId} failed: ${failureMessage(error)}`,
        {},
        { cause: error },
      );
    }
  } finally {
    await connection.close();
  }
}

async function inputFromFile(type: string, file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  let content: unknown;
  try {
    content = parseYaml(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CitibikeError('INVALID_INPUT', `cannot read the input ${file}: ${messageOf(error)}`);
  }
  if (!isRecord(content)) throw new CitibikeError('INVALID_INPUT', `the input ${file} holds no fields`);
  const section = content[type];
  const sectioned = Object.keys(content).every((key) => STARTABLE_WORKFLOWS.has(key));
  if (!sectioned) return content;
  if (!isRecord(section))
    throw new CitibikeError('INVALID_INPUT', `the input ${file} has no section ${type}`);
  return section;
}

function inputFromText(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (error) {
    throw new CitibikeError('INVALID_INPUT', `--json is not JSON: ${messageOf(error)}`);
  }
  throw new CitibikeError('INVALID_INPUT', '--json must be one JSON object');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
