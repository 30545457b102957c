import type { TSchema } from 'typebox';

/** Returns the schema of an input with the known systems as choices. */
export function withSystems(schema: TSchema, ids: readonly string[]): object {
  const { properties } = schema as { properties?: Readonly<Record<string, object>> };
  if (!properties?.['system']) return schema;
  const system = { ...properties['system'], anyOf: ids.map((id) => ({ const: id })) };
  return { ...schema, properties: { ...properties, system } };
}
