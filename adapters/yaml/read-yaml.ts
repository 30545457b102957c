/** Reads YAML files that people edit. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type DocumentOptions,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { LineOf } from '../../contracts/input-problems.ts';

/** Represents the content of a file, and its name for messages: the path from the working directory. */
export interface YamlContent {
  readonly name: string;
  readonly content: unknown;
  /** Finds the line of a field such as `trips.layouts.0`, or of the nearest field around it that the file has. */
  readonly lineOf: LineOf;
}

/** Bounds a file, and its content with aliases resolved. The parser needs quadratic time for the keys of a map. */
const MOST_BYTES = 64_000;

/**
 * @param what subject of the message, such as `drift rules`.
 * @throws CitibikeError INVALID_INPUT that names the file, if it cannot be read or parsed.
 */
export async function readYaml(
  file: string,
  what: string,
  options: ParseOptions & DocumentOptions & SchemaOptions = {},
): Promise<YamlContent> {
  const name = path.relative(process.cwd(), file) || file;
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(textOf(await readFile(file)), { ...options, lineCounter });
    // An unknown tag is only a warning, and its value would be used without it.
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    const content: unknown = document.toJS();
    assertBounded(content);
    return {
      name,
      content,
      lineOf: (field) => {
        const offset = offsetOf(document, field.split('.'));
        return offset === undefined ? undefined : lineCounter.linePos(offset).line;
      },
    };
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${what} in ${name} cannot be read: ${messageOf(error)}`,
      { file: name },
      { cause: error },
    );
  }
}

/** @throws TypeError for another encoding. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES)
    throw new RangeError(`got ${bytes.length} bytes, expected at most ${MOST_BYTES}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new TypeError('got another encoding, expected UTF-8. Save the file as UTF-8', { cause: error });
  }
}

/** Rejects an alias inside its own anchor, and aliases that multiply the content. */
function assertBounded(content: unknown): void {
  let bytes: number;
  try {
    bytes = JSON.stringify(content ?? null).length;
  } catch (error) {
    throw new TypeError('got an alias inside its own anchor, expected values that end', { cause: error });
  }
  if (bytes > MOST_BYTES)
    throw new RangeError(`got ${bytes} bytes with its aliases resolved, expected at most ${MOST_BYTES}`);
}

/** Returns the position of a field, or of the nearest one around it. */
function offsetOf(document: Document, [...path]: string[]): number | undefined {
  for (; path.length > 0; path.pop()) {
    const within = document.getIn(path.slice(0, -1), true);
    const key = path.at(-1)!;
    const pair = isMap(within) ? within.items.find((each) => String(each.key) === key) : undefined;
    const node = pair ? pair.key : isSeq(within) ? within.items[Number(key)] : undefined;
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}
