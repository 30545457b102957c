/** Calls the console's API, typed by its OpenAPI document. */
import createClient from 'openapi-fetch';
import type { paths } from '../api-types.d.ts';
import { ApiProblem, problemOf } from './problem.ts';
import { keepToken, storedToken } from './token.ts';

export const api = createClient<paths>({ baseUrl: '/' });

api.use({
  onRequest({ request }) {
    const token = storedToken();
    // A caller that checks a token sends it itself.
    if (token && !request.headers.has('authorization'))
      request.headers.set('authorization', `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    // Forgets a rejected token, so that the console asks for one again.
    const isStored = request.headers.get('authorization') === `Bearer ${storedToken()}`;
    if (response.status === 401 && isStored) keepToken(undefined);
  },
});

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the body of an answer.
 * @throws ApiProblem why the server rejected the request, or that it does not answer (status 0).
 */
export async function bodyOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(
      0,
      'the console does not answer; run "citibike status" to see whether the stack runs',
    );
  }
  if (!answer.response.ok) throw problemOf(answer.response.status, answer.error);
  return answer.data as T;
}
