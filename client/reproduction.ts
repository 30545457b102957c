/** Decides what a reproduction trains, and compares it with the recorded version. All functions are pure. */
import type { ModelFolder } from '../contracts/activities/train.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { MODEL_FILES } from '../contracts/model.ts';
import type { TrainingInput } from '../contracts/workflows/training.ts';
import type { TrainingReport } from '../core/training/training-report.ts';
import type { LabelledText } from './labelled-lines.ts';

/** Sets the characters of a digest that people compare. */
const SHOWN_DIGEST = 12;

/** Represents what is recorded of a version. */
export interface TrainedVersion {
  readonly model: string;
  readonly version: string;
  readonly codeVersion: string;
  readonly files: ModelFolder['files'];
  readonly report: Pick<TrainingReport, 'backend' | 'frame' | 'hyperParameters' | 'seed'>;
}

/** Returns the registered model of reproductions, so that they are never compared with a champion or served. */
export function reproductionModel(model: string): string {
  return `${model}-reproduction`;
}

/**
 * Returns the input of the training: data set, months, features and seed of the recorded run, and the hyper-parameters that a search
 * may have chosen. No step comes from the cache.
 * @param testMonth for a refit, which has no test months: a month outside of its training. The weights do not depend on it.
 * @throws CitibikeError INVALID_INPUT for a refit without it.
 */
export function reproductionInput(
  { system, train, test, rules, dataset, featureSet }: TrainingInput,
  { model, version, report }: TrainedVersion,
  testMonth?: string,
) {
  if (!test && testMonth === undefined)
    throw new CitibikeError(
      'INVALID_INPUT',
      `version ${version} of ${model} is a refit, which was trained without test months; name an ingested month outside of ${train.from} to ${train.to}: --test YYYY-MM`,
    );
  return {
    ...{ system, train, rules, featureSet },
    // The recorded data set of a refit has no month to test on.
    ...(test ? { test, ...(dataset ? { dataset } : {}) } : { test: { from: testMonth, to: testMonth } }),
    hyperParameters: report.hyperParameters,
    seed: report.seed,
    model: reproductionModel(model),
    cache: false,
  };
}

export interface Reproduction {
  readonly isIdentical: boolean;
  readonly rows: readonly LabelledText[];
}

/** Compares digests of the model's files, and names the differences that explain others. */
export function compareVersions(recorded: TrainedVersion, repeated: TrainedVersion): Reproduction {
  const digests = [recorded, repeated].map(({ files, version, model }) => {
    const file = files[MODEL_FILES.weights];
    if (file) return file.sha256;
    throw new CitibikeError('BAD_MODEL', `version ${version} of ${model} lists no ${MODEL_FILES.weights}`);
  });
  const isIdentical = digests[0] === digests[1];
  const pair = (label: string, valueOf: (version: TrainedVersion) => string): LabelledText => {
    const [before, after] = [valueOf(recorded), valueOf(repeated)];
    return [label, before === after ? `identical: ${before}` : `different: ${before}, now ${after}`];
  };
  return {
    isIdentical,
    rows: [
      ['recorded', `version ${recorded.version} of ${recorded.model}`],
      ['repeated', `version ${repeated.version} of ${repeated.model}`],
      pair('data', ({ report }) => report.frame.sha256.slice(0, SHOWN_DIGEST)),
      pair('seed', ({ report }) => String(report.seed)),
      pair('backend', ({ report }) => report.backend),
      pair('code', ({ codeVersion }) => codeVersion),
      pair('weights', ({ files }) => files[MODEL_FILES.weights]!.sha256.slice(0, SHOWN_DIGEST)),
    ],
  };
}
