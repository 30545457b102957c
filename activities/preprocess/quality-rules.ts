import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { parseQualityRules, type QualityRules } from '../../core/quality/rules.ts';

const RULES_FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'quality.yaml');

/**
 * The rules people edit, read anew each time so that an edit needs no restart. Part of the key of whatever they gate.
 * @throws CitibikeError INVALID_INPUT naming the file and every wrong field.
 */
export async function readQualityRules(file = RULES_FILE): Promise<QualityRules> {
  const name = path.relative(process.cwd(), file) || file;
  let content: unknown;
  try {
    content = parseYaml(await readFile(file, 'utf8'), { merge: true });
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `quality rules in ${name} cannot be read: ${messageOf(error)}`,
      { file: name },
      { cause: error },
    );
  }
  return parseQualityRules(name, content);
}
