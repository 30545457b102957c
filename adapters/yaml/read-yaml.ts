/** Reads YAML files that people edit. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, type ParseOptions, type DocumentOptions, type SchemaOptions } from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/** Represents the content of a file, and its name for messages: the path from the working directory. */
export interface YamlContent {
  readonly name: string;
  readonly content: unknown;
}

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
  try {
    return { name, content: parse(await readFile(file, 'utf8'), options) };
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${what} in ${name} cannot be read: ${messageOf(error)}`,
      { file: name },
      { cause: error },
    );
  }
}
