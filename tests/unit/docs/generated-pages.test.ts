import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { generatedPages } from '../../checks/docs/generated-pages.ts';

test("generated pages are up to date; 'npm run docs' writes them", async () => {
  for (const { file, text } of await generatedPages()) {
    expect(readFileSync(path.join(PROJECT_DIR, file), 'utf8'), file).toBe(text);
  }
});
