/** Renders docs/workflow-inputs.md from the contracts of the workflows. */
import { inputFields } from '../../../client/input-help.ts';
import type { StartableContract } from '../../../contracts/workflow-contract.ts';
import { STARTABLE_WORKFLOWS } from '../../../contracts/workflows/index.ts';
import { code, fenced, sentence, table } from './markdown.ts';

const HEAD = `# Inputs of the workflows

After reading this page you can start every workflow and know each field, what it accepts and its default. [Workflows](workflows.md)
explains what they do and how to start them.

Read these files first: \`contracts/workflows/\` has one contract per workflow, and \`workflows/\` the code.

Every workflow takes one JSON object. Omitted fields use defaults. Invalid input fails immediately and names the field, the value and what
was expected. \`citibike run NAME --help\` prints the same fields.
`;

/** Returns the page as Markdown, before Prettier formats it. */
export function workflowPage(): string {
  const workflows = [...STARTABLE_WORKFLOWS.values()];
  const overview = table(
    ['workflow', 'title', 'purpose'],
    workflows.map(({ name, title, description }) => [
      `[\`${name}\`](#${name.toLowerCase()})`,
      title,
      sentence(description),
    ]),
  );
  return [HEAD, overview, ...workflows.flatMap(section)].join('\n');
}

function section({ name, description, input, start }: StartableContract): string[] {
  const fields = inputFields(input);
  const hasTitles = fields.some(({ title }) => title !== undefined);
  const rows = fields.map(({ path, title, accepts, isRequired, fallback }) => [
    code(path),
    ...(hasTitles ? [title ?? ''] : []),
    accepts ?? '',
    isRequired ? 'required' : fallback === undefined ? '' : code(fallback),
  ]);
  return [
    `## ${name}\n`,
    `${sentence(description)}\n`,
    fenced('sh', `citibike run ${name} --json '${JSON.stringify(start.example)}'`),
    table(['field', ...(hasTitles ? ['meaning'] : []), 'accepts', 'default'], rows),
  ];
}
