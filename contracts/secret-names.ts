/**
 * Recognises names whose values are secret, and removes those values from texts: `password=...`, `"token":
 * "..."`, `?X-Amz-Signature=...`.
 */

/** Limits the number of characters of a name before `=` or `:`. */
const LONGEST_NAME = 64;

/** Lists parts of the names of secrets, in lower case and without `_`, `-` and `.`. */
const SECRET_PARTS =
  /password|passwd|passphrase|secret|signature|credential|accesskey|apikey|privatekey|accountkey|authkey|authorization|cookie|pwd$|token$/;
/** Lists short names that count only as whole words. */
const SECRET_WORDS = /(^|[_.-])(sig|auth|pass|pw)$/;
/** Lists the names of places, such as `INFERENCE_API_KEYS_FILE`, which hold no secret. */
const NAMES_A_PLACE = /(files?|path|folder|names?)$/;

/** Holds the words that follow `token:` in a sentence and are not tokens. */
const PROSE =
  /(got|expected|an?|the|no|not|is|must|nothing|missing|unset|unknown|invalid|required|rejected|expired|revoked|wrong|none|null|undefined|true|false)(?=[,;:.)]?(?:\s|$))/y;

/**
 * Names whose value extends to the end of the line: `Authorization: AWS4-HMAC-SHA256 Credential=...,
 * Signature=...`.
 */
const WHOLE_LINE = /(authorization|cookie)$/;

/**
 * Checks whether a value under this name is a secret: `password`, `X-Amz-Signature`, `NOAA_TOKEN`,
 * `secretAccessKey`.
 */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  const flat = lower.replace(/[_.-]/g, '');
  return (SECRET_PARTS.test(flat) || SECRET_WORDS.test(lower)) && !NAMES_A_PLACE.test(flat);
}

/** Checks whether a parameter of an address is a secret; here plain `key` counts too. */
export function isSecretParameter(name: string): boolean {
  return /^key$/i.test(name) || isSecretName(name);
}

/** Replaces the value after each secret name by `hidden`. */
export function withoutNamedSecrets(text: string, hidden: string): string {
  const separators = /[=:]|%3[ad]/gi;
  let out = '';
  let done = 0;
  for (let found = separators.exec(text); found; found = separators.exec(text)) {
    const name = nameBefore(text, found.index, done);
    const isParameter = /[?&]/.test(text[found.index - name.length - 1] ?? '');
    if (name === '' || !(isParameter ? isSecretParameter(name) : isSecretName(name))) continue;
    const from = skip(text, found.index + found[0].length, /[ \t>]{0,8}/y);
    const to = endOfValue(text, from, isParameter, WHOLE_LINE.test(name.toLowerCase()));
    if (to === from) continue;
    out += text.slice(done, from) + hidden;
    done = to;
    separators.lastIndex = to;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** Returns the name that ends at `end`, quoted or not, and starts at `least` or later. */
function nameBefore(text: string, end: number, least: number): string {
  let to = end;
  for (let n = 0; n < 4 && to > least && /[ \t"'`\\]/.test(text[to - 1]!); n += 1) to -= 1;
  let from = to;
  while (from > least && to - from < LONGEST_NAME && /[\w.-]/.test(text[from - 1]!)) from -= 1;
  return text.slice(from, to);
}

function skip(text: string, from: number, pattern: RegExp): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return Math.max(from, pattern.lastIndex);
}

function endOfValue(text: string, from: number, isParameter: boolean, wholeLine: boolean): number {
  const quote = /\\*["'`]/y;
  quote.lastIndex = from;
  const opening = quote.exec(text)?.[0];
  if (opening !== undefined) return endOfQuoted(text, from, opening);
  PROSE.lastIndex = from;
  // Fields inside brackets have their own names and are checked separately.
  if (/[{[(]/.test(text[from] ?? '') || PROSE.test(text)) return from;
  const end = wholeLine ? /[\r\n]/g : isParameter ? /[\s&#"'<>]/g : /\s|["'](?=[\s,}\])]|$)/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

/**
 * Returns the index after the closing quote, which is escaped like the opening one. Without a closing quote,
 * returns the end of the text.
 */
function endOfQuoted(text: string, from: number, opening: string): number {
  let at = text.indexOf(opening, from + opening.length);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf(opening, at + opening.length);
  return at < 0 ? text.length : at + opening.length;
}

/** Checks whether an odd number of backslashes precedes the position. */
function isEscaped(text: string, at: number): boolean {
  let n = at;
  while (n > 0 && text[n - 1] === '\\') n -= 1;
  return (at - n) % 2 === 1;
}
