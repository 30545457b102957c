import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadedByPrograms } from './loaded-by-programs.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'citibike-reachable-')));
afterAll(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function reachable(entry: string): string[] {
  const files = loadedByPrograms({ found: [path.join(root, entry)] }, 'with packages')['found']!;
  return files.map((file) => path.relative(root, file)).sort();
}

describe('reachableFiles', () => {
  it('follows imports by the rules of Node, and takes what packages name beside themselves', () => {
    write({
      'main.ts':
        "import type { A } from './types.ts';\nimport { b } from './b.ts';\nimport 'both';\nconst x = new Worker(new URL('./thread.ts', import.meta.url));\n",
      'types.ts': 'export type A = 1;',
      'b.ts': "export const b = () => import('./lazy.ts');",
      'lazy.ts': "const data = path.join(import.meta.dirname, 'data', 'rows.txt'); export {};",
      'data/rows.txt': '',
      'data/other.txt': '',
      'thread.ts': "import 'node:fs'; import 'optional';",
      'node_modules/both/package.json':
        '{"name":"both","exports":{".":{"import":"./m/index.js","require":"./c.js"},"./x":"./c.js"}}',
      'node_modules/both/LICENSE': '',
      'node_modules/both/unused.js': '',
      'node_modules/both/m/package.json': '{"type":"module"}',
      'node_modules/both/m/index.js': "export * from './more.js';",
      'node_modules/both/m/more.js': "import '@scope/old';",
      'node_modules/both/c.js': '',
      'node_modules/@scope/old/package.json': '{"name":"@scope/old","main":"lib/main"}',
      'node_modules/@scope/old/lib/main.js':
        "try { require('absent') } catch {}\nrequire('../addon.node'); const wasm = path.join(__dirname, 'code.wasm'); const up = path.join(__dirname, '..');",
      'node_modules/@scope/old/lib/code.wasm': '',
      'node_modules/@scope/old/lib/unused.js': '',
      'node_modules/@scope/old/addon.node': '',
      'node_modules/@scope/old/library.so': '',
    });
    expect(reachable('main.ts')).toEqual([
      'b.ts',
      'data/rows.txt',
      'lazy.ts',
      'main.ts',
      'node_modules/@scope/old/addon.node',
      'node_modules/@scope/old/lib/code.wasm',
      'node_modules/@scope/old/lib/main.js',
      'node_modules/@scope/old/library.so',
      'node_modules/@scope/old/package.json',
      'node_modules/both/LICENSE',
      'node_modules/both/m/index.js',
      'node_modules/both/m/more.js',
      'node_modules/both/m/package.json',
      'node_modules/both/package.json',
      'thread.ts',
    ]);
  });

  it('takes all files of a folder that code reads', () => {
    write({
      'list/index.ts': 'for (const file of readdirSync(import.meta.dirname)) await import(file);',
      'list/one.ts': "import './../shared.ts';",
      'shared.ts': '',
    });
    expect(reachable('list/index.ts')).toEqual(['list/index.ts', 'list/one.ts', 'shared.ts']);
  });

  it('names a file that an import misses', () => {
    write({ 'broken.ts': "import './gone.ts';" });
    expect(() => reachable('broken.ts')).toThrow(/broken\.ts imports \.\/gone\.ts, which does not exist/);
  });
});
