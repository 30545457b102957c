/** MLflow's `MLmodel` file: what the model takes and gives, which flavor it is, and an example of its input. */
import { stringify } from 'yaml';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import { featureRow, featureSetOf } from '../../core/features/feature-row.ts';

const INPUT_EXAMPLE_FILE = 'input_example.json';

interface Column {
  readonly name: string;
  readonly type: 'double' | 'long' | 'string';
  readonly required: boolean;
}

/** Fields of `POST /predict_trip`, or the 12 seed features of `POST /predict`, by what the model was trained on. */
export function inputColumns(spec: Pick<ModelSpec, 'featureSet' | 'features'>): Column[] {
  if (spec.featureSet === 'seed') {
    return spec.features.map((name) => ({ name, type: 'double', required: true }));
  }
  const optional = ['PRCP', 'SNWD', 'AWND', 'PRCP_yesterday'] as const;
  return [
    { name: 'date', type: 'string', required: true },
    ...(['TMAX', 'TMIN', 'SNOW'] as const).map((name) => ({ name, type: 'double', required: true }) as const),
    ...optional.map((name) => ({ name, type: 'double', required: false }) as const),
    { name: 'holiday', type: 'long', required: false },
  ];
}

function outputColumns(spec: ModelSpec): Column[] {
  const interval = spec.heads.includes(0.05) && spec.heads.includes(0.95) ? ['lower', 'upper'] : [];
  return ['prediction', ...interval].map((name) => ({ name, type: 'double', required: true }));
}

/** The golden input as a caller would send it: one value a column of `inputColumns`. */
function exampleRow(spec: ModelSpec, columns: readonly Column[]): (string | number | null)[] {
  const { golden, featureSet, imputation } = spec;
  if (featureSet === 'seed') return [...featureRow(featureSetOf('seed'), golden.input, imputation)];
  const { date, hour, holiday, weather } = golden.input;
  const values: Record<string, string | number | null | undefined> = {
    date: `${date}T${String(hour).padStart(2, '0')}:00:00`,
    holiday,
    ...weather,
  };
  return columns.map(({ name }) => values[name] ?? null);
}

/**
 * Files that MLflow wants beside those of the model folder.
 * @param createdAt epoch milliseconds; the same for every attempt, so that every attempt writes the same bytes.
 */
export function mlflowFiles(
  spec: ModelSpec,
  made: { readonly modelId: string; readonly runId: string; readonly createdAt: number },
): Record<string, Uint8Array> {
  const columns = inputColumns(spec);
  const mlmodel = {
    flavors: {
      tensorflowjs: {
        format: 'layers-model',
        topology: MODEL_FILES.topology,
        weights: MODEL_FILES.weights,
        spec: MODEL_FILES.spec,
        feature_set: spec.featureSet,
      },
    },
    model_id: made.modelId,
    run_id: made.runId,
    saved_input_example_info: {
      artifact_path: INPUT_EXAMPLE_FILE,
      pandas_orient: 'split',
      type: 'dataframe',
    },
    signature: {
      inputs: JSON.stringify(columns),
      outputs: JSON.stringify(outputColumns(spec)),
      params: null,
    },
    utc_time_created: new Date(made.createdAt).toISOString().replace('T', ' ').replace('Z', ''),
  };
  const example = { columns: columns.map(({ name }) => name), data: [exampleRow(spec, columns)] };
  return {
    MLmodel: new TextEncoder().encode(stringify(mlmodel, { lineWidth: 0 })),
    [INPUT_EXAMPLE_FILE]: new TextEncoder().encode(JSON.stringify(example)),
  };
}
