import { expect, it } from 'vitest';
import { terminalSvg } from '../../pictures/terminal-svg.ts';

const SIZE = { columns: 40, rows: 2 };

it('shows the last rows of each screen, every text once, without a script', () => {
  const svg = terminalSvg(
    'Recording',
    [
      { at: 0, lines: ['$ citibike models'] },
      { at: 1, lines: ['$ citibike models', 'a < b & c'] },
      { at: 3, lines: ['$ citibike models', 'a < b & c', 'last'] },
    ],
    SIZE,
  );
  expect(svg.match(/<text/g)).toHaveLength(3);
  expect(svg).toContain('a &lt; b &amp; c');
  expect(svg).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  // The first line has left the screen of two rows.
  const screens = svg
    .split('class="reel">')[1]!
    .split('\n')
    .filter((line) => line.startsWith('<use'));
  expect(screens.map((line) => line.match(/#l\d/g))).toEqual([['#l0'], ['#l0', '#l1'], ['#l1', '#l2']]);
  // The last screen stays for six seconds.
  expect(svg).toContain('animation:play 9.0s');
  expect(svg).toContain('33.333%{transform:translateY(-76px)}');
});
