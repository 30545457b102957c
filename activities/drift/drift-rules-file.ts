import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { parseDriftRules, type DriftRules } from '../../core/drift/decision/drift-rules.ts';

const RULES_FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'drift.yaml');

/**
 * The rules people edit, read anew each time so that an edit needs no restart. Part of the key of whatever they decide.
 * @throws CitibikeError INVALID_INPUT naming the file and every wrong field.
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
