import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageShell, shiftPorts } from '../../docs/page-shell.ts';

let folder: string;
let shell: PageShell;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'page-shell-'));
  mkdirSync(path.join(folder, 'below'));
  shell = new PageShell(folder, process.env, 10_000);
});

afterAll(() => {
  shell.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (text: string) => shell.run({ language: 'sh', line: 1, text, needs: undefined });

test('a block begins where the one before ended, with its variables', async () => {
  await run("cd below\nexport PLACE='New York'\n");
  const { code, output } = await run('echo "$PLACE $(basename "$PWD") localhost:3000"\n');
  expect({ code, output }).toEqual({ code: 0, output: 'New York below localhost:13000\n' });
});

test('a block fails with its first command that fails, also in a pipe', async () => {
  expect(await run('false | true\necho later\n')).toEqual({ code: 1, output: '' });
});

test('only ports of the stack are moved', () => {
  const text = 'curl localhost:3000/livez 127.0.0.1:8080 localhost:3001 localhost:30000 example.org:3000';
  expect(shiftPorts(text, 10_000)).toBe(
    'curl localhost:13000/livez 127.0.0.1:18080 localhost:3001 localhost:30000 example.org:3000',
  );
});
