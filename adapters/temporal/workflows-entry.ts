/** The entry module of the workflow bundle: it exports every workflow of the registry. */
import path from 'node:path';
import { WORKFLOWS } from '../../contracts/workflows/index.ts';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'workflows');

/** Returns the path of a workflow's module: the name of the workflow in kebab case. */
export function workflowFile(name: string): string {
  return path.join(FOLDER, `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`);
}

/** Returns the source of the entry module. The bundler fails if a module or its export is missing. */
export function workflowsEntry(): string {
  return WORKFLOWS.map(({ name }) => `export { ${name} } from ${JSON.stringify(workflowFile(name))};\n`).join(
    '',
  );
}
