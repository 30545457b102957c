/**
 * Defines the catalogue of errors that all code throws. An interceptor of the worker converts them to Temporal failures whose
 * type is the code. The prediction service converts them to problem details. Only this catalogue decides what is retryable.
 */
import { outgoingText } from './outgoing-text.ts';
import { showValue } from './show-value.ts';

interface ErrorEntry {
  /** HTTP status when the error reaches a caller of the prediction service or the console. */
  readonly status: number;
  /** True if the same call may succeed later without any change. */
  readonly retryable: boolean;
}

const ERROR_CATALOGUE = {
  /** A workflow, command or HTTP input is invalid. The message names the field, the value and the expected form. */
  INVALID_INPUT: { status: 422, retryable: false },
  /** The source lacks requested months, or they were never ingested. */
  MISSING_MONTHS: { status: 404, retryable: false },
  /** The source answered 404, or the file does not exist. */
  SOURCE_NOT_FOUND: { status: 404, retryable: false },
  /** The worker's settings do not allow an address. The message names the field and the setting. */
  SOURCE_NOT_ALLOWED: { status: 403, retryable: false },
  /** The source is unreachable, or the connection broke. */
  SOURCE_UNAVAILABLE: { status: 503, retryable: true },
  /** A file is invalid: truncated, HTML, an unknown header or conflict markers. The message names the file and the line. */
  BAD_ARCHIVE: { status: 422, retryable: false },
  /** Weather is missing for longer than the limit for filling, or its units are unknown. */
  BAD_WEATHER: { status: 422, retryable: false },
  /** A data set fails its quality gate. */
  QUALITY_GATE: { status: 422, retryable: false },
  /** An artifact's bytes do not match its reference. */
  CORRUPT_ARTIFACT: { status: 500, retryable: false },
  /** A conditional write lost a race. The retry reads the winner. */
  CONFLICT: { status: 409, retryable: true },
  /** Training failed, and a retry would fail again: NaN loss, constant target, too few rows. */
  TRAINING_FAILED: { status: 500, retryable: false },
  /** The trainer process died. The retry resumes from the checkpoint. */
  TRAINER_CRASHED: { status: 500, retryable: true },
  /** No model, version or alias has this name. */
  MODEL_NOT_FOUND: { status: 404, retryable: false },
  /** A model's files are broken, or it gave another answer to its golden request. */
  BAD_MODEL: { status: 500, retryable: false },
  /** A process of the prediction service failed to load the version, or none is alive. */
  ROLLOUT_FAILED: { status: 503, retryable: false },
  /** S3, MLflow, Postgres or Temporal did not answer, or answered 5xx. */
  UPSTREAM_UNAVAILABLE: { status: 503, retryable: true },
  /** S3, MLflow or Postgres rejected the request, which points to a bug or a wrong setting. */
  UPSTREAM_REFUSED: { status: 502, retryable: false },
  /** A setting is missing or wrong. */
  BAD_SETTING: { status: 500, retryable: false },
  /** A service of the local stack cannot be installed or started. */
  STACK: { status: 500, retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Tells whether a failure, by its type, says what is wrong and what to do. Its causes have raw messages of libraries. */
export function isErrorCode(type: unknown): type is ErrorCode {
  return typeof type === 'string' && Object.hasOwn(ERROR_CATALOGUE, type);
}

/**
 * Represents an error of the catalogue. The message names the problem, the file, field or month, and what to do. It is bounded
 * and never holds a secret.
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
