/** Workflow `batchPrediction`: predicts every hour of a file. */
import { Type, type Static } from 'typebox';
import { ModelAlias } from '../model-alias.ts';
import { ModelName, VersionNumber } from '../options.ts';
import { REQUIRED_WEATHER_INPUTS } from '../weather-columns.ts';
import { amount, outcome, versionLink, type Outcome, type StoredResult } from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const UnitsOfWeather = Type.Union([Type.Literal('imperial'), Type.Literal('metric')], {
  title: 'units of the weather in the file; default: imperial',
  description: 'imperial (°F, inches, mph) or metric (°C, mm, also of snow, and m/s)',
});
export type UnitsOfWeather = Static<typeof UnitsOfWeather>;

const TEXT = '[cCtT][sS][vV]';
const PARQUET = '[pP][aA][rR][qQ][uU][eE][tT]';
export const INPUT_EXTENSIONS = '.csv, .tsv, .csv.gz, .tsv.gz or .parquet';
export const OUTPUT_EXTENSIONS = '.csv, .tsv or .parquet';

const TableUri = (ends: string, extensions: string, title: string) =>
  Type.String({
    title,
    pattern: `^.+\\.(${ends})$`,
    maxLength: 2000,
    description: `a path, file:// or s3:// address that ends in ${extensions}`,
  });

export const BatchPredictionInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    alias: ModelAlias,
    version: Type.Optional(
      Type.String({ ...VersionNumber, title: 'version to predict with; default: the version of the alias' }),
    ),
    input: TableUri(
      `${TEXT}(\\.[gG][zZ])?|${PARQUET}`,
      INPUT_EXTENSIONS,
      `file with the columns date, ${REQUIRED_WEATHER_INPUTS.join(', ')} and optional ones`,
    ),
    output: TableUri(
      `${TEXT}|${PARQUET}`,
      OUTPUT_EXTENSIONS,
      'file for the same columns with prediction, lower, upper, imputed, warnings',
    ),
    units: Type.Optional(UnitsOfWeather),
  },
  { additionalProperties: false },
);
export type BatchPredictionInput = Static<typeof BatchPredictionInput>;

export const contract: WorkflowContract = {
  name: 'batchPrediction',
  title: 'Predict a file',
  description: 'Predict every hour of a file with the champion or a version by number.',
  input: BatchPredictionInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: {
    order: 80,
    example: { input: 's3://citibike-data/hours.csv', output: 's3://citibike-data/predictions/hours.csv' },
  },
};

export interface BatchPredictionRequest {
  readonly model: string;
  readonly alias: string;
  readonly version?: string;
  readonly input: string;
  readonly output: string;
  readonly units?: UnitsOfWeather;
}

export interface BatchPrediction {
  readonly model: string;
  readonly version: string;
  readonly rows: number;
  /** Number of rows with warnings. */
  readonly warnedRows?: number;
  readonly output: string;
  /** Index columns that pandas wrote. The activity does not read them, and the output keeps them. */
  readonly indexColumns?: readonly string[];
  /** True if the version was trained on synthetic data. */
  readonly synthetic: boolean;
}

function outcomeOf(result: StoredResult<BatchPrediction>): Outcome {
  const { model, version, rows, warnedRows, output, synthetic } = result;
  return outcome(
    `Predicted ${amount(rows) ?? '?'} hours with version ${version ?? '?'} of ${model ?? 'the model'}.`,
    [
      ['rows', amount(rows)],
      ['rows with warnings', amount(warnedRows)],
      ['output', output],
      ['model', synthetic ? 'trained on synthetic data' : undefined],
    ],
    [
      versionLink(model, version),
      output?.startsWith('s3://') ? { kind: 'artifact', label: 'predictions', uri: output } : undefined,
    ],
  );
}
