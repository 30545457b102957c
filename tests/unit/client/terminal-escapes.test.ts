/** Tests that external names and messages reach the terminal as plain text. */
import fc from 'fast-check';
import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { print, printNote } from '../../../client/print.ts';
import { ProgressView } from '../../../client/progress-view.ts';
import { runDetailText, runTable } from '../../../client/run-text.ts';
import { table } from '../../../client/table-text.ts';
import { visibleLine, visibleText } from '../../../contracts/visible-text.ts';

/**
 * Clears the screen, sets the title (also with a single C1 character), reverses the text direction, and
 * returns to the start of the line.
 */
const HOSTILE = 'a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egpj.exe\r\u0000\u007f\ud800z';

const ACTS = /[^\P{Cc}\n\t]|\p{Cs}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

const RUN = {
  workflowId: HOSTILE,
  type: HOSTILE,
  state: 'running',
  model: HOSTILE,
  stage: HOSTILE,
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 5,
};
const FAILURE = [{ type: HOSTILE, message: `${HOSTILE}\nsecond line` }];

function printed(write: (text: string) => void, text: string, stream: NodeJS.WriteStream): string {
  let out = '';
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  try {
    write(text);
  } finally {
    spy.mockRestore();
  }
  return out;
}

test.each([
  ['print', print, process.stdout],
  ['printNote', printNote, process.stderr],
] as const)('%s writes no control characters except newlines and tabs', (_, write, stream) => {
  const out = printed(write, `${HOSTILE}\tb\n`, stream);
  expect(out).not.toMatch(ACTS);
  expect(out).toMatch(/^a\\u001b\[2J.*\tb\n$/s);
});

test.each([
  ['runs', runTable([RUN])],
  [
    'a run',
    runDetailText({
      run: RUN,
      failure: FAILURE,
      steps: [{ id: HOSTILE, name: HOSTILE, state: 'failed', attempt: 1, cached: false, failure: FAILURE }],
      approval: null,
    }),
  ],
  ['rows of sql', table([HOSTILE], [[HOSTILE]])],
])('%s are printed as text', (_, text) => {
  expect(printed(print, text, process.stdout)).not.toMatch(ACTS);
});

test('a cell with newlines stays in its row', () => {
  expect(table(['a'], [['x\nrunning  forged']]).split('\n')).toHaveLength(4);
});

test.each([true, false])('progress is drawn as text (terminal: %s)', (isTTY) => {
  let out = '';
  const output = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        out += String(chunk);
        done();
      },
    }),
    { isTTY, columns: 200 },
  );
  const view = new ProgressView(output as unknown as NodeJS.WriteStream);
  view.draw([{ name: HOSTILE, state: 'running', seconds: 1, note: HOSTILE, children: [] }]);
  expect(out).toContain('\\u001b]0;owned');
  // The view itself moves the cursor with escape sequences, but prints none of these.
  for (const own of ['\u001b]0', '\u009b', '\u202e', '\u0007']) expect(out).not.toContain(own);
});

test('JSON keeps its meaning', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', HOSTILE), (value, extra) => {
      const text = JSON.stringify([value, extra], null, 2);
      expect(JSON.parse(visibleText(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('no text has control characters once they are made visible', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleText(text)).not.toMatch(ACTS);
      expect(visibleLine(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});
