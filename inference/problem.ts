/** Errors as RFC 9457 problem details: what every answer of 400 and above carries as `application/problem+json`. */
import { STATUS_CODES } from 'node:http';
import { CitibikeError, messageOf } from '../contracts/errors.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** One thing wrong with a request. `row` counts from 0 in `input_data`; null when it is not about one row. */
export interface FieldError {
  readonly row: number | null;
  readonly field: string;
  readonly message: string;
  /** Absent when nothing was sent. */
  readonly got?: unknown;
}

/** The last part of a problem's `type`; each is stable and may be matched on. */
export type ProblemKind =
  | 'invalid-input'
  | 'malformed-json'
  | 'unsupported-media-type'
  | 'body-too-large'
  | 'not-found'
  | 'method-not-allowed'
  | 'unauthorized'
  | 'too-many-requests'
  | 'request-timeout'
  | 'not-ready'
  | 'overloaded'
  | 'deadline-exceeded'
  | 'bad-request'
  | 'internal-error';

interface ProblemFacts {
  readonly errors?: readonly FieldError[];
  /** Seconds until a retry makes sense; becomes the `Retry-After` header. */
  readonly retryAfter?: number;
  /** Methods that the route has; becomes the `Allow` header. */
  readonly allow?: readonly string[];
  /** Scheme that the caller should show who it is by; becomes the `WWW-Authenticate` header. */
  readonly authenticate?: string;
}

/** An error whose message is meant for the caller, whatever its status. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly facts: ProblemFacts;

  constructor(status: number, kind: ProblemKind, detail: string, facts: ProblemFacts = {}) {
    super(detail);
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
    instance,
    request_id: requestId,
    ...(problem.facts.errors ? { errors: problem.facts.errors } : {}),
  };
}

/** Fastify's own refusals, by their code. */
const FASTIFY_PROBLEMS: Readonly<Record<string, { kind: ProblemKind; detail: string }>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { kind: 'malformed-json', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    kind: 'malformed-json',
    detail: 'The body is empty; send {"input_data": [...]}.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'unsupported-media-type',
    detail: 'Send the body as Content-Type: application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    kind: 'body-too-large',
    detail: 'The body is larger than this service reads; send fewer rows in one request.',
  },
};

/** Any error as a problem. What went wrong inside is told to the log and not to the caller. */
export function asProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof CitibikeError && error.status < 500) {
    return new HttpProblem(error.status, error.status === 404 ? 'not-found' : 'invalid-input', error.message);
  }
  const { statusCode = 500, code = '' } = error as { statusCode?: number; code?: string };
  const known = FASTIFY_PROBLEMS[code];
  if (known) return new HttpProblem(statusCode, known.kind, known.detail);
  if (statusCode >= 400 && statusCode < 500)
    return new HttpProblem(statusCode, 'bad-request', messageOf(error));
  return new HttpProblem(
    500,
    'internal-error',
    'The service failed on this request; its log has the cause under the request id.',
  );
}
