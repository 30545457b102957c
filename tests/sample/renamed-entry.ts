/** Renames an entry of a zip in place to a name that zip libraries reject. Both names have the same length. */
export function renamedEntry(zip: Buffer, from: string, to: string): Buffer {
  if (Buffer.byteLength(from) !== Buffer.byteLength(to))
    throw new RangeError(`${from} and ${to} differ in length`);
  const renamed = Buffer.from(zip);
  for (let at = renamed.indexOf(from); at >= 0; at = renamed.indexOf(from, at + 1)) renamed.write(to, at);
  return renamed;
}
