/** Returns each text once, ordered by UTF-8 bytes. */
export function sortedTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
