import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';

const PRINT = path.join(import.meta.dirname, '..', '..', '..', 'client', 'print.ts');
/** Writes more than a pipe holds, then waits, so that only the closed pipe ends it. */
const PROGRAM = `import { print } from ${JSON.stringify(PRINT)};
  for (let i = 0; i < 100_000; i += 1) print('a line of a long list\\n');
  setTimeout(() => undefined, 10_000);`;

test('a command ends without an error once the reader of its output has ended', async () => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', PROGRAM]);
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([141, null]);
  expect(errors).toBe('');
}, 20_000);
