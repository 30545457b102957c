/** Registers the workflows. Each other file of this folder exports the `contract` of one workflow. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StartableContract, WorkflowContract } from '../workflow-contract.ts';

const FILES = readdirSync(import.meta.dirname).filter((file) => file !== 'index.ts');

async function contractIn(file: string): Promise<WorkflowContract> {
  const url = pathToFileURL(path.join(import.meta.dirname, file)).href;
  const { contract } = (await import(url)) as { readonly contract: WorkflowContract };
  return contract;
}

export const WORKFLOWS: readonly WorkflowContract[] = await Promise.all(FILES.map(contractIn));

/** Maps names to the workflows that people start, in the order of lists. */
export const STARTABLE_WORKFLOWS: ReadonlyMap<string, StartableContract> = new Map(
  WORKFLOWS.filter((workflow): workflow is StartableContract => workflow.start !== undefined)
    .sort((a, b) => a.start.order - b.start.order)
    .map((workflow) => [workflow.name, workflow]),
);
