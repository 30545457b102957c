/** Holds the parts of an OpenAPI document by kind and name. */
export interface Components {
  readonly schemas: Readonly<Record<string, object>>;
  readonly responses: Readonly<Record<string, object>>;
}

/**
 * Moves the named parts of a document to its components and replaces each occurrence by a `$ref`, so that generated types share
 * them. Validation and serialisation keep the complete schemas.
 */
export function withComponents<T extends { readonly paths?: object; readonly components?: object }>(
  document: T,
  { schemas, responses }: Components,
): T {
  const references = new Map<string, string>();
  for (const [kind, parts] of Object.entries({ schemas, responses }))
    for (const [name, part] of Object.entries(parts))
      references.set(JSON.stringify(asInDocument(part)), `#/components/${kind}/${name}`);

  const refer = (part: unknown): unknown => {
    const reference = references.get(JSON.stringify(part));
    return reference === undefined ? referInside(part) : { $ref: reference };
  };
  const referInside = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(refer);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, refer(value)]));
  };
  const named = (parts: Readonly<Record<string, object>>) =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, referInside(asInDocument(part))]));

  return {
    ...document,
    paths: referInside(document.paths),
    components: { ...document.components, schemas: named(schemas), responses: named(responses) },
  };
}

/** Returns a part as @fastify/swagger writes it: with `enum` instead of `const`, and records by `additionalProperties`. */
function asInDocument(part: object): unknown {
  const text = JSON.stringify(part, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('const' in value) {
      const { const: only, ...rest } = value;
      return { ...rest, enum: [only] };
    }
    if ('patternProperties' in value) {
      const { patternProperties, ...rest } = value;
      return { ...rest, additionalProperties: Object.values(patternProperties as object)[0] as unknown };
    }
    return value;
  });
  return JSON.parse(text);
}
