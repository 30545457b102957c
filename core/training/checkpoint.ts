/** Encodes the state of a training between two epochs. Shuffles are not part of it, because they follow from seed and epoch. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { AdamState } from './adam.ts';

/** Losses of one epoch: means per head and row over its batches, each computed before the update by the batch. */
export interface EpochRecord {
  /** End of the epoch, in epoch milliseconds; NaN in a checkpoint of an earlier version. Nothing else depends on a clock. */
  readonly at: number;
  /** Loss on the rows that the members saw. */
  readonly loss: number;
  /** Learning rate at the first step of the epoch. */
  readonly learningRate: number;
  /** One loss per mask: that of the hidden rows, for the members that did not see them. */
  readonly heldOut: readonly number[];
}

export interface Checkpoint {
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Record of the last epoch. */
  readonly loss: number;
  /** One record per finished epoch. */
  readonly history: readonly EpochRecord[];
  readonly parameters: readonly Float32Array[];
  readonly adam: AdamState;
}

/** First bytes of a checkpoint, with its version. */
const MAGIC = 'CBK3';
/** First bytes of a checkpoint that has no times of epochs. */
const MAGIC_WITHOUT_TIMES = 'CBK2';
/** MAGIC, then epoch, Adam step, number of floats and of masks (uint32), 4 bytes of 0; little endian. */
const HEADER_BYTES = 24;

export function encodeCheckpoint({ epoch, history, parameters, adam }: Checkpoint): Uint8Array {
  const arrays = [...parameters, ...adam.first, ...adam.second];
  const floats = arrays.reduce((sum, array) => sum + array.length, 0);
  const records = Float64Array.from(
    history.flatMap((at) => [at.at, at.loss, at.learningRate, ...at.heldOut]),
  );
  const bytes = new Uint8Array(HEADER_BYTES + records.byteLength + floats * 4);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, epoch, true);
  view.setUint32(8, adam.step, true);
  view.setUint32(12, floats, true);
  view.setUint32(16, history[0]?.heldOut.length ?? 0, true);
  let at = HEADER_BYTES;
  for (const array of [records, ...arrays]) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/**
 * @param sizes length of each parameter array.
 * @throws CitibikeError CORRUPT_ARTIFACT when the bytes are not a checkpoint of a network with these sizes.
 */
export function decodeCheckpoint(bytes: Uint8Array, sizes: readonly number[]): Checkpoint {
  const floats = 3 * sizes.reduce((sum, size) => sum + size, 0);
  const magic = new TextDecoder().decode(bytes.subarray(0, 4));
  const hasTimes = magic === MAGIC;
  if (bytes.byteLength < HEADER_BYTES || !(hasTimes || magic === MAGIC_WITHOUT_TIMES)) {
    throw new CitibikeError(
      'CORRUPT_ARTIFACT',
      `checkpoint of ${bytes.byteLength} bytes: expected the first bytes to be ${MAGIC}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [epoch, step, stored, masks] = [4, 8, 12, 16].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const width = (hasTimes ? 3 : 2) + masks;
  const expected = HEADER_BYTES + epoch * width * 8 + floats * 4;
  if (bytes.byteLength !== expected || stored !== floats) {
    throw new CitibikeError(
      'CORRUPT_ARTIFACT',
      `checkpoint of ${bytes.byteLength} bytes with ${stored} numbers: expected ${expected} with ${floats}`,
    );
  }
  // A copy is aligned. A view into a larger buffer may not be, and `slice` of a Buffer does not copy.
  const { buffer } = new Uint8Array(bytes);
  const records = new Float64Array(buffer, HEADER_BYTES, epoch * width);
  const values = new Float32Array(buffer, HEADER_BYTES + records.byteLength);
  const history = Array.from({ length: epoch }, (_, i): EpochRecord => {
    const record = records.subarray(i * width, (i + 1) * width);
    const [at, loss, learningRate, ...heldOut] = hasTimes ? record : [Number.NaN, ...record];
    return { at: at!, loss: loss!, learningRate: learningRate!, heldOut };
  });
  let at = 0;
  const take = () => sizes.map((size) => values.slice(at, (at += size)));
  const [parameters, first, second] = [take(), take(), take()];
  return {
    epoch,
    loss: history.at(-1)?.loss ?? Number.NaN,
    history,
    parameters,
    adam: { step, first, second },
  };
}
