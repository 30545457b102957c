/** Builds an ONNX graph. Each call adds one operator and returns the name of its output. */
import type { OnnxNode, OnnxTensor, TensorType } from './onnx-messages.ts';
import { TENSOR_TYPE } from './onnx-messages.ts';

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];

  /** Adds a constant of doubles. Without `dims` it is a scalar. */
  doubles(name: string, values: ArrayLike<number>, dims: readonly number[] = []): string {
    const view = new DataView(new ArrayBuffer(values.length * 8));
    for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i]!, true);
    return this.#constant(name, 'double', dims, view);
  }

  /** Adds a constant of floats, cast to doubles. This halves the size and is exact for values that were trained as floats. */
  floats(name: string, values: ArrayLike<number>, dims: readonly number[]): string {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
    return this.asDouble(this.#constant(name, 'float', dims, view));
  }

  /** Adds an integer constant. */
  integer(name: string, value: number, dims: readonly number[] = []): string {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, BigInt(value), true);
    return this.#constant(name, 'int64', dims, view);
  }

  asDouble(input: string): string {
    return this.op('Cast', [input], { to: TENSOR_TYPE.double });
  }

  op(opType: string, input: readonly string[], attributes: Readonly<Record<string, number>> = {}): string {
    const output = `${opType.toLowerCase()}_${this.nodes.length + 1}`;
    this.nodes.push({ opType, input, output: [output], attributes });
    return output;
  }

  /** Declares a value as an output of the graph. */
  output(name: string, value: string): void {
    this.nodes.push({ opType: 'Identity', input: [value], output: [name] });
  }

  #constant(name: string, type: TensorType, dims: readonly number[], view: DataView): string {
    this.constants.push({ name, type, dims, bytes: new Uint8Array(view.buffer) });
    return name;
  }
}
