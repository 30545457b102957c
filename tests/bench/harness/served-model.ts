/** Writes a model of the default's size with random weights, as a folder for the peers and as the service's last good model. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MODEL_FILES, type ModelSpec } from '../../../contracts/model.ts';
import { WEATHER_INPUTS, byColumn } from '../../../contracts/weather-columns.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { featureSetOf } from '../../../core/features/feature-row.ts';
import { writeLayersModel } from '../../../core/serving/layers-format.ts';
import { loadServingModel } from '../../../core/serving/serving-model.ts';
import { digestOfFiles } from '../../../inference/loaded-model.ts';
import { LastGoodModel } from '../../../inference/last-good-model.ts';
import { randomNetwork } from '../../unit/serving/tiny-network.ts';

export const MODEL = 'citibike-trips';
const [MEMBERS, HIDDEN, HEADS] = [5, 64, 3] as const;

/** Returns the files of a version; another seed gives another network with other answers. */
export function servedModelFiles(seed: number): Record<string, Uint8Array> {
  const { features } = featureSetOf('demand', FORMER_PLACE);
  const { topology, weights } = writeLayersModel(
    randomNetwork(seed, MEMBERS, [features.length, HIDDEN, HIDDEN, HEADS]),
    MODEL_FILES.weights,
  );
  const input = { date: '2024-06-18', hour: 17, weather: { TMAX: 80, TMIN: 65, SNOW: 0 } };
  const draft: ModelSpec = {
    schemaVersion: 1,
    featureSet: 'demand',
    features,
    scaling: { mean: features.map(() => 0.1), std: features.map(() => 1), clip: 5 },
    target: { mean: 5_000, std: 10 },
    growth: { rate: 0.0003, standardError: 0.0001, origin: '2024-01-01' },
    heads: [0.05, 0.5, 0.95],
    imputation: { ...byColumn(WEATHER_INPUTS, () => 0), TMAX: 60, TMIN: 50, AWND: 10 },
    trainedOn: { system: 'nyc', from: '2024-01', to: '2024-12', hours: 8_783, synthetic: false },
    backend: 'none: random weights',
    seeds: Array.from({ length: MEMBERS }, (_, i) => i),
    golden: { input, prediction: 0 },
  };
  const model = loadServingModel({ spec: draft, topology: JSON.parse(topology), weights });
  const spec = { ...draft, golden: { input, prediction: model.predict([input])[0]!.prediction } };
  return {
    [MODEL_FILES.topology]: Buffer.from(topology),
    [MODEL_FILES.weights]: weights,
    [MODEL_FILES.spec]: Buffer.from(JSON.stringify(spec)),
  };
}

/** Writes `dir/model` and the service's state to `dir/state`. */
export async function writeServedModel(dir: string): Promise<{ modelDir: string; stateDir: string }> {
  const [modelDir, stateDir] = [path.join(dir, 'model'), path.join(dir, 'state')];
  const files = servedModelFiles(1);
  mkdirSync(modelDir, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(modelDir, name), bytes);
  await new LastGoodModel(stateDir, MODEL).write({
    version: '1',
    generation: null,
    files,
    digest: digestOfFiles(files),
  });
  return { modelDir, stateDir };
}
