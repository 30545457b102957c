/** Converts errors to RFC 9457 problem details, which every answer of 400 and above carries as `application/problem+json`. */
import { STATUS_CODES } from 'node:http';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { outgoingText } from '../../contracts/outgoing-text.ts';
import { showName } from '../../contracts/show-value.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** Represents an error of one field of a request. If bodies have rows, `row` is the index from 0, or null for an error outside of rows. */
export interface FieldError {
  readonly row?: number | null;
  readonly field: string;
  readonly message: string;
  /** Received value; absent if nothing was sent. */
  readonly got?: unknown;
}

/** Represents the last segment of a problem's `type`. These are stable, so that callers may compare them. */
export type ProblemKind =
  | 'invalid-input'
  | 'malformed-json'
  | 'unsupported-media-type'
  | 'body-too-large'
  | 'not-found'
  | 'method-not-allowed'
  | 'unauthorized'
  | 'forbidden-origin'
  | 'too-many-attempts'
  | 'too-many-requests'
  | 'request-timeout'
  | 'not-ready'
  | 'no-forecast'
  | 'overloaded'
  | 'deadline-exceeded'
  | 'conflict'
  | 'upstream-unavailable'
  | 'bad-request'
  | 'internal-error';

/** Limits the number of characters of the path that a problem repeats. */
const MOST_INSTANCE = 200;

interface ProblemFacts {
  readonly errors?: readonly FieldError[];
  /** Seconds until a retry makes sense; becomes the `Retry-After` header. */
  readonly retryAfter?: number;
  /** Methods that the route has; becomes the `Allow` header. */
  readonly allow?: readonly string[];
  /** Authentication scheme that the caller should use; becomes the `WWW-Authenticate` header. */
  readonly authenticate?: string;
  /** Media type that the server reads; becomes the `Accept` header. */
  readonly accept?: string;
  /** Content coding that the server reads; becomes the `Accept-Encoding` header. */
  readonly acceptEncoding?: string;
}

/** Represents an error whose message is meant for the caller at any status. The message is bounded and holds no secrets. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly facts: ProblemFacts;

  constructor(status: number, kind: ProblemKind, detail: string, facts: ProblemFacts = {}) {
    super(outgoingText(detail));
    this.status = status;
    this.kind = kind;
    this.facts = facts;
  }
}

export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

export function problemDetails(problem: HttpProblem, instance: string, requestId: string): ProblemDetails {
  return {
    type: `urn:citibike:problem:${problem.kind}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    instance: showName(instance, MOST_INSTANCE),
    request_id: requestId,
    ...(problem.facts.errors?.length ? { errors: problem.facts.errors } : {}),
  };
}

/** Defines how a service reports errors. */
export interface ProblemStyle {
  readonly emptyBody: string;
  readonly bodyTooLarge: string;
  /** Detail of an internal error, whose cause is only logged. */
  readonly failed: string;
  /** True to pass on messages of S3, MLflow, Postgres and Temporal: to operators, not to callers of predictions. */
  readonly tellsUpstreams: boolean;
}

/** Problems for Fastify's own errors, by code. */
const FASTIFY_PROBLEMS: Readonly<
  Record<string, { kind: ProblemKind; detail: (style: ProblemStyle) => string }>
> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { kind: 'malformed-json', detail: () => 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { kind: 'malformed-json', detail: (style) => style.emptyBody },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'unsupported-media-type',
    detail: () => 'Send the body as Content-Type: application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { kind: 'body-too-large', detail: (style) => style.bodyTooLarge },
};

function kindOf(status: number): ProblemKind {
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  return status >= 500 ? 'upstream-unavailable' : 'invalid-input';
}

/** Returns the field errors of a rejected input. */
function fieldErrorsOf(error: CitibikeError): FieldError[] | undefined {
  const problems = error.details['problems'];
  if (!Array.isArray(problems)) return undefined;
  return (problems as readonly { field: string; wanted: string; got?: unknown }[]).map(
    ({ field, wanted, got }) => ({
      field,
      message: `expected ${wanted}`,
      got,
    }),
  );
}

function isTold({ status, code }: CitibikeError, { tellsUpstreams }: ProblemStyle): boolean {
  return status < 500 || (tellsUpstreams && code.startsWith('UPSTREAM_'));
}

/** Converts any error to a problem. Details of internal errors are only logged. */
export function asProblem(error: unknown, style: ProblemStyle): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof CitibikeError && isTold(error, style)) {
    const errors = fieldErrorsOf(error);
    return new HttpProblem(error.status, kindOf(error.status), error.message, errors ? { errors } : {});
  }
  const { statusCode = 500, code = '' } = error as { statusCode?: number; code?: string };
  const known = FASTIFY_PROBLEMS[code];
  if (known) return new HttpProblem(statusCode, known.kind, known.detail(style));
  if (statusCode >= 400 && statusCode < 500)
    return new HttpProblem(statusCode, 'bad-request', messageOf(error));
  return new HttpProblem(500, 'internal-error', style.failed);
}
