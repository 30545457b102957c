/** Implements `npm run docs`: writes the generated pages. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../../../settings.ts';
import { generatedPages } from './generated-pages.ts';

for (const { file, text } of await generatedPages()) {
  writeFileSync(path.join(PROJECT_DIR, file), text);
  process.stdout.write(`${file}\n`);
}
