/** Writes MLflow's `MLmodel` file with signature, flavors and input example. */
import { stringify } from 'yaml';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { featureRow, featuresOfModel } from '../../core/features/feature-row.ts';
import { ONNX_FILE, onnxInputs, onnxOutputs } from '../../core/serving/onnx.ts';
import type { OnnxValue, TensorType } from '../../core/serving/onnx-messages.ts';

const INPUT_EXAMPLE_FILE = 'input_example.json';
const REQUIREMENTS_FILE = 'requirements.txt';
const PYTHON_ENV_FILE = 'python_env.yaml';

/** Sets the versions that `tests/python` tests the model with, and the oldest Python that supports them. */
const PYTHON = '3.11';
const ONNX_VERSION = '1.23.2';
const REQUIREMENTS = ['mlflow==3.17.2', `onnx==${ONNX_VERSION}`, 'onnxruntime==1.32.0', 'numpy==2.4.6'];

const NUMPY_TYPES: Readonly<Record<TensorType, string>> = {
  float: 'float32',
  double: 'float64',
  int64: 'int64',
};

/** Formats YAML 1.1 for PyYAML, which reads an unquoted date as a date. */
function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, version: '1.1' });
}

/** Returns a tensor of the signature in MLflow's form, where -1 is any length. */
function tensorSpec({ name, type, shape }: OnnxValue): object {
  const lengths = shape.map((length) => (typeof length === 'number' ? length : -1));
  return { name, type: 'tensor', 'tensor-spec': { dtype: NUMPY_TYPES[type], shape: lengths } };
}

/** The golden request as the graph takes it: one row. */
function exampleOf(spec: ModelSpec): Record<string, unknown> {
  const { golden, imputation, growth } = spec;
  return {
    features: [[...featureRow(featuresOfModel(spec), golden.input, imputation)]],
    day: [epochDayOf(golden.input.date) - epochDayOf(growth.origin)],
    hour: [golden.input.hour],
  };
}

/**
 * Returns the files that MLflow needs in addition to the model folder.
 * @param createdAt epoch milliseconds, equal for all attempts, so that each writes the same bytes.
 */
export function mlflowFiles(
  spec: ModelSpec,
  made: { readonly modelId: string; readonly runId: string; readonly createdAt: number },
): Record<string, Uint8Array> {
  const mlmodel = {
    flavors: {
      onnx: { code: null, data: ONNX_FILE, onnx_version: ONNX_VERSION, providers: ['CPUExecutionProvider'] },
      python_function: {
        data: ONNX_FILE,
        env: { virtualenv: PYTHON_ENV_FILE },
        loader_module: 'mlflow.onnx',
        python_version: PYTHON,
      },
      tensorflowjs: {
        format: 'layers-model',
        topology: MODEL_FILES.topology,
        weights: MODEL_FILES.weights,
        spec: MODEL_FILES.spec,
        feature_set: spec.featureSet,
      },
    },
    metadata: {
      feature_set: spec.featureSet,
      growth_origin: spec.growth.origin,
      synthetic: spec.trainedOn.synthetic,
    },
    model_id: made.modelId,
    run_id: made.runId,
    saved_input_example_info: { artifact_path: INPUT_EXAMPLE_FILE, format: 'tf-serving', type: 'ndarray' },
    signature: {
      inputs: JSON.stringify(onnxInputs(spec).map(tensorSpec)),
      outputs: JSON.stringify(onnxOutputs(spec).map(tensorSpec)),
      params: null,
    },
    utc_time_created: new Date(made.createdAt).toISOString().replace('T', ' ').replace('Z', ''),
  };
  const pythonEnv = {
    python: PYTHON,
    build_dependencies: ['pip'],
    dependencies: [`-r ${REQUIREMENTS_FILE}`],
  };
  const texts = {
    MLmodel: yamlOf(mlmodel),
    [INPUT_EXAMPLE_FILE]: JSON.stringify(exampleOf(spec)),
    [REQUIREMENTS_FILE]: `${REQUIREMENTS.join('\n')}\n`,
    [PYTHON_ENV_FILE]: yamlOf(pythonEnv),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, new TextEncoder().encode(text)]),
  );
}
