/**
 * Prepares texts that leave a process: removes secrets and terminal control characters, and bounds the
 * length.
 */
import { redact, withoutOpenAddress } from './redact.ts';
import { visibleText } from './visible-text.ts';

/** Limits the size in UTF-8 bytes of one message. A failure of 4 kB holds one message with its details, causes and Temporal's frames. */
export const MOST_MESSAGE_BYTES = 2_000;

/** Limits the number of characters that are read, which bounds the work. */
const MOST_READ = 32_768;

/**
 * Returns at most `mostBytes`: the beginning, which says what is wrong, and the end, which says what to do.
 */
export function outgoingText(text: string, mostBytes = MOST_MESSAGE_BYTES): string {
  return withoutMiddle(visibleText(redact(firstCut(text))), mostBytes);
}

/** Cuts a text at a space, because half a secret would not be recognised and redacted. */
function firstCut(text: string): string {
  if (text.length <= MOST_READ) return text;
  const head = text.slice(0, MOST_READ);
  const whole = /^[\s\S]*\s/.exec(head.slice(MOST_READ / 2));
  const kept = whole ? MOST_READ / 2 + whole[0].length : MOST_READ / 2;
  return `${withoutOpenAddress(head.slice(0, kept))}… (${text.length - kept} more characters)`;
}

function withoutMiddle(text: string, mostBytes: number): string {
  // A UTF-16 unit takes at most three bytes.
  if (text.length * 3 <= mostBytes || bytesOf(text) <= mostBytes) return text;
  const room = mostBytes - 40;
  const head = unitsWithin(text, (room * 3) / 4);
  const tail = unitsWithin([...text.slice(-room)].reverse().join(''), room / 4);
  const left = text.length - head - tail;
  return `${text.slice(0, head)}… (${left} characters) …${text.slice(text.length - tail)}`;
}

/** Returns how many UTF-16 units from the start fit into `bytes`, without splitting a surrogate pair. */
function unitsWithin(text: string, bytes: number): number {
  let units = 0;
  let used = 0;
  for (const character of text) {
    used += bytesOf(character);
    if (used > bytes) break;
    units += character.length;
  }
  return units;
}

/** Returns the size in UTF-8 bytes. Workflows have no Buffer. */
export function bytesOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // A surrogate pair takes four bytes: two per unit.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
