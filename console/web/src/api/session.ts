/** The token for reading, where that needs one: also in a cookie, for downloads and frames, which the browser fetches by itself. */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from './client.ts';
import { keepToken } from './token.ts';

/** Said by the page that the server sent (plugins/web.ts), so that on the loopback nothing is asked first. */
export const readNeedsToken = document.documentElement.dataset['reads'] === 'token';

/** Whether this browser may see the pages; undefined until the server has said so. */
export function useMayRead(): boolean | undefined {
  const { data, isError } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/session', { signal })),
    enabled: readNeedsToken,
    // A token may be taken away.
    refetchInterval: 30_000,
  });
  // Where not even this is answered, each page says so.
  return !readNeedsToken || isError || data?.mayRead;
}

/** @throws ApiProblem when the token is refused; it is not kept then. */
export async function comeIn(token: string): Promise<void> {
  keepToken(token);
  await bodyOf(api.POST('/api/session', { body: {} }));
}

export async function goOut(): Promise<void> {
  keepToken(undefined);
  await bodyOf(api.DELETE('/api/session'));
}
