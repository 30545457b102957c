import { PORTS } from '../settings.ts';
import { isFree } from '../stack/ports.ts';

/** A port offset, from `first`, at which every port of a stack is free: tests run beside whatever is running. */
export async function freeOffset(first = 20_000): Promise<number> {
  for (let offset = first; offset <= 50_000; offset += 1_000) {
    const free = await Promise.all(Object.values(PORTS).map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error(`no port offset from ${first} to 50000 at which all ports of the stack are free`);
}
