/** Merges logs by time. An entry is a line that begins with its time, with the lines that continue it. */
import { inParallel } from '../contracts/in-parallel.ts';
import { timeOfLine } from '../contracts/step-log.ts';

export interface LogEntry {
  readonly label: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly lines: readonly string[];
}

/** Yields the entries of a log. @param texts whole lines. */
export async function* logEntries(
  label: string,
  texts: AsyncIterable<string>,
): AsyncGenerator<LogEntry, undefined> {
  let time = '';
  let lines: string[] = [];
  for await (const text of texts) {
    for (const line of text.split('\n').slice(0, -1)) {
      const own = timeOfLine(line);
      if (own !== undefined && lines.length > 0) {
        yield { label, time, lines };
        lines = [];
      }
      time = own ?? time;
      lines.push(line);
    }
  }
  if (lines.length > 0) yield { label, time, lines };
}

/**
 * Yields the entries of all logs, oldest first, with one page of each log in memory.
 * @param width number of first pages that are read at once.
 */
export async function* mergedByTime(
  logs: readonly AsyncGenerator<LogEntry, undefined>[],
  width: number,
): AsyncGenerator<LogEntry, undefined> {
  const next = async (log: AsyncGenerator<LogEntry, undefined>) => {
    const { value: entry } = await log.next();
    return entry ? [{ log, entry }] : [];
  };
  const open = (await inParallel(logs, width, next)).flat();
  while (open.length > 0) {
    const oldest = open.reduce((a, b) => (b.entry.time < a.entry.time ? b : a));
    yield oldest.entry;
    open.splice(open.indexOf(oldest), 1, ...(await next(oldest.log)));
  }
}
