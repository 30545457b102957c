/** Builds an ONNX graph step by step: each call adds one operator and gives the name of what comes out. */
import type { OnnxNode, OnnxTensor, TensorType } from './onnx-messages.ts';
import { TENSOR_TYPE } from './onnx-messages.ts';

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];

  /** A constant of doubles; without `dims`, a scalar. */
  doubles(name: string, values: ArrayLike<number>, dims: readonly number[] = []): string {
    const view = new DataView(new ArrayBuffer(values.length * 8));
    for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i]!, true);
    return this.#constant(name, 'double', dims, view);
  }

  /** A constant of floats, computed with as doubles: half the bytes, and exact where it was trained as floats. */
  floats(name: string, values: ArrayLike<number>, dims: readonly number[]): string {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
    return this.asDouble(this.#constant(name, 'float', dims, view));
  }

  /** A constant whole number. */
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

  /** Gives a value the name of an output of the graph. */
  output(name: string, value: string): void {
    this.nodes.push({ opType: 'Identity', input: [value], output: [name] });
  }

  #constant(name: string, type: TensorType, dims: readonly number[], view: DataView): string {
    this.constants.push({ name, type, dims, bytes: new Uint8Array(view.buffer) });
    return name;
  }
}
