/** The token for reading, where that needs one: also in a cookie, for downloads and frames, which the browser fetches by itself. */
import { api, bodyOf } from './client.ts';
import { keepToken } from './token.ts';

/** @throws ApiProblem when the token is refused; it is not kept then. */
export async function comeIn(token: string): Promise<void> {
  keepToken(token);
  await bodyOf(api.POST('/api/session', { body: {} }));
}

export async function goOut(): Promise<void> {
  keepToken(undefined);
  await bodyOf(api.DELETE('/api/session'));
}
