/** Turns the JSON Schema of a workflow's input into form fields, and their texts into an input. */

/** Defines the part of JSON Schema that the inputs use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  /** Purpose of the field. */
  readonly title?: string;
  /** Accepted values. */
  readonly description?: string;
  /** True of a field that only the workflow itself sets. */
  readonly internal?: boolean;
  /** Former names of the field and of its values, in inputs of earlier runs. */
  readonly formerName?: string;
  readonly formerValues?: Readonly<Record<string, string>>;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

interface FieldBase {
  /** Names from the input down to the field. */
  readonly path: readonly string[];
  readonly required: boolean;
  readonly title: string;
  readonly description: string;
  readonly formerName: string | undefined;
  readonly formerValues: Readonly<Record<string, string>>;
  readonly fallback: unknown;
}

export type Field =
  | (FieldBase & { readonly kind: 'choice'; readonly options: readonly (string | number)[] })
  | (FieldBase & { readonly kind: 'flag' })
  | (FieldBase & {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly minimum?: number | undefined;
      readonly maximum?: number | undefined;
      readonly above?: number | undefined;
    })
  | (FieldBase & { readonly kind: 'text'; readonly pattern?: string | undefined })
  | (FieldBase & { readonly kind: 'json' })
  | (FieldBase & { readonly kind: 'group'; readonly fields: readonly Field[] });

export function fieldsOf(schema: JsonSchema, path: readonly string[] = []): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    property.internal ? [] : [fieldOf(property, [...path, name], required.has(name))],
  );
}

function fieldOf(schema: JsonSchema, path: readonly string[], required: boolean): Field {
  // A field with a default may stay empty, although the schema requires it in the finished input.
  const base = {
    path,
    required: required && schema.default === undefined,
    title: schema.title ?? '',
    description: schema.description ?? '',
    formerName: schema.formerName,
    formerValues: schema.formerValues ?? {},
    fallback: schema.default,
  };
  const options = choicesOf(schema);
  if (options) return { ...base, kind: 'choice', options };
  switch (schema.type) {
    case 'boolean':
      return { ...base, kind: 'flag' };
    case 'integer':
    case 'number':
      return {
        ...base,
        kind: 'number',
        integer: schema.type === 'integer',
        minimum: schema.minimum,
        maximum: schema.maximum,
        above: schema.exclusiveMinimum,
      };
    case 'string':
      return { ...base, kind: 'text', pattern: schema.pattern };
    case 'object':
      if (schema.properties) return { ...base, kind: 'group', fields: fieldsOf(schema, path) };
      return { ...base, kind: 'json' };
    default:
      return { ...base, kind: 'json' };
  }
}

/** Returns the values of a union of constants; undefined for anything else. */
function choicesOf(schema: JsonSchema): (string | number)[] | undefined {
  const values = schema.anyOf?.map((option) => option.const);
  const plain = values?.every((value) => typeof value === 'string' || typeof value === 'number');
  return plain ? values : undefined;
}

/** Represents the texts of the form by dotted path; a flag has 'true' or 'false'. The input omits empty texts. */
export type Filled = Readonly<Record<string, string>>;

export function keyOf(field: Field): string {
  return field.path.join('.');
}

/** Returns the texts for an existing input, such as an earlier run's or an example. */
export function filledFrom(fields: readonly Field[], input: unknown): Filled {
  const filled: Record<string, string> = {};
  const visit = (field: Field) => {
    if (field.kind === 'group') return field.fields.forEach(visit);
    const value = valueAt(input, field.path) ?? formerValueAt(input, field);
    if (value === undefined) return;
    filled[keyOf(field)] =
      field.kind !== 'json' && typeof value === 'string'
        ? (field.formerValues[value] ?? value)
        : JSON.stringify(value);
  };
  fields.forEach(visit);
  return filled;
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let here = input;
  for (const name of path) here = (here as Record<string, unknown> | null | undefined)?.[name];
  return here;
}

function formerValueAt(input: unknown, { path, formerName }: Field): unknown {
  return formerName === undefined ? undefined : valueAt(input, [...path.slice(0, -1), formerName]);
}

interface InputOfForm {
  readonly input: Readonly<Record<string, unknown>>;
  /** Problem of each wrong text, by dotted path. */
  readonly problems: Readonly<Record<string, string>>;
}

/** Returns the input without empty fields, which the server fills with its defaults. */
export function inputOf(fields: readonly Field[], filled: Filled): InputOfForm {
  const input: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  const collect = (list: readonly Field[], into: Record<string, unknown>, mandatory: boolean) => {
    for (const field of list) {
      const name = field.path.at(-1)!;
      if (field.kind === 'group') {
        const inner: Record<string, unknown> = {};
        collect(field.fields, inner, (mandatory && field.required) || hasText(field, filled));
        if (Object.keys(inner).length > 0) into[name] = inner;
        continue;
      }
      const text = (filled[keyOf(field)] ?? '').trim();
      if (text === '') {
        if (field.required && mandatory)
          problems[keyOf(field)] = `required: ${field.description || 'a value'}`;
        continue;
      }
      const read = readField(field, text);
      if ('problem' in read) problems[keyOf(field)] = read.problem;
      else into[name] = read.value;
    }
  };
  collect(fields, input, true);
  return { input, problems };
}

function hasText(field: Field, filled: Filled): boolean {
  if (field.kind === 'group') return field.fields.some((inner) => hasText(inner, filled));
  return (filled[keyOf(field)] ?? '').trim() !== '';
}

function readField(
  field: Exclude<Field, { kind: 'group' }>,
  text: string,
): { value: unknown } | { problem: string } {
  const wanted = field.description || 'another value';
  switch (field.kind) {
    case 'flag':
      return { value: text === 'true' };
    case 'choice': {
      const value = field.options.find((option) => String(option) === text);
      return value === undefined ? { problem: `expected one of ${field.options.join(', ')}` } : { value };
    }
    case 'number': {
      const value = Number(text);
      const { integer, minimum = -Infinity, maximum = Infinity, above = -Infinity } = field;
      const fits = Number.isFinite(value) && value >= minimum && value <= maximum && value > above;
      return fits && (!integer || Number.isInteger(value)) ? { value } : { problem: `expected ${wanted}` };
    }
    case 'text':
      return !field.pattern || new RegExp(field.pattern).test(text)
        ? { value: text }
        : { problem: `expected ${wanted}` };
    case 'json':
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return { problem: 'expected JSON' };
      }
  }
}
