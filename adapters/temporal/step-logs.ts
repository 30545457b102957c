/**
 * Writes the log of each attempt of a step while it runs: the lines that the activity logged, and the outcome. The logs never block
 * the work: they are bounded in size and number, and retried while S3 is unavailable. Dropped logs are counted and logged.
 */
import type { Logger, LogLevel, LogMetadata } from '@temporalio/common';
import { CitibikeError, framesOf, messageOf } from '../../contracts/errors.ts';
import { outgoingText } from '../../contracts/outgoing-text.ts';
import { isSecretName } from '../../contracts/secret-names.ts';
import { boundedJson, showValue } from '../../contracts/show-value.ts';
import { stepLogUri } from '../../contracts/step-log.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import { AttemptLog } from './attempt-log.ts';

const MOST_QUEUED = 500;
const RETRY_MS = 2_000;
const CLOSE_MS = 5_000;
const MOST_CAUSES = 20;
/** Limits the number of characters of one fact of a line. */
const MOST_FACT = 300;

/** Represents the part of Temporal's activity info that names an attempt. */
export interface StepAttempt {
  readonly activityId: string;
  readonly activityType: string;
  readonly attempt: number;
  readonly workflowExecution?: { readonly workflowId: string; readonly runId: string } | undefined;
}

export class StepLogs {
  readonly #objects: Pick<ObjectStore, 'put' | 'buckets'>;
  readonly #warn: (message: string) => void;
  readonly #open = new Map<string, AttemptLog>();
  /** Text by address. A newer text of an object replaces the one that waits. */
  readonly #queue = new Map<string, string>();
  #draining: Promise<void> | undefined;
  #closed = false;
  #dropped = 0;

  constructor(objects: Pick<ObjectStore, 'put' | 'buckets'>, warn: (message: string) => void) {
    this.#objects = objects;
    this.#warn = warn;
  }

  started(step: StepAttempt, worker: string): void {
    const key = keyOf(step);
    if (key === undefined) return;
    const { workflowId, runId } = step.workflowExecution!;
    const place = { workflowId, runId, activityId: step.activityId };
    const log = new AttemptLog((part, text) =>
      this.#enqueue(stepLogUri(this.#objects.buckets.artifacts, place, step.attempt, part), text),
    );
    this.#open.set(key, log);
    log.add(lineOf('INFO', `${step.activityType}, attempt ${step.attempt}, on ${worker}`));
  }

  /** Adds a line to the log of a running step, and ignores all other lines. */
  logged(level: string, message: string, meta: LogMetadata | undefined): void {
    const key = keyOf({
      activityId: String(meta?.['activityId']),
      activityType: '',
      attempt: Number(meta?.['attempt']),
      workflowExecution: { workflowId: String(meta?.['workflowId']), runId: String(meta?.['workflowRunId']) },
    });
    if (key !== undefined) this.#open.get(key)?.add(lineOf(level, `${message}${factsOf(meta)}`));
  }

  /** Ends the log of an attempt. @param failure the thrown error; undefined if the attempt succeeded. */
  ended(step: StepAttempt, outcome: 'completed' | 'cached' | 'failed', failure?: unknown): void {
    const key = keyOf(step);
    const log = key === undefined ? undefined : this.#open.get(key);
    if (key === undefined || !log) return;
    this.#open.delete(key);
    if (outcome !== 'failed')
      log.add(lineOf('INFO', outcome === 'cached' ? 'found: it was made before' : 'completed'));
    else for (const line of chainOf(failure)) log.add(lineOf('ERROR', line));
    log.end();
  }

  /** Writes the logs so far, if S3 accepts them within a few seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const log of this.#open.values()) log.flush();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#draining ?? Promise.resolve(), late]);
    clearTimeout(timer);
  }

  #enqueue(uri: string, text: string): void {
    if (this.#queue.size >= MOST_QUEUED && !this.#queue.has(uri)) {
      this.#queue.delete(this.#queue.keys().next().value!);
      this.#dropped += 1;
      if (this.#dropped === 1 || this.#dropped % 100 === 0)
        this.#warn(`step logs dropped because S3 is unavailable: ${this.#dropped} so far`);
    }
    this.#queue.set(uri, text);
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      const [uri, text] = next;
      try {
        await this.#objects.put(uri, text, { contentType: 'text/plain; charset=utf-8' });
      } catch (error) {
        this.#warn(`step log not written: ${messageOf(error)}`);
        if (error instanceof CitibikeError && error.retryable) {
          if (this.#closed) break;
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
          continue;
        }
      }
      // The text may have grown while it was written.
      if (this.#queue.get(uri) === text) this.#queue.delete(uri);
    }
    this.#draining = undefined;
  }

  #next(): [string, string] | undefined {
    return this.#queue.entries().next().value;
  }
}

/** Returns the facts of a message by name. Symbol keys mark Temporal's own facts. */
function outgoingFacts(facts: LogMetadata): LogMetadata {
  const safe: LogMetadata = { ...facts };
  for (const [name, value] of Object.entries(facts)) {
    if (value instanceof Error) safe[name] = `${messageOf(value)}\n${framesOf(value, MOST_FACT)}`;
    else if (typeof value === 'string')
      safe[name] = isSecretName(name) ? '***' : outgoingText(value, MOST_FACT);
    else if (typeof value === 'object' && value !== null) safe[name] = boundedJson(value, MOST_FACT);
  }
  return safe;
}

/** Passes every line on, and adds lines of activities to the log of their step, independent of the worker's log level. */
export function loggerWithSteps(inner: Logger, steps: StepLogs): Logger {
  const write = (level: LogLevel, text: string, facts?: LogMetadata): void => {
    const message = outgoingText(text);
    const meta = facts && outgoingFacts(facts);
    inner.log(level, message, meta);
    if (level !== 'TRACE' && level !== 'DEBUG') steps.logged(level, message, meta);
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

function keyOf({ activityId, attempt, workflowExecution }: StepAttempt): string | undefined {
  return (
    workflowExecution &&
    `${workflowExecution.workflowId}\n${workflowExecution.runId}\n${activityId}\n${attempt}`
  );
}

function lineOf(level: string, message: string): string {
  // Continuation lines are indented, so that a message cannot forge a line of another step.
  const flat = outgoingText(message).replace(/[\r\n]+/g, '\n    ');
  return `${new Date().toISOString()} ${level.padEnd(5)} ${flat}`;
}

/** Matches the facts that Temporal adds to every line, which the name of the log already contains. */
const OWN_FACTS =
  /^(isLocal|attempt|namespace|taskToken|workflowId|workflowRunId|workflowType|activityId|activityType|activityRunId|taskQueue|sdkComponent|error)$/;

function factsOf(meta: LogMetadata | undefined): string {
  const facts = Object.entries(meta ?? {}).filter(([name]) => !OWN_FACTS.test(name));
  return outgoingText(facts.map(([name, value]) => ` ${name}=${showValue(value, MOST_FACT)}`).join(''));
}

/** Formats a failure and its causes, outermost first, the innermost with its stack. */
function chainOf(failure: unknown): string[] {
  const lines: string[] = [];
  for (let here = failure; here !== undefined && lines.length < MOST_CAUSES;) {
    const code = here instanceof CitibikeError ? ` [${here.code}]` : '';
    lines.push(`${lines.length === 0 ? 'failed' : 'caused by'}${code}: ${messageOf(here)}`);
    const cause = here instanceof Error ? here.cause : undefined;
    if (cause === undefined && here instanceof Error) lines.push(framesOf(here));
    here = cause;
  }
  return lines;
}
