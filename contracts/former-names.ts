/** Accepts former names of fields and values. The schema lists them in the annotations `formerName` and `formerValues`. */
import type { TSchema } from 'typebox';

interface AnnotatedSchema {
  readonly properties?: Readonly<Record<string, AnnotatedSchema>>;
  readonly formerName?: string;
  readonly formerValues?: Readonly<Record<string, string>>;
}

/** Replaces former names in `value`, which it changes in place, and returns it. */
export function withCurrentNames(schema: TSchema, value: unknown): unknown {
  return renamed(schema, value);
}

function renamed({ properties, formerValues }: AnnotatedSchema, value: unknown): unknown {
  if (typeof value === 'string')
    return formerValues && Object.hasOwn(formerValues, value) ? formerValues[value] : value;
  if (!properties || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = value as Record<string, unknown>;
  for (const [name, property] of Object.entries(properties)) {
    const { formerName } = property;
    if (formerName !== undefined && Object.hasOwn(fields, formerName) && !Object.hasOwn(fields, name)) {
      fields[name] = fields[formerName];
      delete fields[formerName];
    }
    if (Object.hasOwn(fields, name)) fields[name] = renamed(property, fields[name]);
  }
  return value;
}
