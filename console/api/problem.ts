/** Errors as RFC 9457 problem details, as the prediction service answers them. */
import { STATUS_CODES } from 'node:http';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export interface FieldError {
  readonly field: string;
  readonly message: string;
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
  | 'forbidden-origin'
  | 'too-many-attempts'
  | 'conflict'
  | 'upstream-unavailable'
  | 'bad-request'
  | 'internal-error';

/** An error whose message is meant for the caller, whatever its status. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly errors: readonly FieldError[];
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    kind: ProblemKind,
    detail: string,
    facts: { readonly errors?: readonly FieldError[]; readonly retryAfter?: number } = {},
  ) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.errors = facts.errors ?? [];
    this.retryAfter = facts.retryAfter;
  }
}

export function problemDetails(problem: HttpProblem, instance: string, requestId: string): object {
  return {
    type: `urn:citibike:problem:${problem.kind}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    instance,
    request_id: requestId,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  };
}

const FASTIFY_PROBLEMS: Readonly<Record<string, { kind: ProblemKind; detail: string }>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { kind: 'malformed-json', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { kind: 'malformed-json', detail: 'The body is empty; send a JSON object.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'unsupported-media-type',
    detail: 'Send the body as Content-Type: application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    kind: 'body-too-large',
    detail: 'The body is larger than the console reads.',
  },
};

function kindOf(status: number): ProblemKind {
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  return status >= 500 ? 'upstream-unavailable' : 'invalid-input';
}

/** Any error as a problem. Upstreams' own words are for people and are passed on; what went wrong inside is told to the log only. */
export function asProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof CitibikeError && (error.status < 500 || /^UPSTREAM_/.test(error.code))) {
    const problems = error.details['problems'];
    const errors = Array.isArray(problems)
      ? (problems as { field: string; wanted: string; got: unknown }[]).map(({ field, wanted, got }) => ({
          field,
          message: `expected ${wanted}`,
          ...(got === undefined ? {} : { got }),
        }))
      : [];
    return new HttpProblem(error.status, kindOf(error.status), error.message, { errors });
  }
  const { statusCode = 500, code = '' } = error as { statusCode?: number; code?: string };
  const known = FASTIFY_PROBLEMS[code];
  if (known) return new HttpProblem(statusCode, known.kind, known.detail);
  if (statusCode >= 400 && statusCode < 500)
    return new HttpProblem(statusCode, 'bad-request', messageOf(error));
  return new HttpProblem(
    500,
    'internal-error',
    'The console failed on this request; its log has the cause under the request id.',
  );
}
