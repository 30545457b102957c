/** Represents an error answer, read from its problem details (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  /** Names each wrong field and what is wrong with it. */
  readonly errors: readonly { readonly field: string; readonly message: string }[];

  constructor(status: number, message: string, errors: ApiProblem['errors'] = []) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.errors = errors;
  }
}

interface ProblemBody {
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
}

/** @param body whatever the server answered, JSON or not. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const { title, detail, errors } = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody;
  const said = [detail, title].find((text): text is string => typeof text === 'string' && text !== '');
  const fields = Array.isArray(errors) ? errors.filter(isFieldError) : [];
  return new ApiProblem(status, said ?? `the console's server answered ${status}`, fields);
}

function isFieldError(value: unknown): value is { field: string; message: string } {
  const { field, message } = (value ?? {}) as { field?: unknown; message?: unknown };
  return typeof field === 'string' && typeof message === 'string';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
