import { describe, expect, test } from 'vitest';
import { mlflowFiles } from '../../../activities/register/mlmodel.ts';
import type { ModelSpec } from '../../../contracts/model.ts';
import { onnxInputs, onnxOf, onnxOutputs } from '../../../core/serving/onnx.ts';
import { encodeOnnx } from '../../../core/serving/onnx-messages.ts';
import { requirementsOf } from '../../checks/python-lists.ts';
import { flatModelFiles } from '../../fixtures/flat-model.ts';

const files = flatModelFiles(100);
const spec = JSON.parse(new TextDecoder().decode(files['spec.json'])) as ModelSpec;
const made = { modelId: 'm-1', runId: 'r-1', createdAt: 0 };
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

// tests/integration/python.test.ts checks with onnxruntime that the numbers equal the service's.
describe('a model as ONNX', () => {
  test('is written byte for byte in the protobuf wire format', () => {
    const bytes = encodeOnnx({
      name: 'g',
      producer: 'p',
      description: 'd',
      irVersion: 8,
      opset: 17,
      metadata: {},
      nodes: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
      constants: [],
      inputs: [{ name: 'x', type: 'float', shape: ['n', 2], description: '' }],
      outputs: [],
    });
    // Computed by hand from onnx.proto: key (field << 3 | type), length, content. Empty texts are omitted.
    const hex = [
      '0808', // ir_version 8
      '120170', // producer_name "p"
      '320164', // doc_string "d"
      '3a27', // graph, 39 bytes
      '0a0c0a017812017922' + '0452656c75', // node: input x, output y, op_type Relu
      '120167', // name "g"
      '5a14', // input, 20 bytes
      '0a0178' + '120f' + '0a0d' + '0801' + '1209' + '0a03' + '12016e' + '0a02' + '0802',
      '4202' + '1011', // opset_import 17
    ].join('');
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
  });

  test('has only a prediction if the model has no interval', () => {
    expect(onnxOutputs(spec).map(({ name }) => name)).toEqual(['prediction']);
    expect(onnxOutputs({ heads: [0.05, 0.5, 0.95] }).map(({ name }) => name)).toEqual([
      'prediction',
      'lower',
      'upper',
    ]);
  });

  test('accepts the raw features of any number of hours', () => {
    expect(onnxInputs(spec).map(({ name, shape }) => [name, shape])).toEqual([
      ['features', ['n', 12]],
      ['day', ['n']],
      ['hour', ['n']],
    ]);
  });

  test('is the same in every attempt', () => {
    expect(onnxOf(files)).toEqual(onnxOf(files));
  });

  test('is not written from a folder that fails its golden request', () => {
    const golden = { ...spec.golden, prediction: 101 };
    const broken = { ...files, 'spec.json': Buffer.from(JSON.stringify({ ...spec, golden })) };
    expect(() => onnxOf(broken)).toThrow(/golden request .* gave 100, expected 101/);
  });
});

describe('MLmodel', () => {
  const mlmodel = text(mlflowFiles(spec, made)['MLmodel']);

  test('quotes texts that PyYAML would read as dates', () => {
    expect(mlmodel).toContain('growth_origin: "2024-01-01"');
    expect(mlmodel).toContain('utc_time_created: "1970-01-01 00:00:00.000"');
  });

  test('has the golden request as input example, in the inputs of its signature', () => {
    const example = JSON.parse(text(mlflowFiles(spec, made)['input_example.json'])) as Record<
      string,
      unknown
    >;
    // 2024-07-01 is 182 days after 2024-01-01.
    expect(example).toMatchObject({ day: [182], hour: [8] });
    expect((example['features'] as number[][])[0]!.slice(0, 4)).toEqual([0, 80, 65, 0]);
    for (const name of Object.keys(example)) expect(mlmodel).toContain(`"name":"${name}"`);
  });

  test('requires the versions that it is tested with', async () => {
    const { readFile } = await import('node:fs/promises');
    const lists = ['../../python/requirements.txt', '../../../stack/mlflow-requirements.txt'];
    const pinned = await Promise.all(lists.map((file) => readFile(new URL(file, import.meta.url), 'utf8')));
    const tested = new Set(pinned.flatMap(requirementsOf));
    const asked = text(mlflowFiles(spec, made)['requirements.txt']).trim().split('\n');
    expect(asked.filter((line) => !tested.has(line))).toEqual([]);
  });
});
