/** Texts as they leave a process: without secrets, without what a terminal acts on, and bounded. */
import { redact, withoutOpenAddress } from './redact.ts';
import { visibleText } from './visible-text.ts';

/** Bytes of UTF-8 of one message. A failure of 4 kB holds one with its details, causes and the frames that Temporal adds. */
export const MOST_MESSAGE_BYTES = 2_000;

/** Characters that are read at all: what comes after them costs nothing. */
const MOST_READ = 32_768;

/** At most `mostBytes`: the beginning, which says what is wrong, and the end, which says what to do. */
export function outgoingText(text: string, mostBytes = MOST_MESSAGE_BYTES): string {
  return withoutMiddle(visibleText(redact(firstCut(text))), mostBytes);
}

/** Ends at a space, so that no half of a secret is left that nothing would know any more. */
function firstCut(text: string): string {
  if (text.length <= MOST_READ) return text;
  const head = text.slice(0, MOST_READ);
  const whole = /^[\s\S]*\s/.exec(head.slice(MOST_READ / 2));
  const kept = whole ? MOST_READ / 2 + whole[0].length : MOST_READ / 2;
  return `${withoutOpenAddress(head.slice(0, kept))}… (${text.length - kept} more characters)`;
}

function withoutMiddle(text: string, mostBytes: number): string {
  // No character takes more than three bytes a UTF-16 unit.
  if (text.length * 3 <= mostBytes || bytesOf(text) <= mostBytes) return text;
  const room = mostBytes - 40;
  const head = unitsWithin(text, (room * 3) / 4);
  const tail = unitsWithin([...text.slice(-room)].reverse().join(''), room / 4);
  const left = text.length - head - tail;
  return `${text.slice(0, head)}… (${left} characters) …${text.slice(text.length - tail)}`;
}

/** UTF-16 units from the beginning that fit into so many bytes, never half a pair. */
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

/** In UTF-8. Workflows have no Buffer. */
export function bytesOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // A pair takes four bytes: two for each of its units.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
