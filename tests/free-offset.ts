import { PORTS } from '../settings.ts';
import { isFree } from '../stack/ports.ts';

/** Returns the first port offset from `first` at which all ports of a stack are free. */
export async function freeOffset(first = 20_000): Promise<number> {
  for (let offset = first; offset <= 50_000; offset += 1_000) {
    const free = await Promise.all(Object.values(PORTS).map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error(`no port offset from ${first} to 50000 at which all ports of the stack are free`);
}
