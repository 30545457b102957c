/**
 * Encodes an ONNX model. The schema has only the messages that the network needs, with the field numbers of onnx.proto
 * (github.com/onnx/onnx, IR version 8).
 */
import protobuf from 'protobufjs/light.js';

/** `TensorProto.DataType` */
export const TENSOR_TYPE = { float: 1, int64: 7, double: 11 } as const;
export type TensorType = keyof typeof TENSOR_TYPE;

/** `AttributeProto.AttributeType`. The nodes of the graph have only integer attributes. */
const INT_ATTRIBUTE = 2;

export interface OnnxNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes?: Readonly<Record<string, number>>;
}

/** Represents a constant of the graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
  /** Row-major, little-endian. */
  readonly bytes: Uint8Array;
}

/** Represents an input or output of the graph. A dimension given as a name may have any length. */
export interface OnnxValue {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly (number | string)[];
  readonly description: string;
}

export interface OnnxModel {
  readonly name: string;
  readonly producer: string;
  readonly description: string;
  readonly irVersion: number;
  /** Version of ONNX's standard operators. */
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id, options: { packed: false } });

const SCHEMA = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        docString: one('string', 6),
        graph: one('GraphProto', 7),
        opsetImport: many('OperatorSetIdProto', 8),
        metadataProps: many('StringStringEntryProto', 14),
      },
    },
    OperatorSetIdProto: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    StringStringEntryProto: { fields: { key: one('string', 1), value: one('string', 2) } },
    GraphProto: {
      fields: {
        node: many('NodeProto', 1),
        name: one('string', 2),
        initializer: many('TensorProto', 5),
        input: many('ValueInfoProto', 11),
        output: many('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        opType: one('string', 4),
        attribute: many('AttributeProto', 5),
      },
    },
    AttributeProto: { fields: { name: one('string', 1), i: one('int64', 3), type: one('int32', 20) } },
    TensorProto: {
      fields: {
        dims: many('int64', 1),
        dataType: one('int32', 2),
        name: one('string', 8),
        rawData: one('bytes', 9),
      },
    },
    ValueInfoProto: {
      fields: { name: one('string', 1), type: one('TypeProto', 2), docString: one('string', 3) },
    },
    TypeProto: { fields: { tensorType: one('TensorTypeProto', 1) } },
    TensorTypeProto: { fields: { elemType: one('int32', 1), shape: one('TensorShapeProto', 2) } },
    TensorShapeProto: { fields: { dim: many('DimensionProto', 1) } },
    DimensionProto: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
  },
});

/** Returns the contents of a `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const type = SCHEMA.lookupType('ModelProto');
  const message = type.fromObject({
    irVersion: model.irVersion,
    producerName: model.producer,
    docString: model.description,
    opsetImport: [{ domain: '', version: model.opset }],
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.name,
      node: model.nodes.map(nodeOf),
      initializer: model.constants.map(({ name, type, dims, bytes }) => ({
        name,
        dims,
        dataType: TENSOR_TYPE[type],
        rawData: bytes,
      })),
      input: model.inputs.map(valueOf),
      output: model.outputs.map(valueOf),
    },
  });
  return type.encode(message).finish();
}

function nodeOf({ opType, input, output, attributes = {} }: OnnxNode): object {
  const attribute = Object.entries(attributes).map(([name, i]) => ({ name, i, type: INT_ATTRIBUTE }));
  return { opType, input, output, attribute };
}

function valueOf({ name, type, shape, description }: OnnxValue): object {
  const dim = shape.map((length) =>
    typeof length === 'number' ? { dimValue: length } : { dimParam: length },
  );
  return {
    name,
    docString: description,
    type: { tensorType: { elemType: TENSOR_TYPE[type], shape: { dim } } },
  };
}
