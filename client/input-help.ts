/** Prints the fields of a workflow's input for `citibike run NAME --help`. */
import type { StartableContract } from '../contracts/workflow-contract.ts';

/** The parts of a field's JSON schema that the help shows. */
interface FieldSchema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

export function inputHelp({ name, input, start }: StartableContract): string {
  const rows = rowsOf(input, '');
  const width = Math.max(...rows.map(([field]) => field.length));
  const lines = rows.map(([field, text]) => `  ${field.padEnd(width)}  ${text}`);
  return [
    '',
    'Fields of the input:',
    ...lines,
    '',
    'Example:',
    `  citibike run ${name} --json '${JSON.stringify(start.example)}'`,
  ].join('\n');
}

/** Returns one row per field; fields of an object follow it, with their dotted path. */
function rowsOf({ properties = {}, required = [] }: FieldSchema, prefix: string): [string, string][] {
  return Object.entries(properties).flatMap(([name, field]): [string, string][] => {
    const path = `${prefix}${name}`;
    const isRequired = required.includes(name) && field.default === undefined;
    return [[path, describe(field, isRequired)], ...rowsOf(field, `${path}.`)];
  });
}

function describe({ title, description, default: fallback }: FieldSchema, isRequired: boolean): string {
  const texts = [title, description].filter((text) => text !== undefined);
  const hasDefault = fallback !== undefined && typeof fallback !== 'object';
  if (isRequired) return `${texts.join('; ')} [required]`;
  return `${texts.join('; ')}${hasDefault ? ` [default ${JSON.stringify(fallback)}]` : ''}`;
}
