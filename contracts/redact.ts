/**
 * Removes secrets from all outgoing texts: failures, records, logs, the webhook, problem details and the
 * command line. Each step reads the text once from left to right, so the time is linear in its length. In
 * doubt it hides too much.
 */
import { withoutNamedSecrets } from './secret-names.ts';

const HIDDEN = '***';

/** Limits the number of characters to search for user info after an unencoded `/`, as in `user:pa/ss@host`. */
const LOOK_AHEAD = 512;

/** Holds the known secret values of this process, longest first, because one may start with another. */
let known: readonly string[] = [];

/**
 * Hides these values in all later texts. Ignores short values and plain words, because too many texts contain
 * them.
 */
export function hideSecrets(values: Iterable<string>): void {
  const secrets = [...values].filter((value) => value.length >= 8 && !/^[a-z]{1,15}$/i.test(value));
  known = [...new Set([...known, ...secrets])].sort((a, b) => b.length - a.length);
}

/**
 * Returns the text without known secrets, private keys, user info of addresses, bearer and basic tokens, and
 * values of secret names.
 */
export function redact(text: string): string {
  let safe = text;
  for (const secret of known) if (safe.includes(secret)) safe = safe.replaceAll(secret, HIDDEN);
  if (safe.includes('PRIVATE KEY')) safe = withoutPrivateKeys(safe);
  if (safe.includes('://')) safe = withoutUserInfo(safe);
  return withoutNamedSecrets(withoutTokens(safe), HIDDEN);
}

/**
 * Hides an incomplete last address of a cut text: it may have lost the `@` that separates user info from the
 * host.
 */
export function withoutOpenAddress(text: string): string {
  return text.replace(/:\/\/[^\s/]*$/, `://${HIDDEN}`);
}

/** Removes private keys, from the first line to the last or to the end of the text. */
function withoutPrivateKeys(text: string): string {
  let out = '';
  let done = 0;
  for (const begin of text.matchAll(/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/g)) {
    if (begin.index < done) continue;
    out += text.slice(done, begin.index) + HIDDEN;
    const end = text.indexOf('-----END', begin.index);
    const last = end < 0 ? -1 : text.indexOf('KEY-----', end);
    done = last < 0 ? text.length : last + 'KEY-----'.length;
  }
  return out + text.slice(done);
}

function withoutUserInfo(text: string): string {
  let out = '';
  let done = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', done)) {
    const begin = at + 3;
    const hidden = userInfoLength(text, begin);
    out += text.slice(done, begin) + (hidden > 0 ? `${HIDDEN}@` : '');
    done = begin + hidden;
  }
  return out + text.slice(done);
}

/** Returns the length of the user info including its `@`; 0 if there is none. */
function userInfoLength(text: string, begin: number): number {
  const stop = /[/\s]/g;
  stop.lastIndex = begin;
  const end = stop.exec(text)?.index ?? text.length;
  const authority = text.slice(begin, end);
  const query = authority.search(/[?#]/);
  const host = query < 0 ? authority : authority.slice(0, query);
  const port = /^(\[.*\]|[^:]*)(:\d*)?$/.exec(host);
  const at = authority.lastIndexOf('@');
  if (at >= 0) return query >= 0 && query < at && port ? 0 : at + 1;
  if (text[end] !== '/' || (port && port[2] === undefined)) return 0;
  // A password may contain a slash; `host:8080/@scope` has no password.
  const beyond = (port ? /^\/(?!@)[^\s"'<>`?#]*@/ : /^[^\s"'<>`]*@/).exec(text.slice(end, end + LOOK_AHEAD));
  return beyond ? authority.length + beyond[0].length : 0;
}

/** Removes tokens of a known form: HTTP authentication schemes, JSON Web Tokens, AWS key ids. */
function withoutTokens(text: string): string {
  return text
    .replace(/\b(Bearer)([ \t]{1,8})(?!tokens?\b)[^\s"',;]+/gi, `$1$2${HIDDEN}`)
    .replace(/\b([Bb]asic)([ \t]{1,8})(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/=_-]{4,}/g, `$1$2${HIDDEN}`)
    .replace(/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, HIDDEN)
    .replace(/\b(AKIA|ASIA)[0-9A-Z]{16}\b/g, HIDDEN);
}
