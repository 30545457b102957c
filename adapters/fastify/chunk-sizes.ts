/** Limits how small the chunks of a body may be, because each chunk costs time however small it is. */

/** Sets the number of chunks above which a body must average at least `LEAST_CHUNK_BYTES` bytes per chunk. */
export const FREE_CHUNKS = 1_000;
export const LEAST_CHUNK_BYTES = 16;

export function isTinyChunked(bytes: number, chunks: number): boolean {
  return chunks > FREE_CHUNKS && bytes < chunks * LEAST_CHUNK_BYTES;
}
