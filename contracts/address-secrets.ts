/**
 * Finds addresses that carry a secret. They would reach messages, logs and histories, so inputs that contain
 * them are rejected.
 */
import { inputProblem, type InputProblem } from './input-problems.ts';
import { isSecretParameter } from './secret-names.ts';

/**
 * Returns the kind of secret in an address: `https://user:password@host`,
 * `https://host/file?X-Amz-Signature=...`.
 */
export function secretIn(address: string): string | undefined {
  if (/^[^:/?#]+:\/\/[^/?#]*@/.test(address)) return 'a user name or password';
  const query = address.split(/[?#]/).slice(1).join('&');
  const names = query.split(/[&;]/).map((pair) => decoded(pair.split('=')[0]!));
  return names.some(isSecretParameter) ? 'a signature or token' : undefined;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Returns a problem for each source in a workflow input that carries a secret. */
export function sourceProblems(input: unknown): InputProblem[] {
  const source = (input as { source?: unknown } | null | undefined)?.source;
  if (typeof source === 'string') return problemOf('source', source);
  if (typeof source !== 'object' || source === null) return [];
  return (['trips', 'weather'] as const).flatMap((name) =>
    problemOf(`source.${name}`, Object.hasOwn(source, name) ? Reflect.get(source, name) : undefined),
  );
}

function problemOf(field: string, address: unknown): InputProblem[] {
  const secret = typeof address === 'string' ? secretIn(address) : undefined;
  const wanted = `an address without ${secret}. Presigned addresses and passwords are not supported; use s3:// with the worker's credentials, or a folder of the worker`;
  return secret ? [inputProblem(field, address, wanted)] : [];
}
