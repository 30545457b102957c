import path from 'node:path';
import { readYaml } from '../../adapters/yaml/read-yaml.ts';
import { parseQualityRules, type QualityRules } from '../../core/quality/rules.ts';

const RULES_FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'quality.yaml');

/**
 * Reads the quality rules that people edit. The file is read each time, so that an edit needs no restart. Cache keys contain the
 * rules.
 * @throws CitibikeError INVALID_INPUT that names the file and every invalid field.
 */
export async function readQualityRules(file = RULES_FILE): Promise<QualityRules> {
  const { name, content, lineOf } = await readYaml(file, 'quality rules', { merge: true });
  return parseQualityRules(name, content, lineOf);
}
