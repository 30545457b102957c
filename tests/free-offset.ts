import { PORTS } from '../settings.ts';
import { isFree } from '../stack/ports.ts';

/** Above it, a port of the stack could be in Linux's range for outgoing connections, which starts at 32768, and be taken at any time. */
const LARGEST_OFFSET = 24_000;

/** Returns the first port offset from `first` at which all ports of a stack are free. */
export async function freeOffset(first = 20_000): Promise<number> {
  for (let offset = first; offset <= LARGEST_OFFSET; offset += 1_000) {
    const free = await Promise.all(Object.values(PORTS).map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error(
    `no port offset from ${first} to ${LARGEST_OFFSET} at which all ports of the stack are free`,
  );
}
