/** Lists the trainings of the accuracy bench. Each is a separate process, measured from outside. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Value } from 'typebox/value';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { StoredFeatureSet } from '../../../contracts/stored-names.ts';
import type { MonthSpan } from '../../../contracts/months.ts';
import type { BenchContext } from '../harness/bench.ts';
import { measure, type Measurement } from '../harness/measure.ts';
import type { BenchData } from './bench-data.ts';
import type { Forecast, ForecastSpec } from './train-and-score.ts';

const FORECAST = path.join(import.meta.dirname, 'train-and-score.ts');

/** Sets the distance between seeds. A training uses one seed per network, counted from its own. */
const SEEDS = [42, 1042, 2042, 3042, 4042] as const;

export interface ForecastJob {
  readonly name: string;
  readonly seed: number;
  readonly featureSet: StoredFeatureSet;
  readonly change: Partial<HyperParameters>;
  readonly foldNetworks?: number;
}

export interface Jobs {
  readonly all: readonly ForecastJob[];
  /** The default with three seeds, the product's first. */
  readonly defaults: readonly ForecastJob[];
  /** Covers feature set `basic` with five seeds, without growth of the inputs. */
  readonly seedSet: readonly ForecastJob[];
  /** The default with one change each. */
  readonly changed: readonly ForecastJob[];
}

export function forecastJobs(): Jobs {
  const job = (name: string, seed: number, more: Partial<ForecastJob> = {}): ForecastJob => ({
    ...{ name, seed, featureSet: 'demand', change: {} },
    ...more,
  });
  const defaults = SEEDS.slice(0, 3).map((seed) => job(`default, seed ${seed}`, seed));
  const seedSet = SEEDS.map((seed) =>
    job(`feature set basic, seed ${seed}`, seed, { featureSet: 'seed', change: { growth: false } }),
  );
  const changed = [
    job('without growth', SEEDS[0], { change: { growth: false } }),
    job('without weight decay', SEEDS[0], { change: { weightDecay: 0 } }),
    job('squares', SEEDS[0], { change: { loss: 'squares' } }),
    job('Huber', SEEDS[0], { change: { loss: 'huber' } }),
    job('one network', SEEDS[0], { change: { networks: 1 }, foldNetworks: 1 }),
  ];
  return { all: [...defaults, ...changed, ...seedSet], defaults, seedSet, changed };
}

export interface Measured extends Measurement {
  readonly forecast: Forecast;
}

export async function runForecast(
  context: BenchContext,
  { job, data, train, test }: { job: ForecastJob; data: BenchData; train: MonthSpan; test: MonthSpan },
): Promise<Measured> {
  const { name, seed, featureSet, change, foldNetworks } = job;
  const spec: ForecastSpec = {
    ...{ data, test, span: train, featureSet, seed },
    hyperParameters: { ...Value.Create(HyperParameters), ...change },
    foldNetworks,
  };
  const file = (ending: string) => path.join(context.dir, `${name.replaceAll(/\W+/g, '-')}.${ending}.json`);
  writeFileSync(file('spec'), JSON.stringify(spec));
  const measurement = await measure(context.python, [
    process.execPath,
    FORECAST,
    file('spec'),
    file('forecast'),
  ]);
  const forecast = JSON.parse(readFileSync(file('forecast'), 'utf8')) as Forecast;
  context.log(
    `  ${name}: RMSE ${forecast.test.rmse.toFixed(1)}, ${measurement.cpuSeconds.toFixed(0)} s of CPU`,
  );
  return { ...measurement, forecast };
}
