/** Renders docs/workflow-inputs.md from the schemas of the workflows' inputs. */
import { WORKFLOW_TYPES } from '../../../console/api/workflow-types.ts';
import { code, fenced, sentence, table } from './markdown.ts';

const HEAD = `# Inputs of the workflows

After reading this page you can start every workflow and know each field, what it accepts and its default. [Workflows](workflows.md)
explains what they do and how to start them.

Read these files first: \`contracts/inputs.ts\` has the schemas, and \`workflows/\` has one file per workflow.

Every workflow takes one JSON object. Omitted fields use defaults. Invalid input fails immediately and names the field, the value and what
was expected.
`;

/** What is read of a JSON schema that TypeBox made. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Returns the page as Markdown, before Prettier formats it. */
export function workflowPage(): string {
  const overview = table(
    ['workflow', 'title', 'purpose'],
    WORKFLOW_TYPES.map(({ type, title, description }) => [
      `[\`${type}\`](#${type.toLowerCase()})`,
      title,
      description,
    ]),
  );
  return [HEAD, overview, ...WORKFLOW_TYPES.flatMap(section)].join('\n');
}

function section({ type, description, example, schema }: (typeof WORKFLOW_TYPES)[number]): string[] {
  const call = `citibike run ${type} --json '${JSON.stringify(example)}'`;
  return [
    `## ${type}\n`,
    ...(description ? [`${sentence(description)}\n`] : []),
    fenced('sh', call),
    table(['field', 'accepts', 'default'], rowsOf(schema, '', true)),
  ];
}

function rowsOf(object: Schema, prefix: string, isGiven: boolean): string[][] {
  return Object.entries(object.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const isRequired = isGiven && (object.required ?? []).includes(name) && field.default === undefined;
    if (field.properties) return rowsOf(field, `${path}.`, isRequired);
    return [[code(path), accepts(field), isRequired ? 'required' : fallbackOf(field)]];
  });
}

function accepts({ description, type }: Schema): string {
  return description ?? (type === 'array' ? 'a list' : (type ?? 'one of several forms'));
}

function fallbackOf({ default: fallback }: Schema): string {
  if (fallback === undefined) return '';
  return code(typeof fallback === 'string' ? fallback : JSON.stringify(fallback));
}
