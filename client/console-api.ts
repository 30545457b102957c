/** Calls the console's API, so that the command line shows what the pages show, also for runs that Temporal has deleted. */
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { loadSettings, type Settings } from '../settings.ts';

/** Allows for a first page with an upstream that does not answer. */
const TIMEOUT_MS = 15_000;

interface Upstreams {
  readonly [name: string]: { readonly state: 'up' | 'down'; readonly error?: string } | undefined;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Returns the `data` of an answer.
 * @throws CitibikeError UPSTREAM_UNAVAILABLE if the console or a server that the answer needs is unavailable; otherwise the
 * console's own problem.
 */
export async function askConsole<T>(path: string, query: Query = {}): Promise<T> {
  const { data, upstreams } = (await (await get(path, query)).json()) as { data: T; upstreams: Upstreams };
  const away = Object.entries(upstreams).find(([, upstream]) => upstream?.state === 'down');
  const isEmpty = data === null || (typeof data === 'object' && 'items' in data && data.items === null);
  if (isEmpty && away) {
    const [name, upstream] = away;
    throw new CitibikeError(
      'UPSTREAM_UNAVAILABLE',
      `${name} does not answer: ${upstream?.error ?? 'no reason given'}`,
    );
  }
  return data;
}

/** Returns the address of a page or route of the console on this machine. */
export function consoleUrl({ console: { port } }: Settings, path: string): URL {
  return new URL(path, `http://127.0.0.1:${port}`);
}

async function get(path: string, query: Query): Promise<Response> {
  const settings = loadSettings();
  const { token } = settings;
  const url = consoleUrl(settings, path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  let response: Response;
  try {
    response = await fetch(url, {
      redirect: 'manual',
      // The console requires a token for reading when it listens beyond the loopback.
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new CitibikeError(
      'UPSTREAM_UNAVAILABLE',
      `the console does not answer at ${url.origin} (${messageOf(error)}); start it with 'citibike up'`,
      {},
      { cause: error },
    );
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new CitibikeError(
    response.status === 404 ? 'SOURCE_NOT_FOUND' : 'UPSTREAM_REFUSED',
    problem.detail ?? `the console answered ${response.status} for ${url.pathname}`,
  );
}
