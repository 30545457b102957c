/** Cursors are opaque to callers: JSON in base64url. */
import { HttpProblem } from '../../adapters/fastify/problem.ts';

export function toCursor(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws HttpProblem 422 for what is no cursor of this list. */
export function fromCursor<K extends string>(
  cursor: string | undefined,
  ...keys: K[]
): Record<K, string | number> | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Record<K, string | number>;
    if (keys.every((key) => ['string', 'number'].includes(typeof value[key]))) return value;
  } catch {
    // Told below.
  }
  throw new HttpProblem(422, 'invalid-input', "cursor: expected the nextCursor of this list's last page", {
    errors: [{ field: 'cursor', message: "expected the nextCursor of this list's last page" }],
  });
}
