/** Reads the logs of steps from S3, page by page. The text of a log only grows, so that a reader continues at an offset. */
import {
  runLogsPrefix,
  stepLogPartOf,
  stepLogUri,
  type StepLogKey,
  type StepLogRun,
} from '../../contracts/step-log.ts';
import type { AttemptLogBody, LogPageBody } from './schemas/run-logs.ts';
import type { StorageSource } from './upstreams/storage.ts';

/** Limits the number of bytes of one page, well above the 4 kB of the longest line. */
const PAGE_BYTES = 65_536;
/** Limits the number of attempts that a list names. A step of a healthy run has one. */
const MOST_ATTEMPTS = 5_000;
/** Limits the number of bytes of a whole log. */
export const MOST_WHOLE_BYTES = 8 * 2 ** 20;
const NEWLINE = 10;

interface Part {
  readonly uri: string;
  readonly part: number;
  readonly bytes: number;
}

/** Represents the log of an attempt by its objects. */
export interface AttemptParts {
  readonly step: string;
  readonly attempt: number;
  readonly bytes: number;
  readonly updatedAt: string;
  readonly parts: readonly Part[];
}

export class StepLogReader {
  readonly #storage: Pick<StorageSource, 'list' | 'bytes'>;
  readonly #bucket: string;

  constructor(storage: Pick<StorageSource, 'list' | 'bytes' | 'buckets'>) {
    this.#storage = storage;
    this.#bucket = storage.buckets[0]!;
  }

  /** Lists the attempts of a run that have a log, by step and attempt. */
  async attempts(run: StepLogRun): Promise<AttemptLogBody[]> {
    return (await this.objectsOf(run)).map(({ parts: _parts, ...attempt }) => attempt);
  }

  /** Lists the attempts of a run with their objects, by step and attempt. */
  objectsOf(run: StepLogRun): Promise<AttemptParts[]> {
    return this.#find(runLogsPrefix(this.#bucket, run));
  }

  /** Yields the text of an attempt, object by object from the last one. Each has whole lines. */
  async *fromEnd({ parts }: AttemptParts): AsyncGenerator<string, undefined> {
    for (const { uri, bytes } of parts.toReversed())
      yield (await this.#storage.bytes(uri)).subarray(0, bytes).toString('utf8');
  }

  /**
   * Returns whole lines of an attempt.
   * @param wanted `attempt` is the last one by default. `from` is the offset of the first byte, `before` that after the last byte.
   * Without both, the page ends at the end of the log.
   */
  async page(
    key: StepLogKey,
    {
      attempt,
      from,
      before,
    }: { attempt?: number | undefined; from?: number | undefined; before?: number | undefined },
  ): Promise<LogPageBody> {
    const attempts = await this.#find(stepLogUri(this.#bucket, key));
    const last = attempts.at(-1)?.attempt ?? 0;
    const found = attempts.find((one) => one.attempt === (attempt ?? last));
    if (!found) return { attempt: attempt ?? 0, attempts: last, from: 0, to: 0, bytes: 0, text: '' };
    const { bytes } = found;
    const end = Math.min(bytes, from === undefined ? (before ?? bytes) : from + PAGE_BYTES);
    const start = Math.min(end, from ?? Math.max(0, end - PAGE_BYTES));
    const read = await this.#read(found, start, end);
    // A page has whole lines, so that it never splits a character.
    const skipped = from === undefined && start > 0 ? read.indexOf(NEWLINE) + 1 : 0;
    const length = end === bytes ? read.length : read.lastIndexOf(NEWLINE) + 1 || read.length;
    const text = read.subarray(skipped, length).toString('utf8');
    return { attempt: found.attempt, attempts: last, from: start + skipped, to: start + length, bytes, text };
  }

  /** Returns the log of all attempts. Returns the end of a log that is too long. */
  async whole(key: StepLogKey): Promise<string> {
    const texts: string[] = [];
    let left = MOST_WHOLE_BYTES;
    for (const attempt of (await this.#find(stepLogUri(this.#bucket, key))).reverse()) {
      const start = Math.max(0, attempt.bytes - left);
      const read = await this.#read(attempt, start, attempt.bytes);
      // The first line may be incomplete.
      texts.unshift(read.subarray(start > 0 ? read.indexOf(NEWLINE) + 1 : 0).toString('utf8'));
      left -= attempt.bytes;
      if (left <= 0) break;
    }
    return texts.join('');
  }

  /** Reads bytes of an attempt. The parts may have grown since they were listed. */
  async #read({ parts }: AttemptParts, start: number, end: number): Promise<Buffer> {
    const read: Buffer[] = [];
    let at = 0;
    for (const { uri, bytes } of parts) {
      if (at < end && at + bytes > start) {
        const content = await this.#storage.bytes(uri);
        read.push(content.subarray(Math.max(0, start - at), Math.min(bytes, end - at)));
      }
      at += bytes;
    }
    return Buffer.concat(read);
  }

  async #find(prefix: string): Promise<AttemptParts[]> {
    const byAttempt = new Map<string, AttemptParts & { parts: Part[]; bytes: number; updatedAt: string }>();
    for await (const { uri, bytes, modified } of this.#storage.list(prefix)) {
      const found = stepLogPartOf(uri);
      if (!found) continue;
      const { activityId: step, attempt, part } = found;
      const name = `${step}-${attempt}`;
      if (byAttempt.size >= MOST_ATTEMPTS && !byAttempt.has(name)) break;
      const known = byAttempt.get(name) ?? { step, attempt, bytes: 0, updatedAt: '', parts: [] };
      known.parts.push({ uri, part, bytes });
      known.bytes += bytes;
      known.updatedAt = [known.updatedAt, modified.toISOString()].sort().at(-1)!;
      byAttempt.set(name, known);
    }
    for (const { parts } of byAttempt.values()) parts.sort((a, b) => a.part - b.part);
    return [...byAttempt.values()].sort(
      (a, b) => a.step.localeCompare(b.step, 'en', { numeric: true }) || a.attempt - b.attempt,
    );
  }
}
