import { isErrorCode } from '../../contracts/errors.ts';

/**
 * Returns the failure that says what is wrong and what to do: the innermost of the catalogue, or else the innermost one.
 * @param chain outermost first.
 */
export function rootFailure<Failure extends { readonly type: string }>(
  chain: readonly Failure[],
): Failure | undefined {
  return chain.findLast(({ type }) => isErrorCode(type)) ?? chain.at(-1);
}
