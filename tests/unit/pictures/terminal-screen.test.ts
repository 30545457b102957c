import { expect, it } from 'vitest';
import { TerminalScreen } from '../../pictures/terminal-screen.ts';

it('rewrites lines in place, as the progress of a run does', () => {
  const screen = new TerminalScreen();
  screen.write('training started\r\n ▸ frame\r\n · train\r\n');
  expect(screen.lines()).toEqual(['training started', ' ▸ frame', ' · train', '']);
  screen.write('\u001b[2A\u001b[1G\u001b[0J ✓ frame\r\n ▸ train  epoch 3/25\r\n');
  expect(screen.lines()).toEqual(['training started', ' ✓ frame', ' ▸ train  epoch 3/25', '']);
});

it('ignores colours, and clears the rest of a line', () => {
  const screen = new TerminalScreen();
  screen.write('\u001b[32mgreen\u001b[0m and more\rgreen\u001b[K');
  expect(screen.lines()).toEqual(['green']);
});
