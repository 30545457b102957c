/** Parses JSON that the API answers with. */

/** Serializers recurse, and a few thousand levels overflow their stack. */
const DEEPEST = 100;

/** @throws SyntaxError if the text is not JSON, or nested too deeply to answer with. */
export function parseShownJson(bytes: Uint8Array): unknown {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (isDeeper(value, DEEPEST)) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`);
  return value;
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((each) => isDeeper(each, most - 1));
}
