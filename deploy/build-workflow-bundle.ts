/** Writes the workflow bundle to the file named as the argument; the image build runs it once. */
import { writeFile } from 'node:fs/promises';
import { buildWorkflowBundle } from '../adapters/temporal/workflow-bundle.ts';

const [file] = process.argv.slice(2);
if (!file) throw new Error('expected the name of the file to write');
await writeFile(file, await buildWorkflowBundle());
