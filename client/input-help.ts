/** Describes the fields of a workflow's input, for `citibike run NAME --help` and the page docs/workflow-inputs.md. */
import type { StartableContract } from '../contracts/workflow-contract.ts';
import { wrapText } from './table-text.ts';

/** Sets the minimum columns of a description. */
const NARROWEST = 30;

/** Represents the parts of a field's JSON schema that people read. */
interface FieldSchema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** True of a field that only the workflow itself sets. */
  readonly internal?: boolean;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

interface InputField {
  /** Dotted path, such as `train.from`. */
  readonly path: string;
  /** Purpose of the field. */
  readonly title: string | undefined;
  /** Accepted values. */
  readonly accepts: string | undefined;
  readonly isRequired: boolean;
  /** Undefined if there is none, or if the fields of an object have their own. */
  readonly fallback: string | undefined;
}

/** Returns one entry per field that people set; the fields of an object follow it. */
export function inputFields(schema: FieldSchema, prefix = '', isGiven = true): InputField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const { title, description: accepts, default: fallback, internal = false } = field;
    if (internal) return [];
    const isRequired = isGiven && (schema.required ?? []).includes(name) && fallback === undefined;
    const shown =
      fallback === undefined || typeof fallback === 'object' ? undefined : JSON.stringify(fallback);
    const entry = { path, title, accepts, isRequired, fallback: shown };
    return [entry, ...inputFields(field, `${path}.`, isRequired)];
  });
}

/** @param columns of the terminal; undefined for files and pipes, whose lines are not wrapped. */
export function inputHelp(
  { name, input, start }: StartableContract,
  columns: number | undefined = process.stdout.columns,
): string {
  const fields = inputFields(input);
  const width = Math.max(...fields.map(({ path }) => path.length));
  const room = Math.max(NARROWEST, (columns ?? Infinity) - width - 4);
  const lines = fields.flatMap((field) =>
    wrapText(describe(field), room).map(
      (text, i) => `  ${(i === 0 ? field.path : '').padEnd(width)}  ${text}`,
    ),
  );
  const examples = [start.example, ...(start.further ?? [])];
  return [
    '',
    'Fields of the input:',
    ...lines,
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  citibike run ${name} --json '${JSON.stringify(example)}'`),
  ].join('\n');
}

function describe({ title, accepts, isRequired, fallback }: InputField): string {
  const text = [title, accepts].filter((each) => each !== undefined).join('; ');
  if (isRequired) return `${text} [required]`;
  return fallback === undefined ? text : `${text} [default ${fallback}]`;
}
