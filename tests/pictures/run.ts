/** Makes the pictures of the README from the running stack, whose data `make demo` made. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR, loadSettings } from '../../settings.ts';
import { findBrowser, launch } from '../e2e/browser.ts';
import { consolePictures } from './console-pictures.ts';
import { recordTerminal, TERMINAL_COLUMNS, type RecordedCommand } from './record-terminal.ts';
import { terminalSvg } from './terminal-svg.ts';

const OUT = path.join(PROJECT_DIR, 'docs', 'pictures');
/** Limits the bytes of all pictures together. Every clone of the repository has them. */
const MOST_BYTES = 1_500_000;
const TERMINAL_ROWS = 30;
const TITLE = 'Recording of citibike in a terminal: the versions, a reproduced training and a forecast';

const PAGES = [{ name: 'console', address: '/' }];

const COMMANDS: readonly RecordedCommand[] = [
  { typed: 'npx citibike models', seconds: 1 },
  { typed: 'npx citibike reproduce 1', seconds: 14 },
  { typed: 'npx citibike forecast --hours 48', seconds: 1 },
];

const settings = loadSettings();
const browserPath = findBrowser();
if (!browserPath) throw new Error('there is no Chromium or Chrome to take pictures with');
mkdirSync(OUT, { recursive: true });
const browser = await launch(browserPath);
try {
  const pictures = await consolePictures(browser, `http://127.0.0.1:${settings.ports.console}`, PAGES);
  const frames = await recordTerminal(COMMANDS, PROJECT_DIR);
  const svg = terminalSvg(TITLE, frames, {
    columns: TERMINAL_COLUMNS,
    rows: TERMINAL_ROWS,
  });
  pictures.set('terminal.svg', Buffer.from(svg));
  let total = 0;
  for (const [name, bytes] of pictures) {
    writeFileSync(path.join(OUT, name), bytes);
    total += bytes.length;
    process.stdout.write(`docs/pictures/${name}  ${(bytes.length / 1000).toFixed(0)} kB\n`);
  }
  if (total > MOST_BYTES)
    throw new Error(`the pictures have ${total} bytes together, expected at most ${MOST_BYTES}`);
} finally {
  await browser.close();
}
