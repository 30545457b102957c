/**
 * Writes a model folder as one ONNX graph, for predictions from Python, Java or C#. The graph maps raw features to trips per hour in
 * double precision, so it gives the same numbers as the prediction service.
 */
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import { growthSpanOf } from './growth-factor.ts';
import { LEAST_SPREAD, growthMarginPerDay, middleOfSpan, orderOfHeads } from './interval.ts';
import { readLayersModel, type DenseLayer, type Network } from './layers-format.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { encodeOnnx, type OnnxValue } from './onnx-messages.ts';
import { parseModelFiles } from './serving-model.ts';

/** Names a file of a registered model, beside MODEL_FILES. */
export const ONNX_FILE = 'model.onnx';

/** Means ONNX 1.12 (May 2022): every common runtime supports it, and all operators of the graph accept doubles. */
const OPSET = 17;
const IR_VERSION = 8;

/** Inputs of the graph, for `n` hours. */
export function onnxInputs(spec: Pick<ModelSpec, 'features' | 'growth'>): OnnxValue[] {
  return [
    {
      name: 'features',
      type: 'float',
      shape: ['n', spec.features.length],
      description: 'raw, unscaled features in the order of the metadata "features"',
    },
    { name: 'day', type: 'int64', shape: ['n'], description: `days since ${spec.growth.origin}` },
    { name: 'hour', type: 'int64', shape: ['n'], description: 'hour of the day, 0 to 23' },
  ];
}

/** Outputs of the graph: trips per hour, and the bounds of the 90 % interval if the model has one. */
export function onnxOutputs(spec: Pick<ModelSpec, 'heads' | 'calibration'>): OnnxValue[] {
  return ['prediction', ...(hasInterval(spec) ? ['lower', 'upper'] : [])].map((name) => ({
    name,
    type: 'double',
    shape: ['n'],
    description:
      name === 'prediction' ? 'trips per hour' : `${name} bound of the 90 % interval, trips per hour`,
  }));
}

/**
 * Converts a model folder.
 * @param files contents of the model folder by name.
 * @returns the contents of `model.onnx`.
 * @throws CitibikeError BAD_MODEL when the folder is broken or its golden answer differs.
 */
export function onnxOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const { spec } = parseModelFiles(files);
  const topology: unknown = JSON.parse(new TextDecoder().decode(files[MODEL_FILES.topology]));
  return writeOnnx(spec, readLayersModel(topology, files[MODEL_FILES.weights]!));
}

function writeOnnx(spec: ModelSpec, network: Network): Uint8Array {
  const graph = new OnnxGraph();
  const heads = averageOfMembers(graph, network, scaledFeatures(graph, spec));
  const days = heldDays(graph, spec);
  finish(graph, spec, tripsOf(graph, spec, heads, days), days);
  const { trainedOn } = spec;
  return encodeOnnx({
    name: 'demand',
    producer: 'citibike-lifecycle',
    description: `Trips per hour of system ${trainedOn.system}, trained on ${trainedOn.from} to ${trainedOn.to}`,
    irVersion: IR_VERSION,
    opset: OPSET,
    metadata: {
      feature_set: spec.featureSet,
      features: JSON.stringify(spec.features),
      growth_origin: spec.growth.origin,
      synthetic: String(trainedOn.synthetic),
    },
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: onnxInputs(spec),
    outputs: onnxOutputs(spec),
  });
}

/** Adds x' = clip((x − mean) / std, ±clip), of shape [n, features]. */
function scaledFeatures(graph: OnnxGraph, { scaling }: ModelSpec): string {
  const { mean, std, clip } = scaling;
  const centred = graph.op('Sub', [
    graph.asDouble('features'),
    graph.doubles('scaling_mean', mean, [mean.length]),
  ]);
  const scaled = graph.op('Div', [centred, graph.doubles('scaling_std', std, [std.length])]);
  return graph.op('Clip', [
    scaled,
    graph.doubles('scaling_least', [-clip]),
    graph.doubles('scaling_most', [clip]),
  ]);
}

/** Adds the network and returns its outputs, of shape [n, heads]. */
function averageOfMembers(graph: OnnxGraph, { members }: Network, input: string): string {
  const ends = members.map((layers, m) =>
    layers.reduce((from, layer, i) => dense(graph, layer, `member_${m + 1}_dense_${i + 1}`, from), input),
  );
  if (ends.length === 1) return ends[0]!;
  return graph.op('Div', [graph.op('Sum', ends), graph.doubles('members', [ends.length])]);
}

function dense(graph: OnnxGraph, layer: DenseLayer, name: string, input: string): string {
  const { inputs, outputs, activation, kernel, bias } = layer;
  const product = graph.op('MatMul', [input, graph.floats(`${name}/kernel`, kernel, [inputs, outputs])]);
  const sum = graph.op('Add', [product, graph.floats(`${name}/bias`, bias, [outputs])]);
  return activation === 'relu' ? graph.op('Relu', [sum]) : sum;
}

/** Limits the input `day` to the span of the extrapolation, as core/serving/growth-factor.ts does. The shape is [n]. */
function heldDays(graph: OnnxGraph, spec: ModelSpec): string {
  const { first, last } = growthSpanOf(spec);
  return graph.op('Clip', [
    graph.asDouble('day'),
    graph.doubles('growth_first_day', [first]),
    graph.doubles('growth_last_day', [last]),
  ]);
}

/** Converts the heads to trips per hour with the growth of the day. The shape is [n, heads]. */
function tripsOf(graph: OnnxGraph, { target, growth }: ModelSpec, heads: string, days: string): string {
  const spread = graph.op('Mul', [heads, graph.doubles('target_std', [target.std])]);
  const level = graph.op('Add', [spread, graph.doubles('target_mean', [target.mean])]);
  const logarithm = graph.op('Mul', [days, graph.doubles('growth_rate', [growth.rate])]);
  const column = graph.op('Unsqueeze', [graph.op('Exp', [logarithm]), graph.integer('last_axis', 1, [1])]);
  return graph.op('Mul', [level, column]);
}

/** Adds the prediction and its interval, as core/serving/interval.ts computes them. */
function finish(graph: OnnxGraph, spec: ModelSpec, trips: string, days: string): void {
  const order = orderOfHeads(spec.heads);
  const headAt = (index: number) =>
    graph.op('Gather', [trips, graph.integer(`head_${index}`, index)], { axis: 1 });
  const zero = graph.doubles('zero', [0]);
  const middle = headAt(order.middle);
  const prediction = graph.op('Max', [middle, zero]);
  graph.output('prediction', prediction);
  if (!hasInterval(spec)) return;

  // The margin is the standard error of growth times the days since the middle of the training span.
  const middleDay = graph.doubles('middle_of_span', [middleOfSpan(spec)]);
  const daysSince = graph.op('Max', [graph.op('Sub', [days, middleDay]), zero]);
  const margin = graph.op('Mul', [daysSince, graph.doubles('growth_margin', [growthMarginPerDay(spec)])]);
  const drift = graph.op('Mul', [margin, prediction]);
  const widened = (distance: string): string => {
    const positive = graph.op('Max', [distance, zero]);
    const squares = [positive, drift].map((part) => graph.op('Mul', [part, part]));
    return graph.op('Sqrt', [graph.op('Add', squares)]);
  };
  const least = graph.doubles('least_spread', [LEAST_SPREAD * spec.target.mean]);
  const distance = (side: 'below' | 'above', raw: string): string => {
    const spread = graph.op('Max', [least, raw]);
    if (!spec.calibration) return widened(spread);
    const factors = graph.doubles(`calibration_${side}`, spec.calibration[side], [24]);
    return widened(graph.op('Mul', [spread, graph.op('Gather', [factors, 'hour'], { axis: 0 })]));
  };
  const hasBounds = order.low >= 0 && order.high >= 0;
  const below = distance('below', hasBounds ? graph.op('Sub', [middle, headAt(order.low)]) : middle);
  const above = distance('above', hasBounds ? graph.op('Sub', [headAt(order.high), middle]) : middle);
  const lower = graph.op('Min', [graph.op('Sub', [middle, below]), prediction]);
  graph.output('lower', graph.op('Max', [lower, zero]));
  graph.output('upper', graph.op('Max', [graph.op('Add', [middle, above]), prediction]));
}

function hasInterval({ heads, calibration }: Pick<ModelSpec, 'heads' | 'calibration'>): boolean {
  const { low, high } = orderOfHeads(heads);
  return calibration !== undefined || (low >= 0 && high >= 0);
}
