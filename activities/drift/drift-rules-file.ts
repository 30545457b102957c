import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { parseDriftRules, type DriftRules } from '../../core/drift/decision/drift-rules.ts';

const RULES_FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'drift.yaml');

/**
 * Reads the drift rules that people edit. The file is read each time, so that an edit needs no restart. Cache keys contain the
 * rules.
 * @throws CitibikeError INVALID_INPUT that names the file and every invalid field.
 */
export async function readDriftRules(file = RULES_FILE): Promise<DriftRules> {
  const name = path.relative(process.cwd(), file) || file;
  let content: unknown;
  try {
    content = parseYaml(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `drift rules in ${name} cannot be read: ${messageOf(error)}`,
      { file: name },
      { cause: error },
    );
  }
  return parseDriftRules(name, content);
}
