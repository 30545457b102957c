/**
 * Compiles a network to WebAssembly with 128-bit vectors: float32, four units per instruction, one call per row. Inputs and units
 * that are 0 are skipped, because their contribution is part of the bias. This is the code for a layer of 64 units in blocks of 32:
 *
 *   ;; (list, end): entries of 8 bytes, the byte offset of a kernel row and the value that multiplies it
 *   (func $block8 (param $list i32) (param $end i32) (param $kernel i32) (param $start i32) (param $out i32)
 *     (local $row i32) (local $value v128) (local $sum0 v128) … (local $sum7 v128)
 *     (local.set $sum0 (v128.load offset=0 (local.get $start))) …                    ;; the bias, or the sum so far
 *     (block (loop
 *       (br_if 1 (i32.ge_u (local.get $list) (local.get $end)))
 *       (local.set $row (i32.add (local.get $kernel) (i32.load (local.get $list))))
 *       (local.set $value (v128.load32_splat offset=4 (local.get $list)))
 *       (local.set $sum0 (f32x4.add (local.get $sum0) (f32x4.mul (local.get $value) (v128.load offset=0 (local.get $row))))) …
 *       (local.set $list (i32.add (local.get $list) (i32.const 8)))
 *       (br 0)))
 *     (v128.store offset=0 (local.get $out) (local.get $sum0)) …)
 *
 *   ;; lists the units above $floor (0 after relu) for the next layer without a branch; returns the end of the list
 *   (func $compact (param $unit i32) (param $end i32) (param $list i32) (param $floor f32) (param $stride i32) (result i32) …)
 *
 *   ;; computes one row: the blocks of every layer of every member; addresses are constants, and the last layers share their sums
 *   (func $row (param $end i32) …)
 */
import { unknownShape, type DenseLayer, type Network } from './layers-format.ts';
import { scaled, type ForwardPass, type Scaling } from './forward-pass.ts';
import { assembleModule, wasm, type Code, type WasmFunction } from './wasm-assembler.ts';

/** Is the WebAssembly API that this module needs. The types of Node lack it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

const FLOAT = 4;
const LANES = 4;
const ENTRY = 8;
const PAGE = 65_536;
/** Sets the number of sums kept in registers. With two more for the operands they fit into the 16 vector registers of x86-64. */
const BLOCK_VECTORS = 8;
/** Larger networks exceed the processor's caches, and their straight-line code becomes large. */
const MOST_WEIGHTS = 4_000_000;

/** Represents a layer with its weights in the module's memory. Rows are padded to whole vectors; addresses are in bytes. */
interface PlacedLayer {
  readonly vectors: number;
  readonly kernel: number;
  readonly bias: number;
  readonly relu: boolean;
  readonly outputs: number;
}

const padded = (outputs: number): number => Math.ceil(outputs / LANES) * LANES;
const strideOf = (outputs: number): number => padded(outputs) * FLOAT;

/**
 * Compiles scaling and network into one function.
 * @throws CitibikeError BAD_MODEL, by `unknownShape`, for a network that only TensorFlow.js computes.
 */
export function compileSimdForwardPass(network: Network, scaling: Scaling): ForwardPass {
  const layers = network.members.flat();
  const lastLayers = network.members.map((member) => member.at(-1)!);
  const weights = layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * padded(outputs), 0);
  if (weights > MOST_WEIGHTS)
    throw unknownShape(`expected at most ${MOST_WEIGHTS} weights to compile, got ${weights}`);
  // The last layers of the members are summed before any activation, so they must be linear.
  if (lastLayers.some(({ activation }) => activation === 'relu'))
    throw unknownShape('expected activation linear in every last layer, got relu');
  // All members share one list of inputs, so their first layers must have the same width.
  const stride = strideOf(network.members[0]![0]!.outputs);
  if (network.members.some(([first]) => strideOf(first!.outputs) !== stride))
    throw unknownShape('expected first layers of equal width in all members');

  const features = network.members[0]![0]!.inputs;
  const heads = lastLayers[0]!.outputs;
  const widest = Math.max(features, ...layers.map(({ outputs }) => padded(outputs)));
  const memory = new Layout();
  const input = memory.take(features * ENTRY);
  const list = memory.take(widest * ENTRY + ENTRY);
  const units = memory.take(widest * FLOAT);
  const sums = memory.take(strideOf(heads));
  const members = network.members.map((member) => member.map((layer) => placed(layer, memory)));
  const module = moduleOf(network, () =>
    assembleModule(functionsOf(members, { input, list, units, sums }), memory.pages),
  );

  const { exports } = new WebAssembly.Instance(module);
  const row = exports['row'] as (end: number) => void;
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer };
  const [floats, integers] = [new Float32Array(buffer), new Int32Array(buffer)];
  const atZero = Float64Array.from({ length: features }, (_, i) => scaled(0, i, scaling));
  network.members.forEach((member, m) =>
    member.forEach((layer, l) => {
      const share = l === member.length - 1 ? 1 / network.members.length : 1;
      fill(floats, members[m]![l]!, layer, share, l === 0 ? atZero : undefined);
    }),
  );
  // The sums of the last layers start from the last biases of all members.
  const start = members[0]!.at(-1)!.bias / FLOAT;
  for (const member of members.slice(1)) {
    for (let h = 0; h < heads; h++) floats[start + h]! += floats[member.at(-1)!.bias / FLOAT + h]!;
  }

  const { mean, std, clip } = scaling;
  const deviation = Float64Array.from(std);
  const centre = Float64Array.from(mean);
  const run = (raw: Float64Array, offset: number, out: Float64Array): void => {
    let at = input / FLOAT;
    for (let i = 0; i < features; i++) {
      const value = raw[offset + i]!;
      if (value === 0) continue;
      const z = (value - centre[i]!) / deviation[i]!;
      integers[at] = i * stride;
      floats[at + 1] = (z > clip ? clip : z < -clip ? -clip : z) - atZero[i]!;
      at += 2;
    }
    row(at * FLOAT);
    for (let h = 0; h < heads; h++) out[h] = floats[sums / FLOAT + h]!;
  };
  return { kind: 'simd', features, heads, run };
}

/** Caches compiled code by shape. Weights are data, so networks of one shape share code that V8 optimises once. */
const knownModules = new Map<string, object>();
const MOST_MODULES = 8;

function moduleOf(network: Network, assemble: () => Uint8Array): object {
  const shape = network.members
    .map((member) => member.map(({ inputs, outputs, activation }) => `${inputs}-${outputs}-${activation}`))
    .join(';');
  let module = knownModules.get(shape);
  if (!module) {
    module = new WebAssembly.Module(assemble());
    if (knownModules.size >= MOST_MODULES) knownModules.clear();
    knownModules.set(shape, module);
  }
  return module;
}

/** Allocates memory, aligned to vectors. */
class Layout {
  #end = 0;

  take(bytes: number): number {
    const start = this.#end;
    this.#end = Math.ceil((start + bytes) / 16) * 16;
    return start;
  }

  get pages(): number {
    return Math.ceil(this.#end / PAGE);
  }
}

function placed({ inputs, outputs, activation }: DenseLayer, memory: Layout): PlacedLayer {
  return {
    vectors: padded(outputs) / LANES,
    kernel: memory.take(inputs * strideOf(outputs)),
    bias: memory.take(strideOf(outputs)),
    relu: activation === 'relu',
    outputs,
  };
}

/** Writes the weights of a layer, multiplied by `share`. The contribution of inputs at 0 goes into the bias. */
function fill(
  floats: Float32Array,
  { kernel, bias }: PlacedLayer,
  layer: DenseLayer,
  share: number,
  atZero: Float64Array | undefined,
): void {
  const { inputs, outputs } = layer;
  const width = padded(outputs);
  const offsets = Float64Array.from(layer.bias);
  for (let i = 0; i < inputs; i++) {
    const row = layer.kernel.subarray(i * outputs, (i + 1) * outputs);
    floats.set(row, kernel / FLOAT + i * width);
    if (atZero) for (let j = 0; j < outputs; j++) offsets[j]! += atZero[i]! * row[j]!;
  }
  if (share !== 1) {
    const end = kernel / FLOAT + inputs * width;
    for (let at = kernel / FLOAT; at < end; at++) floats[at]! *= share;
  }
  offsets.forEach((offset, j) => (floats[bias / FLOAT + j] = offset * share));
}

const { localGet, localSet, i32Const } = wasm;

/** Adds the listed rows of a kernel, `vectors` vectors wide, to the values at `start`, and writes the sums to `out`. */
function blockFunction(vectors: number): WasmFunction {
  const [list, end, kernel, start, out, row, value] = [0, 1, 2, 3, 4, 5, 6] as const;
  const each = (make: (sum: number, offset: number) => Code): Code =>
    Array.from({ length: vectors }, (_, k) => make(7 + k, k * LANES * FLOAT)).flat();
  return {
    name: `block${vectors}`,
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    results: [],
    locals: ['i32', ...Array.from({ length: 1 + vectors }, () => 'v128' as const)],
    body: [
      ...each((sum, offset) => [...localGet(start), ...wasm.v128Load(offset), ...localSet(sum)]),
      ...wasm.loop(
        [...localGet(list), ...localGet(end), ...wasm.i32GeU, ...wasm.leaveIf],
        [...localGet(kernel), ...localGet(list), ...wasm.i32Load(), ...wasm.i32Add, ...localSet(row)],
        [...localGet(list), ...wasm.v128Load32Splat(FLOAT), ...localSet(value)],
        each((sum, offset) => [
          ...[...localGet(sum), ...localGet(value), ...localGet(row), ...wasm.v128Load(offset)],
          ...[...wasm.f32x4Mul, ...wasm.f32x4Add, ...localSet(sum)],
        ]),
        [...localGet(list), ...i32Const(ENTRY), ...wasm.i32Add, ...localSet(list)],
        wasm.again,
      ),
      ...each((sum, offset) => [...localGet(out), ...localGet(sum), ...wasm.v128Store(offset)]),
    ],
  };
}

/** Writes every unit to the list, but advances the list only for units that count. This avoids branches. NaN counts. */
function compactFunction(): WasmFunction {
  const [unit, end, list, floor, stride, row, value] = [0, 1, 2, 3, 4, 5, 6] as const;
  return {
    name: 'compact',
    params: ['i32', 'i32', 'i32', 'f32', 'i32'],
    results: ['i32'],
    locals: ['i32', 'f32'],
    body: [
      ...wasm.loop(
        [...localGet(unit), ...localGet(end), ...wasm.i32GeU, ...wasm.leaveIf],
        [...localGet(list), ...localGet(row), ...wasm.i32Store()],
        [
          ...localGet(list),
          ...localGet(unit),
          ...wasm.f32Load(),
          ...wasm.localTee(value),
          ...wasm.f32Store(FLOAT),
        ],
        // list += !(value <= floor) << 3
        [
          ...localGet(value),
          ...localGet(floor),
          ...wasm.f32Le,
          ...wasm.i32Eqz,
          ...i32Const(3),
          ...wasm.i32Shl,
        ],
        [...localGet(list), ...wasm.i32Add, ...localSet(list)],
        [...localGet(row), ...localGet(stride), ...wasm.i32Add, ...localSet(row)],
        [...localGet(unit), ...i32Const(FLOAT), ...wasm.i32Add, ...localSet(unit)],
        wasm.again,
      ),
      ...localGet(list),
    ],
  };
}

/** Represents the addresses of a row's inputs, the list between two layers, the units of one layer, and the sums of the heads. */
interface Places {
  readonly input: number;
  readonly list: number;
  readonly units: number;
  readonly sums: number;
}

function functionsOf(members: readonly (readonly PlacedLayer[])[], places: Places): WasmFunction[] {
  const { input, list, units, sums } = places;
  const functions = [compactFunction()];
  const blockOf = (vectors: number): number => {
    const known = functions.findIndex(({ name }) => name === `block${vectors}`);
    return known >= 0 ? known : functions.push(blockFunction(vectors)) - 1;
  };
  const [inputEnd, listEnd] = [0, 1] as const;
  const body: number[] = [];
  members.forEach((member, m) =>
    member.forEach((layer, l) => {
      const last = l === member.length - 1;
      const [from, end] = l === 0 ? [input, inputEnd] : [list, listEnd];
      const start = last && m > 0 ? sums : layer.bias;
      const out = last ? sums : units;
      for (let first = 0; first < layer.vectors; first += BLOCK_VECTORS) {
        const at = first * LANES * FLOAT;
        body.push(...i32Const(from), ...localGet(end), ...i32Const(layer.kernel + at));
        body.push(...i32Const(start + at), ...i32Const(out + at));
        body.push(...wasm.call(blockOf(Math.min(BLOCK_VECTORS, layer.vectors - first))));
      }
      const next = member[l + 1];
      if (!next) return;
      body.push(...i32Const(units), ...i32Const(units + layer.outputs * FLOAT), ...i32Const(list));
      body.push(...wasm.f32Const(layer.relu ? 0 : -Infinity), ...i32Const(next.vectors * LANES * FLOAT));
      body.push(...wasm.call(0), ...localSet(listEnd));
    }),
  );
  return [...functions, { name: 'row', params: ['i32'], results: [], locals: ['i32'], body }];
}
