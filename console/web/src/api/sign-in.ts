/** Signs in where reading needs a token. A cookie serves downloads and frames, which the browser fetches itself. */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from './api-client.ts';
import { refetchAfter } from './refetch-interval.ts';
import { keepToken } from './token.ts';

/** The server marks its page (plugins/web.ts), so that on the loopback no request comes first. */
export const readNeedsToken = document.documentElement.dataset['reads'] === 'token';

/** Returns whether this browser may see the pages; undefined until the server has answered. */
export function useMayRead(): boolean | undefined {
  const { data, isError } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/session', { signal })),
    enabled: readNeedsToken,
    // Someone may revoke the token.
    refetchInterval: refetchAfter(30_000),
  });
  // If even this fails, each page shows the error.
  return !readNeedsToken || isError || data?.mayRead;
}

/** @throws ApiProblem when the server rejects the token, which is not kept then. */
export async function signIn(token: string): Promise<void> {
  keepToken(token);
  await bodyOf(api.POST('/api/session', { body: {} }));
}

/**
 * Checks a token, and keeps it if it permits actions.
 * @returns its name.
 * @throws ApiProblem when the server rejects the token, which is not kept then.
 */
export async function checkToken(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const { name } = await bodyOf(api.GET('/api/token', { headers }));
  if (readNeedsToken) await signIn(token);
  else keepToken(token);
  return name;
}

export async function signOut(): Promise<void> {
  keepToken(undefined);
  await bodyOf(api.DELETE('/api/session'));
}
