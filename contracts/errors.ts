/**
 * The catalogue of errors. `core/` and `adapters/` throw these; one interceptor in the worker turns them into Temporal
 * failures with the code as their type, and the prediction service turns them into problem details. Nothing else may
 * decide what is retryable.
 */
import { outgoingText } from './outgoing-text.ts';
import { showValue } from './show-value.ts';

interface ErrorEntry {
  /** HTTP status when the error reaches a caller of the prediction service or the console. */
  readonly status: number;
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean;
}

const ERROR_CATALOGUE = {
  /** A workflow, command or HTTP input is wrong; the message names the field, the value and what was expected. */
  INVALID_INPUT: { status: 422, retryable: false },
  /** Months asked for are not at the source, or were not ingested. */
  MISSING_MONTHS: { status: 404, retryable: false },
  /** The source answered 404, or the file is not there. */
  SOURCE_NOT_FOUND: { status: 404, retryable: false },
  /** Address that the worker's settings do not allow; the message names the field and the setting. */
  SOURCE_NOT_ALLOWED: { status: 403, retryable: false },
  /** The source could not be reached or broke off. */
  SOURCE_UNAVAILABLE: { status: 503, retryable: true },
  /** A file is not what it should be: truncated, HTML, unknown header, conflict markers; names the file and the line. */
  BAD_ARCHIVE: { status: 422, retryable: false },
  /** Weather is missing for more than can be filled, or in units that cannot be told. */
  BAD_WEATHER: { status: 422, retryable: false },
  /** A data set does not pass its gate. */
  QUALITY_GATE: { status: 422, retryable: false },
  /** An artifact's bytes do not match its reference. */
  CORRUPT_ARTIFACT: { status: 500, retryable: false },
  /** A conditional write lost a race; the retry reads what won. */
  CONFLICT: { status: 409, retryable: true },
  /** Training went wrong in a way that a retry cannot mend: NaN loss, constant target, too few rows. */
  TRAINING_FAILED: { status: 500, retryable: false },
  /** The trainer process died; the retry resumes from the checkpoint. */
  TRAINER_CRASHED: { status: 500, retryable: true },
  /** No model, version or alias of that name. */
  MODEL_NOT_FOUND: { status: 404, retryable: false },
  /** A model's files are broken, or its golden request did not give the golden answer. */
  BAD_MODEL: { status: 500, retryable: false },
  /** A prediction service process refused the version, or none is alive. */
  ROLLOUT_FAILED: { status: 503, retryable: false },
  /** S3, MLflow, Postgres or Temporal did not answer, or answered 5xx. */
  UPSTREAM_UNAVAILABLE: { status: 503, retryable: true },
  /** S3, MLflow or Postgres answered that the request is wrong: ours to mend. */
  UPSTREAM_REFUSED: { status: 502, retryable: false },
  /** A setting is missing or wrong. */
  BAD_SETTING: { status: 500, retryable: false },
  /** A part of the embedded stack cannot be installed or started. */
  STACK: { status: 500, retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/**
 * Represents an error of the catalogue. The message says what happened, to which file, field or month, and
 * what to do. It is bounded and never holds a secret.
 */
export class CitibikeError extends Error {
  override readonly name = 'CitibikeError';
  readonly code: ErrorCode;
  /** Small facts for machines: field, value, file, line, month. Never rows, never secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(outgoingText(message), options);
    this.code = code;
    this.details = details;
  }

  get retryable(): boolean {
    return ERROR_CATALOGUE[this.code].retryable;
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}

/** Returns the message of any thrown value, bounded and without secrets. */
export function messageOf(error: unknown): string {
  if (error instanceof CitibikeError) return error.message;
  if (error instanceof Error) return outgoingText(String(error.message));
  return typeof error === 'string' ? outgoingText(error) : showValue(error);
}

/** Returns the stack frames of an error without its message, bounded and without secrets. */
export function framesOf(error: Error, mostBytes = 1_000): string {
  const frames = String(error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return outgoingText(frames.slice(0, 20).join('\n'), mostBytes);
}
