/** Renders the table of docs/workflows.md from the contracts of the workflows. */
import { STARTABLE_WORKFLOWS, WORKFLOWS } from '../../../contracts/workflows/index.ts';
import { code, sentence, table } from './markdown.ts';

/** Returns the table as Markdown: first the workflows that people start, then those that only workflows start. */
export function workflowTable(): string {
  const started = [...STARTABLE_WORKFLOWS.values()];
  const others = WORKFLOWS.filter(({ start }) => start === undefined);
  return table(
    ['workflow', 'purpose', 'started by'],
    [...started, ...others].map(({ name, description, start }) => [
      code(name),
      sentence(description),
      start ? 'people, schedules, workflows' : 'workflows',
    ]),
  );
}
