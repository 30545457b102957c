import path from 'node:path';
import { readYaml } from '../../adapters/yaml/read-yaml.ts';
import { parseDriftRules, type DriftRules } from '../../core/drift/decision/drift-rules.ts';

const RULES_FILE = path.join(import.meta.dirname, '..', '..', 'inputs', 'drift.yaml');

/**
 * Reads the drift rules that people edit. The file is read each time, so that an edit needs no restart. Cache keys contain the
 * rules.
 * @throws CitibikeError INVALID_INPUT that names the file and every invalid field.
 */
export async function readDriftRules(file = RULES_FILE): Promise<DriftRules> {
  const { name, content, lineOf } = await readYaml(file, 'drift rules');
  return parseDriftRules(name, content, lineOf);
}
