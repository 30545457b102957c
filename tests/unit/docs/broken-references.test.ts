import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { brokenIn, brokenReferences } from '../../checks/docs/broken-references.ts';

test('every link and path of the documentation exists', () => {
  expect(brokenReferences()).toEqual([]);
});

test('docs/README.md lists every page of docs/', () => {
  const folder = path.join(PROJECT_DIR, 'docs');
  const index = readFileSync(path.join(folder, 'README.md'), 'utf8');
  const pages = globSync('*.md', { cwd: folder }).filter((page) => page !== 'README.md');
  expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
});

test('broken links, anchors and paths are named', () => {
  const page = [
    '# A page',
    '[here](#a-page) [there](../README.md) [out](https://example.com) `core/features` `contracts/{errors,model}.ts`',
    '[gone](gone.md) [nowhere](#nowhere) `core/gone.ts` `contracts/{errors,gone}.ts` `GONE.md`',
    '```sh\ncat core/gone.ts\n```',
  ].join('\n\n');
  expect(brokenIn(PROJECT_DIR, 'docs/page.md', page)).toEqual([
    'docs/page.md: link gone.md does not exist',
    'docs/page.md: link #nowhere does not exist',
    'docs/page.md: path core/gone.ts does not exist',
    'docs/page.md: path contracts/{errors,gone}.ts does not exist',
    'docs/page.md: path GONE.md does not exist',
  ]);
});
