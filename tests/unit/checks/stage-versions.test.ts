import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { stages } from './stage-sources.ts';

const RECORDED = path.join(PROJECT_DIR, 'tests', 'fixtures', 'stage-versions.snap');

const EXPLANATION = `# The code of each cached stage: activity, version, fingerprint of all code that it reaches.
# A line that changed means that the stage may compute something else than the artifacts in the step cache.
# 1. If its artifacts change, raise the version in the activity, so that cached artifacts are not reused.
# 2. Run 'npx vitest run --project unit tests/unit/checks/stage-versions.test.ts -u' and commit this file.
`;

test('a stage with changed code has a new version, or a confirmation that its artifacts stay the same', async () => {
  const lines = stages().map(({ file, version, fingerprint }) => `${file} ${version} ${fingerprint}\n`);
  await expect(`${EXPLANATION}${lines.join('')}`).toMatchFileSnapshot(RECORDED);
});
