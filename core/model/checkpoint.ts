/** The whole state of a training between two epochs as bytes; shuffles follow from seed and epoch, so that no more is needed. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { AdamState } from './adam.ts';

export interface Checkpoint {
  /** Epochs done. */
  readonly epoch: number;
  readonly loss: number;
  readonly parameters: readonly Float32Array[];
  readonly adam: AdamState;
}

/** First bytes of a checkpoint, with its version. */
const MAGIC = 'CBK1';
/** MAGIC, then epoch, Adam step (uint32) and number of floats (uint32), loss (float64), little endian. */
const HEADER_BYTES = 24;

export function encodeCheckpoint({ epoch, loss, parameters, adam }: Checkpoint): Uint8Array {
  const arrays = [...parameters, ...adam.first, ...adam.second];
  const floats = arrays.reduce((sum, array) => sum + array.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + floats * 4);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, epoch, true);
  view.setUint32(8, adam.step, true);
  view.setUint32(12, floats, true);
  view.setFloat64(16, loss, true);
  let at = HEADER_BYTES;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/**
 * @param sizes length of each parameter array.
 * @throws CitibikeError CORRUPT_ARTIFACT when the bytes are no checkpoint of such a network.
 */
export function decodeCheckpoint(bytes: Uint8Array, sizes: readonly number[]): Checkpoint {
  const floats = 3 * sizes.reduce((sum, size) => sum + size, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole =
    bytes.byteLength === HEADER_BYTES + floats * 4 &&
    new TextDecoder().decode(bytes.subarray(0, 4)) === MAGIC &&
    view.getUint32(12, true) === floats;
  if (!whole) {
    throw new CitibikeError(
      'CORRUPT_ARTIFACT',
      `checkpoint of ${bytes.byteLength} bytes: expected ${HEADER_BYTES + floats * 4} that begin with ${MAGIC}`,
    );
  }
  // Copied, because a view into a larger buffer need not be aligned to four bytes (slice of a Buffer would not copy).
  const values = new Float32Array(new Uint8Array(bytes.subarray(HEADER_BYTES)).buffer);
  let at = 0;
  const take = () => sizes.map((size) => values.slice(at, (at += size)));
  const [parameters, first, second] = [take(), take(), take()];
  return {
    epoch: view.getUint32(4, true),
    loss: view.getFloat64(16, true),
    parameters,
    adam: { step: view.getUint32(8, true), first, second },
  };
}
