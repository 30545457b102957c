import { readFileSync } from 'node:fs';
import path from 'node:path';
import openapiTypescript, { COMMENT_HEADER, astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { openapiDocument } from '../../../console/api/openapi-document.ts';
import { PROJECT_DIR } from '../../../settings.ts';

it('the types of the pages match the API; npm run console:types writes them', async () => {
  const file = path.join(PROJECT_DIR, 'console', 'web', 'src', 'api-types.d.ts');
  const document = JSON.stringify(await openapiDocument());
  const nodes = await openapiTypescript(document);
  expect(readFileSync(file, 'utf8')).toBe(COMMENT_HEADER + astToString(nodes));
});
