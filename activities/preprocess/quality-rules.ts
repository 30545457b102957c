import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { parseQualityRules, type QualityRules } from '../../core/quality/rules.ts';

const RULES_FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'quality.yaml');

/**
 * Reads the quality rules that people edit. The file is read each time, so that an edit needs no restart. Cache keys contain the
 * rules.
 * @throws CitibikeError INVALID_INPUT that names the file and every invalid field.
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
