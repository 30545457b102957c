import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { EXAMPLE_HOUR } from '../../contracts/hour-to-predict.ts';
import type { ForecastResult } from '../../contracts/workflows/forecast.ts';
import type { IngestResult } from '../../contracts/workflows/ingest.ts';
import type { LifecycleResult } from '../../contracts/workflows/lifecycle.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { addSourceFolder } from '../../stack/source-folders.ts';
import { chooseDemoData, type DemoData } from '../demo-data.ts';
import { readDemoForecast } from '../demo-forecast.ts';
import { forecastLines, summaryLines } from '../demo-summary.ts';
import { follow } from '../follow.ts';
import { failureMessage, startAudited } from '../start.ts';
import { writeSample } from '../write-sample.ts';
import { up } from './up.ts';
import { print } from '../print.ts';
import { DEFAULT_SYSTEM } from '../../contracts/systems.ts';
import { listSystems } from '../system-option.ts';

const run = promisify(execFile);

interface DemoOptions {
  readonly data?: string;
}

/** `citibike demo [--data FOLDER]`, which `make demo DATA=FOLDER` calls. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Starts everything, runs a whole lifecycle and shows the result.')
    .option(
      '--data <folder>',
      'folder with trip archives or hourly parquet, and weather CSVs (or the variable DATA)',
    )
    .action(async (options: DemoOptions) => demo(options.data ?? (process.env['DATA'] || undefined)));
}

async function demo(dataFolder: string | undefined): Promise<void> {
  const startedAt = Date.now();
  const before = loadSettings();
  const data = await chooseDemoData({
    folder: dataFolder,
    tripsSource: before.sources.trips,
    systems: await listSystems(),
    model: before.modelName,
    sampleFolder: path.join(before.stackDir, 'sample'),
  });
  say(`data: ${data.description}`);
  await up({});
  const settings = loadSettings();
  await sampleIfWanted(data);
  const folder = data.lifecycle.source?.trips;
  if (folder) addSourceFolder(settings, folder);
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const also = data.alsoIngest
      ? {
          system: data.alsoIngest.system,
          result: await runToEnd<IngestResult>(client, settings, 'ingest', data.alsoIngest),
        }
      : undefined;
    const workflowId = `demo-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    const result = await runToEnd<LifecycleResult>(client, settings, 'lifecycle', data.lifecycle, workflowId);
    const call = await predictionCall(settings);
    const ahead = await runToEnd<ForecastResult>(client, settings, 'forecast', {
      system: data.lifecycle.system,
      model: result.training.model,
      wait: false,
    });
    if (ahead.version === null) throw new CitibikeError('MODEL_NOT_FOUND', ahead.reason);
    const forecast = await readDemoForecast(settings, ahead);
    const seconds = (Date.now() - startedAt) / 1000;
    say('');
    const outcome = {
      description: data.description,
      result,
      workflowId,
      call,
      seconds,
      also,
    };
    for (const line of [...summaryLines(outcome, settings), ...forecastLines(ahead, forecast)]) say(line);
  } finally {
    await connection.close();
  }
}

async function sampleIfWanted(data: DemoData): Promise<void> {
  if (!data.sampleFolder || existsSync(path.join(data.sampleFolder, 'SYNTHETIC.json'))) return;
  say(`writing the synthetic system to ${data.sampleFolder}`);
  await writeSample({
    out: data.sampleFolder,
    system: DEFAULT_SYSTEM,
    from: data.lifecycle.train.from,
    to: data.lifecycle.test.to,
  });
}

async function runToEnd<T>(
  client: Client,
  settings: Settings,
  type: string,
  input: unknown,
  id?: string,
): Promise<T> {
  const handle = await startAudited(client, settings, 'citibike demo', type, input, id);
  say(`\n${type} (workflow id ${handle.workflowId})`);
  try {
    return await follow<T>(client, handle);
  } catch (error) {
    throw new CitibikeError(
      'UPSTREAM_REFUSED',
      `${type} ${handle.workflowId} failed: ${failureMessage(error)}`,
      {},
      { cause: error },
    );
  }
}

/** Runs the first call that a new user would type, and returns it with its answer. */
async function predictionCall(settings: Settings): Promise<{ command: string; answer: string }> {
  const url = `http://localhost:${settings.ports.inference}/predict_trip`;
  const body = JSON.stringify({ input_data: [EXAMPLE_HOUR] });
  const command = `curl -s ${url} -H 'content-type: application/json' -d '${body}'`;
  try {
    const { stdout } = await run('curl', [
      '-sS',
      '--max-time',
      '10',
      url,
      '-H',
      'content-type: application/json',
      '-d',
      body,
    ]);
    return { command, answer: stdout.trim() };
  } catch (error) {
    throw new CitibikeError(
      'UPSTREAM_UNAVAILABLE',
      `the prediction service did not answer at ${url}: ${messageOf(error)}`,
    );
  }
}

function say(line: string): void {
  print(`${line}\n`);
}
