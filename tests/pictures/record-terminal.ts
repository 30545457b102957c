/** Runs commands in a terminal, and records what they print and when. */
import { spawn } from 'node:child_process';
import { TerminalScreen } from './terminal-screen.ts';
import type { TerminalFrame } from './terminal-svg.ts';

export interface RecordedCommand {
  /** Command as a reader types it. */
  readonly typed: string;
  /** Seconds in which a longer output is played; absent for the real pace. */
  readonly seconds?: number;
}

const COLUMNS = 104;
/** Sets the seconds between two screens of a command. */
const FRAME = 0.4;
/** Sets the characters that appear at once while a command is typed, and the seconds between them. */
const TYPED_AT_ONCE = 4;
const TYPE_PAUSE = 0.08;
/** Sets the seconds to read the output of a command. */
const READ_PAUSE = 3.5;

export const TERMINAL_COLUMNS = COLUMNS;

/** Runs the commands one after the other. @throws Error if a command fails; it has what the command printed. */
export async function recordTerminal(
  commands: readonly RecordedCommand[],
  folder: string,
): Promise<TerminalFrame[]> {
  const frames: TerminalFrame[] = [];
  const history: string[] = [];
  let at = 0;
  for (const { typed, seconds: most = Infinity } of commands) {
    for (let length = 0; length <= typed.length; length += TYPED_AT_ONCE) {
      frames.push({ at, lines: [...history, `$ ${typed.slice(0, length)}█`] });
      at += TYPE_PAUSE;
    }
    history.push(`$ ${typed}`);
    const outputs = await outputsOf(typed, folder);
    const screen = new TerminalScreen();
    const taken = outputs.at(-1)?.seconds ?? 0;
    const pace = Math.min(1, most / taken);
    let shownAt = -FRAME;
    outputs.forEach(({ seconds, text }, i) => {
      screen.write(text);
      if (seconds * pace - shownAt < FRAME && i < outputs.length - 1) return;
      shownAt = seconds * pace;
      frames.push({ at: at + shownAt, lines: [...history, ...screen.lines()] });
    });
    history.push(...screen.lines());
    at += taken * pace + READ_PAUSE;
  }
  frames.push({ at, lines: [...history, '$ █'] });
  return frames;
}

interface Output {
  readonly seconds: number;
  readonly text: string;
}

/** Runs a command in a pseudo-terminal of `script`, which util-linux has, so that it prints as for a person. */
function outputsOf(typed: string, cwd: string): Promise<Output[]> {
  const startedAt = Date.now();
  // `npx citibike` starts the same file, later.
  const command = `stty cols ${COLUMNS} rows 50; ${typed.replace(/^npx citibike/, 'node client/bin.mjs')}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const outputs: Output[] = [];
  const decoder = new TextDecoder();
  child.stdout.on('data', (chunk: Buffer) =>
    outputs.push({ seconds: (Date.now() - startedAt) / 1000, text: decoder.decode(chunk, { stream: true }) }),
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(outputs);
      else reject(new Error(`${typed} exited with ${code}:\n${outputs.map(({ text }) => text).join('')}`));
    });
  });
}
