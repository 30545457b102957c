/** Generates the entry module of the workflow bundle. It exports every workflow of the registry, with its versioning behaviour. */
import path from 'node:path';
import { WORKFLOWS } from '../../contracts/workflows/index.ts';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'workflows');

/** Returns the path of a workflow's module: the name of the workflow in kebab case. */
export function workflowFile(name: string): string {
  return path.join(FOLDER, `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`);
}

/** Returns the source of the entry module. The bundler fails if a module or its export is missing. */
export function workflowsEntry(): string {
  const lines = [
    "import { setWorkflowOptions } from '@temporalio/workflow';",
    `import { versioningOfRun } from ${JSON.stringify(path.join(FOLDER, 'versioning-of-run.ts'))};`,
    ...WORKFLOWS.flatMap(({ name }) => [
      `import { ${name} } from ${JSON.stringify(workflowFile(name))};`,
      `setWorkflowOptions(versioningOfRun, ${name});`,
      `export { ${name} };`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
