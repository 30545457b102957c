/** Encodes cursors as JSON in base64url, which is opaque to callers. */
import { HttpProblem } from '../../adapters/fastify/problem.ts';

export function toCursor(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * Decodes a cursor.
 * @throws HttpProblem 422 if it is not a cursor of this list.
 */
export function fromCursor<K extends string>(
  cursor: string | undefined,
  ...keys: K[]
): Record<K, string | number> | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Record<K, string | number>;
    if (keys.every((key) => ['string', 'number'].includes(typeof value[key]))) return value;
  } catch {
    // The error below covers this case.
  }
  throw new HttpProblem(422, 'invalid-input', "cursor: expected the nextCursor of this list's last page", {
    errors: [{ field: 'cursor', message: "expected the nextCursor of this list's last page" }],
  });
}
