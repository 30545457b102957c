/** Runs `body` for each item, at most `width` at once. Returns the answers in the order of the items. The first error wins. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  body: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers = new Array<R>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      answers[index] = await body(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return answers;
}
