/** Longer than this, a message is no line of progress any more; `citibike runs` has the whole of it. */
const LONGEST = 160;

/** What a step that is tried again waits for: the attempt, and the first line of what its last one failed for. Empty for a first attempt. */
export function retryNote(attempt: number, failure: string | undefined): string {
  if (attempt <= 1 || !failure) return '';
  const line = failure.split('\n', 1)[0]!.trim();
  return `attempt ${attempt}: ${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}`;
}
