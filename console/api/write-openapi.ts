/**
 * Writes the console's OpenAPI document to standard output, or to the file named:
 *   node console/api/write-openapi.ts openapi.json
 */
import { writeFileSync } from 'node:fs';
import { openapiDocument } from './openapi-document.ts';

const text = `${JSON.stringify(await openapiDocument(), null, 2)}\n`;
const [, , file] = process.argv;
if (file) writeFileSync(file, text);
else process.stdout.write(text);
