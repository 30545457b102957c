/**
 * Spells one path in many ways, as a request line carries them. Routers, proxies and file systems treat some
 * of them as the same path.
 */

const hex = (char: string): string => `%${char.charCodeAt(0).toString(16)}`;

export function spellingsOf(path: string): Record<string, string> {
  const [, first = '', ...rest] = path.split('/');
  const tail = rest.length > 0 ? `/${rest.join('/')}` : '';
  const letter = first.slice(0, 1);
  return {
    'as declared': path,
    'a percent-encoded letter': `/${letter && hex(letter)}${first.slice(1)}${tail}`,
    'every letter percent-encoded': path.replace(/[a-z]/gi, hex),
    'a doubly encoded letter': `/${letter && `%25${hex(letter).slice(1)}`}${first.slice(1)}${tail}`,
    'encoded slashes': `/${path.slice(1).replaceAll('/', '%2F')}`,
    'encoded slashes in lower case': `/${path.slice(1).replaceAll('/', '%2f')}`,
    'an encoded first slash': `/%2F${path.slice(1)}`,
    'absolute form': `http://x${path}`,
    'absolute form with a user': `http://user:word@127.0.0.1${path}`,
    'a scheme in capitals': `HTTP://x${path}`,
    'two slashes first': `/${path}`,
    'two slashes inside': `/${first}/${tail}`,
    'a dot first': `/.${path}`,
    'a dot inside': `/${first}/.${tail}`,
    'up and down again': `/livez/..${path}`,
    'up and down again, encoded': `/livez/%2e%2e${path}`,
    'a slash last': `${path}/`,
    'upper case': path.toUpperCase(),
    'a path parameter': `${path};x`,
    'a path parameter inside': `/${first};x=y${tail}`,
    'a zero byte': `${path}%00`,
    'a zero byte and an extension': `${path}%00.css`,
    'an extension': `${path}.css`,
    'a query that looks public': `${path}?/livez`,
    'behind a public path and a query': `/livez?${path}`,
    'a fragment': `${path}#/livez`,
    backslashes: path.replaceAll('/', '\\'),
    'a full-width letter': `/%EF%BD%81${first.slice(1)}${tail}`,
    'an overlong slash': `/${path.slice(1).replaceAll('/', '%c0%af')}`,
    'broken encoding': `${path}%zz`,
  };
}
